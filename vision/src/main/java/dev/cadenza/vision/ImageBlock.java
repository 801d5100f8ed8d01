package dev.cadenza.vision;

import dev.cadenza.data.BatchTransform;
import dev.cadenza.data.Block;
import dev.cadenza.data.Pipeline;
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
public final class ImageBlock implements Block<Path> {
    private final Pipeline<Path, Tensor> pipeline;

    private ImageBlock(Pipeline<Path, Image> images) {
        pipeline = images.then("pixels", new ImagePixels());
    }

    /** Read in colour. */
    public static ImageBlock of(ImageTransform... transforms) {
        return new ImageBlock(then(Pipeline.of("open", Image::of), transforms));
    }

    /** Read brightness only: {@code [1, H, W]} (fastai's {@code ImageBlock(cls=PILImageBW)}). */
    public static ImageBlock grey(ImageTransform... transforms) {
        return new ImageBlock(
                then(Pipeline.of("open grey", file -> Image.of(file).grey()), transforms));
    }

    private static Pipeline<Path, Image> then(Pipeline<Path, Image> open, ImageTransform... transforms) {
        Pipeline<Path, Image> all = open;
        for (ImageTransform each : transforms) {
            all = all.then(name(each), each);
        }
        return all;
    }

    /** A lambda has no name of its own that would tell anything. */
    private static String name(ImageTransform transform) {
        return transform.getClass().isHidden() || transform.getClass().isSynthetic()
                ? "transform"
                : transform.toString();
    }

    @Override
    public Pipeline<Path, Tensor> pipeline() {
        return pipeline;
    }

    @Override
    public List<BatchTransform> batchTransforms() {
        return List.of(new ImageToFloat());
    }

    @Override
    public String toString() {
        return "ImageBlock: " + pipeline;
    }
}
