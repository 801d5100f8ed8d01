package dev.cadenza.callback;

import dev.cadenza.data.Batch;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.List;
import java.util.function.UnaryOperator;

/** What callbacks share that change the inputs of a batch: those of floating-point numbers, not tokens or categories. */
final class Inputs {
    private Inputs() {}

    static List<Tensor> change(Batch batch, UnaryOperator<Tensor> change) {
        return batch.inputs().stream()
                .map(x -> isFloat(x) ? change.apply(x) : x)
                .toList();
    }

    /** The first that is changed. */
    static Tensor first(Object who, Batch batch) {
        return batch.inputs().stream()
                .filter(Inputs::isFloat)
                .findFirst()
                .orElseThrow(() -> new TensorException(name(who)
                        + ": wanted a batch with an input of floating-point numbers, but got "
                        + describe(batch.inputs()) + "; convert them: to(DType.FLOAT32)"));
    }

    static Tensor requireImages(Object who, Tensor x) {
        if (x.dim() != 4) {
            throw new TensorException(name(who) + ": wanted images [N, C, H, W], but got " + x.describe());
        }
        return x;
    }

    static boolean isFloat(Tensor x) {
        return x.dtype().isFloatingPoint();
    }

    static List<String> describe(List<Tensor> tensors) {
        return tensors.stream().map(Tensor::describe).toList();
    }

    static String name(Object who) {
        return who.getClass().getSimpleName();
    }
}
