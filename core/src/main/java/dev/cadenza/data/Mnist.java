package dev.cadenza.data;

import dev.cadenza.io.DataException;
import dev.cadenza.io.Download;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Read MNIST: 70,000 handwritten digits of 28×28 grey pixels (LeCun, Cortes, Burges).
 *
 * <pre>{@code
 * DataLoaders data = Mnist.in(Mnist.folder()).loaders(o -> o.batchSize = 64);
 * }</pre>
 *
 * <p>Inputs are float32 {@code [N, 784]} in [0, 1] (a pixel's byte divided by 255), targets int64 {@code [N]} in 0…9.
 */
public final class Mnist {
    private static final int TRAIN = 50_000;
    private static final String FETCH = "fetch the original files";

    /** Mirrors of the original files and their SHA-256, as TensorFlow Datasets records them too. */
    private static final List<DataDir.Source> SOURCES = List.of(
            source("train-images-idx3-ubyte.gz", "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
            source("train-labels-idx1-ubyte.gz", "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
            source("t10k-images-idx3-ubyte.gz", "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
            source("t10k-labels-idx1-ubyte.gz", "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"));

    private Mnist() {}

    private static DataDir.Source source(String file, String sha256) {
        return DataDir.Source.of(
                sha256,
                "https://ossci-datasets.s3.amazonaws.com/mnist/" + file,
                "https://storage.googleapis.com/cvdf-datasets/mnist/" + file);
    }

    /**
     * Find the folder {@code mnist} in the {@link DataDir}, or download the four files (11.6 MB) into the cache, once.
     *
     * @throws DataException if they are nowhere and cannot be downloaded: says where to put them
     */
    public static Path folder() {
        return folder(o -> {});
    }

    /** Find or download the files, with options for the download, such as another progress bar. */
    public static Path folder(Consumer<Download.Options> options) {
        return DataDir.files("mnist", SOURCES, options);
    }

    /**
     * Read the training file and split it as the lessons do: its first 50,000 to train, the other 10,000 to validate.
     *
     * @param dir a folder with {@code train-images-idx3-ubyte} and {@code train-labels-idx1-ubyte}, each plain or with
     *     {@code .gz}
     * @throws DataException if a file is missing, broken or not what it should be: names it and the reason
     */
    public static Datasets in(Path dir) {
        Part all = read(dir, "train");
        if (all.images().size(0) <= TRAIN) {
            throw new DataException(
                    dir,
                    "wanted more than " + TRAIN + " training images, but got "
                            + all.images().size(0),
                    FETCH);
        }
        return new Datasets(all.range(0, TRAIN), all.range(TRAIN, all.images().size(0) - TRAIN), Datasets.DIGITS);
    }

    /**
     * Read the test file, 10,000 images that neither training nor validation sees.
     *
     * @param dir a folder with {@code t10k-images-idx3-ubyte} and {@code t10k-labels-idx1-ubyte}, plain or with
     *     {@code .gz}
     * @throws DataException if a file is missing, broken or not what it should be
     */
    public static Dataset test(Path dir) {
        Part all = read(dir, "t10k");
        return all.range(0, all.images().size(0));
    }

    /** Read both parts of a relative of MNIST whose test files are what is validated on. */
    static Datasets relative(Path dir, List<String> classes) {
        Part train = read(dir, "train");
        Part valid = read(dir, "t10k");
        return new Datasets(
                train.range(0, train.images().size(0)),
                valid.range(0, valid.images().size(0)),
                classes);
    }

    private record Part(Tensor images, Tensor labels) {
        Dataset range(long from, long count) {
            return new TensorDataset(images.narrow(0, from, count), labels.narrow(0, from, count));
        }
    }

    private static Part read(Path dir, String part) {
        Path imageFile = find(dir, part + "-images-idx3-ubyte");
        Path labelFile = find(dir, part + "-labels-idx1-ubyte");
        Idx images = Idx.read(imageFile);
        Idx labels = Idx.read(labelFile);
        int n = images.shape()[0];
        if (!Arrays.equals(images.shape(), new int[] {n, 28, 28})) {
            throw new DataException(
                    imageFile, "wanted images of 28×28, but its shape is " + Arrays.toString(images.shape()), FETCH);
        }
        if (!Arrays.equals(labels.shape(), new int[] {n})) {
            throw new DataException(
                    labelFile,
                    "wanted " + n + " labels, one for each image, but its shape is " + Arrays.toString(labels.shape()),
                    "fetch images and labels of the same part");
        }
        for (byte label : labels.data()) {
            if (label < 0 || label > 9) {
                throw new DataException(labelFile, "wanted labels from 0 to 9, but got " + (label & 0xff), FETCH);
            }
        }
        return new Part(pixels(images.data()), labels(labels.data()));
    }

    /** Turns bytes of images of 28×28 into float32 {@code [N, 784]} in [0, 1]. */
    static Tensor pixels(byte[] bytes) {
        try (Tensor raw = Tensor.of(bytes, bytes.length / 784, 784)) {
            return raw.to(DType.FLOAT32).div_(255);
        }
    }

    /** Turns bytes into int64 labels {@code [N]}. */
    static Tensor labels(byte[] bytes) {
        try (Tensor raw = Tensor.of(bytes)) {
            return raw.to(DType.INT64);
        }
    }

    private static Path find(Path dir, String name) {
        for (String candidate : new String[] {name + ".gz", name}) {
            if (Files.exists(dir.resolve(candidate))) {
                return dir.resolve(candidate);
            }
        }
        throw new DataException(
                dir.resolve(name),
                "wanted this file or " + name + ".gz, but there is neither",
                "put the four files of the data set into this folder");
    }
}
