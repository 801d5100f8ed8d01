package dev.cadenza.train;

import dev.cadenza.data.Batch;
import dev.cadenza.data.Dataset;
import dev.cadenza.data.Draw;
import dev.cadenza.data.Idx;
import dev.cadenza.data.Sample;
import dev.cadenza.tensor.Buffer;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A range of MNIST's training images in file order, kept as bytes and made numbers of a dtype batch by batch. */
final class RawMnist implements Dataset {
    private static Tensor images;
    private static Tensor labels;

    private final int from;
    private final int size;
    private final DType dtype;
    private final double mean;
    private final double std;

    RawMnist(int from, int size, DType dtype, double mean, double std) {
        this.from = from;
        this.size = size;
        this.dtype = dtype;
        this.mean = mean;
        this.std = std;
        read();
    }

    /** Reads the files once, from {@code $CADENZA_DATA} or beside the checkout; where absent, the test skips itself. */
    private static synchronized void read() {
        if (images != null) {
            return;
        }
        String named = System.getenv("CADENZA_DATA");
        Path root = Path.of(System.getProperty("cadenza.root", ".."));
        Path dir = (named == null ? root.resolve("../shared/data") : Path.of(named)).resolve("mnist");
        Path file = dir.resolve("train-images-idx3-ubyte.gz");
        Assumptions.assumeTrue(
                Files.exists(file), () -> "no " + file.toAbsolutePath().normalize());
        images = new Buffer(Tensor.of(Idx.read(file).data(), 60_000, 784));
        labels = new Buffer(
                Tensor.of(Idx.read(dir.resolve("train-labels-idx1-ubyte.gz")).data())
                        .to(DType.INT64));
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Sample get(int index) {
        Batch one = batch(new int[] {index});
        return Sample.of(one.input().select(0, 0), one.target().select(0, 0));
    }

    /** Takes neighbours: the loaders here are sequential. */
    @Override
    public Batch batch(int[] indices, List<Draw> draws) {
        long first = (long) from + indices[0];
        Tensor pixels = images.narrow(0, first, indices.length).to(dtype).div(255);
        return Batch.of(pixels.sub(mean).div(std), labels.narrow(0, first, indices.length));
    }
}
