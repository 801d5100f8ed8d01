package dev.cadenza.data;

import dev.cadenza.io.DataException;
import dev.cadenza.io.Download;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Read Fashion-MNIST: 70,000 photographs of clothes, shoes and bags in 28×28 grey pixels (Xiao, Rasul, Vollgraf 2017,
 * <a href="https://arxiv.org/abs/1708.07747">arXiv:1708.07747</a>).
 *
 * <pre>{@code
 * DataLoaders data = FashionMnist.in(FashionMnist.folder()).loaders(o -> o.batchSize = 64);
 * }</pre>
 *
 * <p>Inputs are float32 {@code [N, 784]} in [0, 1] (a pixel's byte divided by 255), targets int64 {@code [N]} in 0…9.
 */
public final class FashionMnist {
    private static final List<String> CLASSES = List.of(
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot");

    /** Where the authors publish the files, and their SHA-256, as TensorFlow Datasets records them too. */
    private static final List<DataDir.Source> SOURCES = List.of(
            source("train-images-idx3-ubyte.gz", "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
            source("train-labels-idx1-ubyte.gz", "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
            source("t10k-images-idx3-ubyte.gz", "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
            source("t10k-labels-idx1-ubyte.gz", "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"));

    private FashionMnist() {}

    private static DataDir.Source source(String file, String sha256) {
        return DataDir.Source.of(
                sha256,
                "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/" + file,
                "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/" + file);
    }

    /**
     * Find the folder {@code fashion-mnist} in the {@link DataDir}, or download the four files (30.9 MB) into the cache,
     * once.
     *
     * @throws DataException if they are nowhere and cannot be downloaded: says where to put them
     */
    public static Path folder() {
        return folder(o -> {});
    }

    /** Find or download the files, with options for the download, such as another progress bar. */
    public static Path folder(Consumer<Download.Options> options) {
        return DataDir.files("fashion-mnist", SOURCES, options);
    }

    /**
     * Read the 60,000 images to train on and, to validate on, the 10,000 of the test files, as fast.ai's course does.
     *
     * @param dir a folder with the four files, named as those of {@link Mnist}, each plain or with {@code .gz}
     * @throws DataException if a file is missing, broken or not what it should be: names it and the reason
     */
    public static Datasets in(Path dir) {
        return Mnist.relative(dir, CLASSES);
    }
}
