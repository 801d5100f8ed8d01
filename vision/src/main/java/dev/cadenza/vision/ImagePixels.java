package dev.cadenza.vision;

import dev.cadenza.data.RowStep;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import java.nio.ByteBuffer;

/** Decode an image, into a tensor or into its row of a batch. */
final class ImagePixels implements RowStep<Image> {
    @Override
    public Tensor apply(Image image) {
        return image.pixels();
    }

    @Override
    public DType dtype() {
        return DType.UINT8;
    }

    @Override
    public long[] shape(Image image) {
        return new long[] {image.channels(), image.height(), image.width()};
    }

    @Override
    public void write(Image image, ByteBuffer row) {
        image.write(row);
    }
}
