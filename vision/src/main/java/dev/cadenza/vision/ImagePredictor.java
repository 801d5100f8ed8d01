package dev.cadenza.vision;

import dev.cadenza.data.Sample;
import dev.cadenza.io.DataException;
import dev.cadenza.io.Types;
import dev.cadenza.predict.Prediction;
import dev.cadenza.predict.Predictor;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Scope;
import dev.cadenza.vision.models.Networks;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Predict from images, by a file that {@code learn.export} wrote: it opens, resizes and normalises them as validation
 * did.
 *
 * <pre>{@code
 * learn.export(dir.resolve("pets.safetensors"));
 *
 * ImagePredictor pets = ImagePredictor.load(dir.resolve("pets.safetensors")).warm();
 * Prediction seen = pets.predict(Path.of("cat.jpg"));
 * System.out.println(seen.label() + " " + seen.probability() + " of " + seen.top(3));
 * pets.close();
 * }</pre>
 *
 * <p>Any number of threads may predict at once; see {@link Predictor}. An image that cannot be read is a {@link
 * DataException} that names it, and the next one is done as ever.
 */
public final class ImagePredictor implements AutoCloseable {
    private static final int BLANK = 64;

    private final Predictor predictor;
    private final ImageBlock images;

    private ImagePredictor(Predictor predictor, ImageBlock images) {
        this.predictor = predictor;
        this.images = images;
    }

    /** Load a file on the CPU; see {@link #load(Path, Consumer)}. */
    public static ImagePredictor load(Path file) {
        return load(file, o -> {});
    }

    /**
     * Load a file.
     *
     * @throws DataException if the file is missing or damaged, holds no exported model, one that cannot be made, or one
     *     that does not begin with images
     */
    public static ImagePredictor load(Path file, Consumer<Predictor.LoadOptions> options) {
        Predictor predictor = Predictor.load(file, o -> {
            options.accept(o);
            o.types = types().add(o.types);
        });
        if (predictor.input() instanceof ImageBlock images) {
            return new ImagePredictor(predictor, images);
        }
        predictor.close();
        throw new DataException(
                file,
                "its model does not say how it reads images",
                "export it with o.input = ImageBlock.of(…), or load it with Predictor.load");
    }

    /** Return what makes the networks, blocks and transforms for images. */
    public static Types types() {
        return ImageTransforms.addTo(new Types())
                .add(Networks.types())
                .add("ImageBlock", ImageBlock::of)
                .add("ImageToFloat", s -> new ImageToFloat())
                .add("Augment", Augmentation::of)
                .add(
                        "Augment.randomResizedCrop",
                        s -> Augment.randomResizedCrop(o -> {
                            o.minRatio = s.number("minRatio");
                            o.maxRatio = s.number("maxRatio");
                            o.validScale = s.number("validScale");
                        }));
    }

    /**
     * Predict from a file.
     *
     * @throws DataException if it is missing, no image, or damaged
     */
    public Prediction predict(Path file) {
        return predict(List.of(file)).get(0);
    }

    /** Predict from the bytes of an image file. */
    public Prediction predict(byte[] file) {
        return predictImages(() -> List.of(Image.of(file))).get(0);
    }

    /** Predict from an image. */
    public Prediction predict(Image image) {
        return predictImages(() -> List.of(image)).get(0);
    }

    /**
     * Predict from several files at once, which is faster than one after the other.
     *
     * @return a prediction for each, in their order
     * @throws DataException if one of them cannot be read; nothing is predicted then
     */
    public List<Prediction> predict(List<Path> files) {
        return predictImages(() -> files.stream().map(Image::of).toList());
    }

    private List<Prediction> predictImages(Supplier<List<Image>> opened) {
        try (Scope scope = Scope.open();
                NoGrad off = NoGrad.open()) {
            return predictor.predict(opened.get().stream()
                    .map(image -> new Sample(List.of(images.pixels(image)), List.of()))
                    .toList());
        }
    }

    /**
     * Predict from a file with a black image, decoded as any other, to no end but that the next prediction is as fast as
     * all later ones; returns this.
     */
    public ImagePredictor warm() {
        byte[] black = OpenCv.png(new byte[3 * BLANK * BLANK], BLANK, BLANK, List.of());
        predict(black);
        return this;
    }

    /** Return the names of the classes. */
    public List<String> classes() {
        return predictor.classes();
    }

    /** Free the model, once predictions that are under way have ended; a second time does nothing. */
    @Override
    public void close() {
        predictor.close();
    }
}
