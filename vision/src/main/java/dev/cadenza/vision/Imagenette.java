package dev.cadenza.vision;

import dev.cadenza.data.DataDir;
import dev.cadenza.io.DataException;
import dev.cadenza.io.Download;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Find or download Imagenette: 13,394 photographs of ten classes of ImageNet that are easy to tell apart (fast.ai, the
 * split of 2020, {@code imagenette2}).
 *
 * <pre>{@code
 * Path folder = Imagenette.folder(Imagenette.Size.PX160);
 * String church = Imagenette.className("n03028079");
 * }</pre>
 */
public final class Imagenette {
    /** How large the images are. */
    public enum Size {
        /** The shorter side has 160 pixels; 99 MB ({@code URLs.IMAGENETTE_160}). */
        PX160("imagenette2-160", "64d0c4859f35a461889e0147755a999a48b49bf38a7e0f9bd27003f10db02fe5"),
        /** The shorter side has 320 pixels; 342 MB ({@code URLs.IMAGENETTE_320}). */
        PX320("imagenette2-320", "569b4497c98db6dd29f335d1f109cf315fe127053cedf69010d047f0188e158c"),
        /** As in ImageNet; 1.56 GB ({@code URLs.IMAGENETTE}). */
        FULL("imagenette2", "6cbfac238434d89fe99e651496f0812ebc7a10fa62bd42d6874042bf01de4efd");

        private final String folder;
        /** Recorded by TensorFlow Datasets and FastAI.jl too. */
        private final String sha256;

        Size(String folder, String sha256) {
            this.folder = folder;
            this.sha256 = sha256;
        }
    }

    /** The WordNet ids of the ten classes, which are the names of the folders, in order. */
    public static final List<String> IDS = List.of(
            "n01440764",
            "n02102040",
            "n02979186",
            "n03000684",
            "n03028079",
            "n03394916",
            "n03417042",
            "n03425413",
            "n03445777",
            "n03888257");

    /** The names of the ten classes, in the order of {@link #IDS}. */
    public static final List<String> CLASSES = List.of(
            "tench",
            "English springer",
            "cassette player",
            "chain saw",
            "church",
            "French horn",
            "garbage truck",
            "gas pump",
            "golf ball",
            "parachute");

    private Imagenette() {}

    /**
     * Return the name of a class.
     *
     * @param id its WordNet id, the name of its folder, such as {@code n01440764}
     * @return its name, such as {@code tench}
     * @throws IllegalArgumentException if it is none of {@link #IDS}
     */
    public static String className(String id) {
        int i = IDS.indexOf(id);
        if (i < 0) {
            throw new IllegalArgumentException("wanted one of " + IDS + ", but got: " + id);
        }
        return CLASSES.get(i);
    }

    /**
     * Return the folder {@code imagenette2-160}, {@code imagenette2-320} or {@code imagenette2}, with 9,469 images in
     * {@code train/<WordNet id>} and 3,925 in {@code val/<WordNet id>}.
     *
     * <p>It is found in the {@link DataDir}, or extracted once from an archive of that name there, or downloaded once.
     *
     * @throws DataException if it is nowhere and cannot be downloaded: says where to put the archive
     */
    public static Path folder(Size size) {
        return folder(size, o -> {});
    }

    /** Find or download the folder, with options for the download, such as another progress bar. */
    public static Path folder(Size size, Consumer<Download.Options> options) {
        DataDir.Source source =
                DataDir.Source.of(size.sha256, "https://s3.amazonaws.com/fast-ai-imageclas/" + size.folder + ".tgz");
        return Folders.with(DataDir.folder(size.folder, source, options), "train", "val");
    }
}
