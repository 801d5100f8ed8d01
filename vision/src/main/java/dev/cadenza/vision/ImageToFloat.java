package dev.cadenza.vision;

import dev.cadenza.data.Batch;
import dev.cadenza.data.BatchTransform;
import dev.cadenza.data.Draw;
import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.util.List;

/** Turn bytes from 0 to 255 into float32 from 0 to 1 (fastai's {@code IntToFloatTensor}); inputs of other dtypes stay. */
final class ImageToFloat implements BatchTransform, Described {
    @Override
    public Batch apply(Batch batch, List<Draw> draws) {
        return new Batch(batch.inputs().stream().map(ImageToFloat::unit).toList(), batch.targets());
    }

    private static Tensor unit(Tensor x) {
        if (x.dtype() != DType.UINT8) {
            return x;
        }
        try (Scope scope = Scope.open()) {
            return x.to(DType.FLOAT32).contiguous().div_(255).keep();
        }
    }

    @Override
    public Spec spec() {
        return Spec.of("ImageToFloat");
    }

    @Override
    public String toString() {
        return "imageToFloat";
    }
}
