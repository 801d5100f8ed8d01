package dev.cadenza.vision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.function.ToIntFunction;

/** The files in {@code resources/images}, made by PIL, and pictures whose pixels tell where they are. */
final class ImageFixtures {
    private ImageFixtures() {}

    static byte[] bytes(String name) {
        try (InputStream in = ImageFixtures.class.getResourceAsStream("/images/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Image image(String name) {
        return Image.of(bytes(name));
    }

    /** What PIL saw. */
    static Tensor seen(String name) {
        return image("seen/" + name + ".png").pixels();
    }

    /** A grey picture whose pixel at (x, y) is {@code 16 y + x}. */
    static Tensor numbered(int width, int height) {
        byte[] values = new byte[width * height];
        for (int i = 0; i < values.length; i++) {
            values[i] = (byte) (16 * (i / width) + i % width);
        }
        return Tensor.of(ByteBuffer.wrap(values), DType.UINT8, 1, height, width);
    }

    /** The largest difference of two images of one shape. */
    static double difference(Tensor a, Tensor b) {
        assertThat(a.shape()).isEqualTo(b.shape());
        return a.to(DType.FLOAT32).sub(b.to(DType.FLOAT32)).abs().max().item();
    }

    static double meanDifference(Tensor a, Tensor b) {
        assertThat(a.shape()).isEqualTo(b.shape());
        return a.to(DType.FLOAT32).sub(b.to(DType.FLOAT32)).abs().mean().item();
    }

    /** The pixels of a grey image, row by row. */
    static int[][] rows(Tensor grey) {
        assertThat(grey.size(0)).isEqualTo(1);
        long[] flat = grey.to(DType.INT64).reshape(-1).toLongs();
        int width = (int) grey.size(2);
        int[][] rows = new int[(int) grey.size(1)][width];
        for (int i = 0; i < flat.length; i++) {
            rows[i / width][i % width] = (int) flat[i];
        }
        return rows;
    }

    /** Where the first pixel of a part of a {@link #numbered} picture came from: {x, y}. */
    static int[] origin(Image part) {
        int first = rows(part.crop(0, 0, 1, 1).pixels())[0][0];
        return new int[] {first % 16, first / 16};
    }

    static int count(Iterable<Image> images, ToIntFunction<Image> what) {
        int sum = 0;
        for (Image image : images) {
            sum += what.applyAsInt(image);
        }
        return sum;
    }
}
