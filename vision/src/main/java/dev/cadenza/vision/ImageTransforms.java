package dev.cadenza.vision;

import dev.cadenza.data.Draw;
import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.io.Types;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * Make the usual transforms of single images: those that bring all to one size, and some that augment.
 *
 * <p>What is random is random in training only. All of them only note down what is to be done, so that the pixels are
 * interpolated once in the end.
 *
 * <pre>{@code
 * ImageBlock images = ImageBlock.of(ImageTransforms.randomResizedCrop(224), ImageTransforms.flip(0.5));
 * ImageBlock whole = ImageBlock.of(ImageTransforms.resize(224, o -> { o.method = ResizeMethod.PAD; }));
 * }</pre>
 */
public final class ImageTransforms {
    private static final int LARGEST = 1 << 20;

    private ImageTransforms() {}

    /** A transform that says what it is. */
    private record Named(String name, Spec spec, BiFunction<Image, Draw, Image> change)
            implements ImageTransform, Described {
        @Override
        public Image apply(Image image, Draw draw) {
            return change.apply(image, draw);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * Bring each image to a square by cropping: see {@link #resize(int, Consumer)}.
     *
     * @throws IllegalArgumentException if the size is out of range
     */
    public static ImageTransform resize(int size) {
        return resize(size, o -> {});
    }

    /**
     * Bring each image to a square (fastai's {@code Resize}): in training the part kept, or the place of the whole in the
     * filled square, is random along the longer side; in validation it is the middle.
     *
     * @param size of both sides in pixels, from 1 to 2²⁰
     * @throws IllegalArgumentException if the size is out of range
     */
    public static ImageTransform resize(int size, Consumer<ImageResizeOptions> options) {
        requireSize("resize", size);
        ImageResizeOptions o = new ImageResizeOptions();
        options.accept(o);
        PadMode pad = o.padMode;
        String name = "resize(" + size + ", " + o.method + (o.method == ResizeMethod.PAD ? ", " + pad : "") + ")";
        Spec spec = spec("resize").with("size", size).with("method", o.method).with("padMode", pad);
        return switch (o.method) {
            case SQUISH -> new Named(name, spec, (image, draw) -> image.resize(size, size));
            case CROP ->
                new Named(
                        name,
                        spec,
                        (image, draw) -> ImageCrops.largest(image, draw).resize(size, size));
            case PAD -> new Named(name, spec, (image, draw) -> ImageCrops.whole(image, draw, size, pad));
        };
    }

    /**
     * Cut out a random part and bring it to a square: see {@link #randomResizedCrop(int, Consumer)}.
     *
     * @throws IllegalArgumentException if the size is out of range
     */
    public static ImageTransform randomResizedCrop(int size) {
        return randomResizedCrop(size, o -> {});
    }

    /**
     * Cut out a part of random size, shape and place, and bring it to a square (fastai's {@code RandomResizedCrop}, from
     * <a href="https://arxiv.org/abs/1409.4842">Going Deeper with Convolutions</a>). Ten parts are drawn until one fits in;
     * else it is the largest in the middle. In validation the image is stretched to a somewhat larger square, whose middle
     * is cut out.
     *
     * @param size of both sides in pixels, from 1 to 2²⁰
     * @throws IllegalArgumentException if the size or an option is out of range
     */
    public static ImageTransform randomResizedCrop(int size, Consumer<ImageCropOptions> options) {
        requireSize("randomResizedCrop", size);
        ImageCropOptions o = new ImageCropOptions();
        options.accept(o);
        o.check();
        ImageCrops.Part part = new ImageCrops.Part(o.minScale, o.maxScale, o.minRatio, o.maxRatio);
        int larger = (int) Math.min(LARGEST, size + 8 * (long) Math.ceil(size * o.valXtra / 8));
        String name = "randomResizedCrop(" + size + ", scale=" + o.minScale + ".." + o.maxScale + ", ratio="
                + o.minRatio + ".." + o.maxRatio + ", valXtra=" + o.valXtra + ")";
        Spec spec = spec("randomResizedCrop")
                .with("size", size)
                .with("minScale", o.minScale)
                .with("maxScale", o.maxScale)
                .with("minRatio", o.minRatio)
                .with("maxRatio", o.maxRatio)
                .with("valXtra", o.valXtra);
        return new Named(
                name,
                spec,
                (image, draw) -> draw.isRandom()
                        ? part.of(image, draw).resize(size, size)
                        : ImageCrops.at(image.resize(larger, larger), size, Draw.NONE));
    }

    /**
     * Add a black margin, then cut out a square at a random place (the augmentation of CIFAR: 32 pixels and a margin of 4);
     * see {@link #randomCrop(int, int, PadMode)}.
     *
     * @throws IllegalArgumentException if a number is out of range
     */
    public static ImageTransform randomCrop(int size, int pad) {
        return randomCrop(size, pad, PadMode.ZEROS);
    }

    /**
     * Add a margin, then cut out a square at a random place. In validation there is no margin, and it is the middle. An
     * image that is too small for the square is filled up on both sides (fastai's {@code RandomCrop}).
     *
     * @param size of both sides in pixels, from 1 to 2²⁰
     * @param pad width of the margin in pixels, 0 or more
     * @param mode what the margin is filled with
     * @throws IllegalArgumentException if a number is out of range
     */
    public static ImageTransform randomCrop(int size, int pad, PadMode mode) {
        requireSize("randomCrop", size);
        if (pad < 0 || pad > LARGEST) {
            throw new IllegalArgumentException("randomCrop: wanted a margin of 0 or more pixels, but got: " + pad);
        }
        return new Named(
                "randomCrop(" + size + ", pad=" + pad + ", " + mode + ")",
                spec("randomCrop").with("size", size).with("pad", pad).with("mode", mode),
                (image, draw) -> ImageCrops.at(image, size, pad, mode, draw));
    }

    /**
     * Swap left and right with probability p, in training ({@code FlipItem}).
     *
     * @throws IllegalArgumentException if p is not from 0 to 1
     */
    public static ImageTransform flip(double p) {
        requireProbability("flip", p);
        return new Named(
                "flip(" + p + ")",
                spec("flip").with("p", p),
                (image, draw) -> draw.isRandom() && draw.chance(p) ? image.flip() : image);
    }

    /**
     * Lay it down in one of the eight ways of {@link Image#dihedral}, with probability p, in training
     * ({@code DihedralItem}).
     *
     * @throws IllegalArgumentException if p is not from 0 to 1
     */
    public static ImageTransform dihedral(double p) {
        requireProbability("dihedral", p);
        return new Named(
                "dihedral(" + p + ")",
                spec("dihedral").with("p", p),
                (image, draw) -> draw.isRandom() && draw.chance(p)
                        ? image.dihedral(draw.random().nextInt(8))
                        : image);
    }

    private static Spec spec(String name) {
        return Spec.of("ImageTransforms." + name);
    }

    /** Adds what makes these transforms of their specs. */
    static Types addTo(Types types) {
        return types.add(
                        "ImageTransforms.resize",
                        s -> resize(s.integer("size"), o -> {
                            o.method = s.choice("method", ResizeMethod.class);
                            o.padMode = s.choice("padMode", PadMode.class);
                        }))
                .add(
                        "ImageTransforms.randomResizedCrop",
                        s -> randomResizedCrop(s.integer("size"), o -> {
                            o.minScale = s.number("minScale");
                            o.maxScale = s.number("maxScale");
                            o.minRatio = s.number("minRatio");
                            o.maxRatio = s.number("maxRatio");
                            o.valXtra = s.number("valXtra");
                        }))
                .add(
                        "ImageTransforms.randomCrop",
                        s -> randomCrop(s.integer("size"), s.integer("pad"), s.choice("mode", PadMode.class)))
                .add("ImageTransforms.flip", s -> flip(s.number("p")))
                .add("ImageTransforms.dihedral", s -> dihedral(s.number("p")));
    }

    private static void requireSize(String what, int size) {
        if (size < 1 || size > LARGEST) {
            throw new IllegalArgumentException(
                    what + ": wanted a size from 1 to " + LARGEST + " pixels, but got: " + size);
        }
    }

    private static void requireProbability(String what, double p) {
        if (!(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException(what + ": wanted a probability from 0 to 1, but got: " + p);
        }
    }
}
