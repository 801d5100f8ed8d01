package dev.cadenza.vision;

import dev.cadenza.data.BatchTransform;
import dev.cadenza.data.CategoryBlock;
import dev.cadenza.data.DataBlock;
import dev.cadenza.data.Datasets;
import dev.cadenza.io.DataException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Train on images that lie in a folder for each class, the commonest case, in one line ({@code
 * ImageDataLoaders.from_folder}).
 *
 * <pre>{@code
 * DataLoaders data = ImageFolder.in(Path.of("pets")).loaders(o -> o.batchSize = 64);
 * }</pre>
 *
 * <p>There are two forms. In {@code dir/train/<class>} and {@code dir/valid/<class>} the parts have folders; that to
 * validate on may be called {@code valid}, {@code val} or {@code test}, the first of them that is there, and without any
 * a random part of {@code train} is taken. In {@code dir/<class>} alone it is a random part of all. A random part has
 * its share of each class, and leaves each something to train on.
 *
 * <p>The class is the folder right below, however deep a file lies in it, and the classes are numbered by the code
 * points of their names. What is no image, or hidden, is left out; the log says how much that is.
 */
public final class ImageFolder {
    /** What can be chosen. */
    public static final class Options {
        /** What each image goes through; all must come out in one size. Default: resized to 224 × 224. */
        public List<ImageTransform> transforms = List.of(ImageTransforms.resize(224));

        /** What each batch goes through on the device, float32 {@code [N, 3, H, W]} from 0 to 1; default none. */
        public List<BatchTransform> batchTransforms = List.of();

        /** The part to validate on where no folder says it, from 0 (none) to below 1; default 0.2. */
        public double validShare = 0.2;

        /** The seed of that part; default 1. */
        public long seed = 1;

        /** Whether images are read by brightness only, as {@code [1, H, W]}; default false. */
        public boolean grey;

        private Options() {}
    }

    private ImageFolder() {}

    /** Make data sets of the images in a folder, with the usual choices; see the other method. */
    public static Datasets in(Path dir) {
        return in(dir, o -> {});
    }

    /**
     * Make data sets of the images in a folder: uint8 {@code [3, H, W]}, int64 {@code []}, names of the classes.
     *
     * @throws DataException if there is no such folder, no image in a part or in the folder of a class to train on, or an
     *     image that lies in none
     * @throws IllegalArgumentException if an option is out of range, or a class is only in the validation part
     */
    public static Datasets in(Path dir, Consumer<Options> options) {
        Options chosen = chosen(options);
        ImageLayout layout = ImageLayout.of(dir);
        Datasets sets = block(layout, chosen).datasets(layout.files());
        layout.log(sets);
        return sets;
    }

    /** Tell in a text what becomes of the first image to train on: see {@link DataBlock#summary(List)}. */
    public static String summary(Path dir, Consumer<Options> options) {
        ImageLayout layout = ImageLayout.of(dir);
        return block(layout, chosen(options)).summary(layout.files());
    }

    private static Options chosen(Consumer<Options> options) {
        Options chosen = new Options();
        options.accept(chosen);
        return chosen;
    }

    private static DataBlock<Path> block(ImageLayout layout, Options chosen) {
        ImageTransform[] transforms = chosen.transforms.toArray(ImageTransform[]::new);
        return DataBlock.of(
                chosen.grey ? ImageBlock.grey(transforms) : ImageBlock.of(transforms),
                CategoryBlock.of(layout::label),
                o -> {
                    o.splitter = layout.splitter(chosen.validShare, chosen.seed);
                    o.batchTransforms = chosen.batchTransforms;
                });
    }
}
