package dev.cadenza.predict;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Turns what a model gives for a batch into predictions of its samples. */
final class Outputs {
    private Outputs() {}

    static List<Prediction> of(Tensor out, Exported exported, int n) {
        if (out.dim() == 0 || out.size(0) != n) {
            throw new TensorException(
                    "predict: wanted an output for each of " + n + " samples, but the model gave " + out.describe());
        }
        Tensor activated = exported.loss() == null ? out : exported.loss().activation(out);
        Tensor decided = exported.loss() == null ? out : exported.loss().decode(activated);
        Prediction.Kind kind = decided.dtype() == DType.INT64
                ? Prediction.Kind.CLASS
                : decided.dtype() == DType.BOOL ? Prediction.Kind.LABELS : Prediction.Kind.NUMBERS;
        long[] shape = Arrays.copyOfRange(activated.shape(), 1, activated.dim());
        List<String> names = names(kind, shape, exported.classes());
        double[] values = activated.toDoubles();
        double[] decisions = decided.toDoubles();
        List<Prediction> all = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            all.add(new Prediction(kind, names, shape, row(values, i, n), row(decisions, i, n)));
        }
        return all;
    }

    private static double[] row(double[] all, int i, int n) {
        int length = all.length / n;
        return Arrays.copyOfRange(all, i * length, (i + 1) * length);
    }

    private static List<String> names(Prediction.Kind kind, long[] shape, List<String> classes) {
        if (kind == Prediction.Kind.NUMBERS || shape.length != 1) {
            return classes;
        }
        if (classes.isEmpty()) {
            return IntStream.range(0, (int) shape[0])
                    .mapToObj(Integer::toString)
                    .toList();
        }
        if (classes.size() != shape[0]) {
            throw new TensorException("predict: the file names " + classes.size() + " classes, but the model gives "
                    + shape[0] + " numbers; export it again with their names: o.classes");
        }
        return classes;
    }
}
