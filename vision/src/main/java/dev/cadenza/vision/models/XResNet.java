package dev.cadenza.vision.models;

import dev.cadenza.nn.AdaptiveAvgPool2d;
import dev.cadenza.nn.Dropout;
import dev.cadenza.nn.Flatten;
import dev.cadenza.nn.Init;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.MaxPool2d;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Classify images with fastai's XResNet: a {@link ResNet} whose stem is three convolutions of 3×3, whose identity paths
 * pool before they project, and whose blocks start as the identity (He et al. 2018, Bag of Tricks for Image
 * Classification). To train from scratch it is the better one; torchvision's weights fit {@link ResNet} only.
 *
 * <p>Input {@code [N, 3, H, W]}, of any size but best 64 pixels or more; output, scores {@code [N, classes]}. State by
 * position, as in fastai: {@code 0.0.weight} of the stem, {@code 4.0.convpath.0.0.weight} of the first block,
 * {@code 11.weight} of the last layer.
 *
 * <pre>{@code
 * import dev.cadenza.vision.models.*;
 *
 * Module plain = XResNet.xresnet18(10);
 * Module woof = XResNet.xresnet50(10, o -> {
 *     o.activation = Activation::mish;
 *     o.pool = Pool.MAX_BLUR;
 * });
 * }</pre>
 *
 * <p>Weights start from Kaiming's normal distribution, biases from 0 (fastai's {@code init_cnn}).
 */
public final class XResNet extends Sequential {
    /** What can be chosen of the network, and of all its blocks; the stride is that of the stem and of later groups. */
    public static final class Options extends ResBlock.Options {
        /** Channels of the images, 1 or more; default 3. */
        public long inChannels = 3;
        /** Channels of the stem's three convolutions; default 32, 32 and 64. */
        public long[] stem = {32, 32, 64};
        /** Factor of the channels of all blocks, above 0; default 1. */
        public double widen = 1;
        /** Share of the features that are dropped before the last layer, in [0, 1]; default 0. */
        public double dropout;

        private Options() {
            stride = 2;
        }
    }

    private static final long[] WIDTHS = {64, 128, 256, 512};

    private XResNet(List<Module> layers) {
        super(layers);
    }

    private static XResNet of(long classes, int[] depths, int expansion, Consumer<Options> choose) {
        Options o = new Options();
        choose.accept(o);
        Blocks.require(classes >= 1, "classes", "at least 1", classes);
        Blocks.require(o.widen > 0 && o.widen < 100, "widen", "above 0, such as 0.5 or 2", o.widen);
        Blocks.require(o.stem.length == 3, "stem", "the channels of 3 convolutions", o.stem.length + " of them");
        List<Module> layers = new ArrayList<>();
        long in = o.inChannels;
        for (int i = 0; i < o.stem.length; i++) {
            int stride = i == 0 ? o.stride : 1;
            layers.add(new ConvLayer(in, o.stem[i], 3, c -> {
                c.stride = stride;
                c.activation = o.activation;
            }));
            in = o.stem[i];
        }
        layers.add(new MaxPool2d(3, p -> {
            p.stride = o.stride;
            p.padding = 1;
        }));
        Blocks.require(in % expansion == 0, "the last of stem", "a multiple of " + expansion, in);
        in /= expansion;
        for (int i = 0; i < depths.length; i++) {
            long out = Math.max(1, (long) (WIDTHS[i] * o.widen));
            layers.add(blocks(expansion, new long[] {in, out, depths[i]}, i == 0 ? 1 : o.stride, o));
            in = out;
        }
        Linear last = new Linear(in * expansion, classes);
        Init.kaimingNormal_(last.weight());
        Init.zeros_(last.bias());
        layers.addAll(List.of(new AdaptiveAvgPool2d(1), new Flatten(), new Dropout(o.dropout), last));
        return new XResNet(layers);
    }

    private static Sequential blocks(int expansion, long[] inOutDepth, int stride, Options chosen) {
        List<Module> blocks = new ArrayList<>();
        for (int i = 0; i < inOutDepth[2]; i++) {
            boolean first = i == 0;
            blocks.add(new ResBlock(expansion, inOutDepth[first ? 0 : 1], inOutDepth[1], o -> {
                o.stride = first ? stride : 1;
                o.groups = chosen.groups;
                o.activation = chosen.activation;
                o.pool = chosen.pool;
                o.reduction = chosen.reduction;
            }));
        }
        return Sequential.of(blocks);
    }

    /** Make a network of 18 layers to classify RGB images. */
    public static XResNet xresnet18(long classes) {
        return xresnet18(classes, o -> {});
    }

    /**
     * Make a network of 18 layers: 2, 2, 2 and 2 blocks of two convolutions.
     *
     * @param classes how many scores it gives, 1 or more
     * @throws IllegalArgumentException if a number is out of range
     */
    public static XResNet xresnet18(long classes, Consumer<Options> options) {
        return of(classes, new int[] {2, 2, 2, 2}, 1, options);
    }

    /** Make a network of 34 layers to classify RGB images. */
    public static XResNet xresnet34(long classes) {
        return xresnet34(classes, o -> {});
    }

    /** Make a network of 34 layers: 3, 4, 6 and 3 blocks; see {@link #xresnet18(long, Consumer)}. */
    public static XResNet xresnet34(long classes, Consumer<Options> options) {
        return of(classes, new int[] {3, 4, 6, 3}, 1, options);
    }

    /** Make a network of 50 layers to classify RGB images. */
    public static XResNet xresnet50(long classes) {
        return xresnet50(classes, o -> {});
    }

    /** Make a network of 50 layers: 3, 4, 6 and 3 bottlenecks; see {@link #xresnet18(long, Consumer)}. */
    public static XResNet xresnet50(long classes, Consumer<Options> options) {
        return of(classes, new int[] {3, 4, 6, 3}, 4, options);
    }
}
