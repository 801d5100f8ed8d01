package dev.cadenza.vision;

import dev.cadenza.data.DataDir;
import dev.cadenza.io.DataException;
import dev.cadenza.io.Download;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Find or download CIFAR-10: 60,000 photographs of 32×32 pixels in ten classes (Krizhevsky 2009), as image files.
 *
 * <pre>{@code
 * Path cats = Cifar10.folder().resolve("train/cat");
 * }</pre>
 */
public final class Cifar10 {
    /** The ten classes, which are the names of the folders, in the order of the original labels 0…9. */
    public static final List<String> CLASSES =
            List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

    /** fast.ai's archive of PNG files; the SHA-256 is recorded by FastAI.jl too. */
    private static final DataDir.Source SOURCE = DataDir.Source.of(
            "637c5814e11aefcb6ee76d5f59c67ddc8de7f5b5077502a195b0833d1e3e4441",
            "https://s3.amazonaws.com/fast-ai-imageclas/cifar10.tgz");

    private Cifar10() {}

    /**
     * Return the folder {@code cifar10}, with 50,000 images in {@code train/<class>} and 10,000 in
     * {@code test/<class>}.
     *
     * <p>It is found in the {@link DataDir}, or extracted once from {@code cifar10.tgz} there, which may be of another make
     * (JPEG files, say), or downloaded once (135 MB).
     *
     * @throws DataException if it is nowhere and cannot be downloaded: says where to put the archive
     */
    public static Path folder() {
        return folder(o -> {});
    }

    /** Find or download the folder, with options for the download, such as another progress bar. */
    public static Path folder(Consumer<Download.Options> options) {
        return Folders.with(DataDir.folder("cifar10", SOURCE, options), "train", "test");
    }
}
