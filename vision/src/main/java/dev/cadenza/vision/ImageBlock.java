package dev.cadenza.vision;

import dev.cadenza.data.BatchTransform;
import dev.cadenza.data.Block;
import dev.cadenza.data.Draw;
import dev.cadenza.data.Pipeline;
import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;

/**
 * Turn image files into pixels (fastai's {@code ImageBlock}): open, transform, decode to uint8 {@code [3, H, W]}, and on
 * the device, a batch at a time, to float32 from 0 to 1.
 *
 * <p>All images of a batch must come out in one size: end with a transform that sees to it, unless all files are alike.
 *
 * <pre>{@code
 * ImageBlock images = ImageBlock.of(ImageTransforms.resize(128), ImageTransforms.flip(0.5));
 * Tensor bee = images.pipeline().run(Path.of("bee.jpg"), Draw.NONE);       // uint8 [3, 128, 128]
 * }</pre>
 */
public final class ImageBlock implements Block<Path>, Described {
    private final boolean grey;
    private final List<ImageTransform> transforms;

    private ImageBlock(boolean grey, List<ImageTransform> transforms) {
        this.grey = grey;
        this.transforms = List.copyOf(transforms);
    }

    /** Read in colour. */
    public static ImageBlock of(ImageTransform... transforms) {
        return new ImageBlock(false, List.of(transforms));
    }

    /** Read brightness only: {@code [1, H, W]} (fastai's {@code ImageBlock(cls=PILImageBW)}). */
    public static ImageBlock grey(ImageTransform... transforms) {
        return new ImageBlock(true, List.of(transforms));
    }

    static ImageBlock of(Spec spec) {
        return new ImageBlock(spec.flag("grey"), spec.parts("transforms", ImageTransform.class));
    }

    /** A lambda has no name of its own that would tell anything. */
    private static String name(ImageTransform transform) {
        return transform.getClass().isHidden() || transform.getClass().isSynthetic()
                ? "transform"
                : transform.toString();
    }

    @Override
    public Pipeline<Path, Tensor> pipeline() {
        return grey
                ? then(Pipeline.of("open grey", file -> Image.of(file).grey()))
                : then(Pipeline.of("open", Image::of));
    }

    /** What becomes of an image in validation. */
    Tensor pixels(Image image) {
        return then(Pipeline.<Image, Image>of("image", each -> grey ? each.grey() : each))
                .run(image, Draw.NONE);
    }

    private <A> Pipeline<A, Tensor> then(Pipeline<A, Image> opened) {
        Pipeline<A, Image> all = opened;
        for (ImageTransform each : transforms) {
            all = all.then(name(each), each);
        }
        return all.then("pixels", new ImagePixels());
    }

    @Override
    public List<BatchTransform> batchTransforms() {
        return List.of(new ImageToFloat());
    }

    /** Return what this is as plain data. */
    @Override
    public Spec spec() {
        return Spec.of("ImageBlock").with("grey", grey).with("transforms", transforms);
    }

    @Override
    public String toString() {
        return "ImageBlock: " + pipeline();
    }
}
