package dev.cadenza.vision.models;

import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.nn.Activation;
import dev.cadenza.nn.AdaptiveConcatPool2d;
import dev.cadenza.nn.AdaptiveMaxPool2d;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Classify small images, of 32×32 pixels or so, with few layers that train fast: the ResNet-9 that won DAWNBench (Page
 * 2018, How to Train Your ResNet), made narrower for a CPU.
 *
 * <p>Input {@code [N, 3, H, W]}, output, scores {@code [N, classes]}. A first convolution leads to {@code widths[0]}
 * channels; each later width is a stage: a convolution, a pool that halves the image, and as many residual blocks of two
 * convolutions as {@code blocks} says. The pool comes before the activation: for one that rises the numbers are the
 * same, for a quarter of the work. In the end the largest value of each channel is scored without bias.
 *
 * <p>By default 95 million multiply-adds an image of 32×32 and 1.65 million parameters; with {@code o.strided} it is 53
 * million, with widths 24, 48, 96, 192 it is 54 million.
 *
 * <pre>{@code
 * import dev.cadenza.vision.models.SmallResNet;
 *
 * Module model = new SmallResNet(10);
 * Module tuned = new SmallResNet(10, o -> {
 *     o.widths = new int[] {24, 48, 96, 192};
 *     o.blocks = new int[] {1, 1, 1};
 *     o.activation = () -> Activation.celu(0.3);
 * });
 * }</pre>
 *
 * <p>State: {@code prep}, {@code layers.0} …, {@code linear}; weights start as in {@link ConvLayer}.
 */
public final class SmallResNet extends Module implements Described {
    /** What can be chosen. */
    public static final class Options {
        /** Channels of the images, 1 or more; default 3. */
        public long inChannels = 3;
        /** Channels of the first convolution and of each stage, 1 or more each; default 32, 64, 128, 256. */
        public int[] widths = {32, 64, 128, 256};
        /** Residual blocks of each stage, 0 or more each; default 1, 0, 1. */
        public int[] blocks = {1, 0, 1};
        /** What makes the activations; default a ReLU in place. */
        public Supplier<? extends Module> activation = Activation::reluInPlace;
        /** How a stage halves the image; default {@link Pool#MAX}. */
        public Pool pool = Pool.MAX;
        /** Whether stages halve by stride 2 of their convolution, at a quarter of its work, not by a pool; default false. */
        public boolean strided;
        /** Whether averages are scored too, not only the largest values; default false. */
        public boolean concatPool;
        /** What scores are multiplied by, above 0; default 0.125, which keeps the first ones from being too sure. */
        public double scale = 0.125;

        private Options() {}
    }

    /** Two convolutions, and what came in added to what comes out. */
    static final class Residual extends Module implements Described {
        private final Sequential conv1;
        private final Sequential conv2;

        Residual(Spec spec) {
            conv1 = spec.part("conv1", Sequential.class);
            conv2 = spec.part("conv2", Sequential.class);
        }

        Residual(long channels, Supplier<? extends Module> activation) {
            conv1 = new ConvLayer(channels, channels, 3, o -> o.activation = activation);
            conv2 = new ConvLayer(channels, channels, 3, o -> o.activation = activation);
        }

        @Override
        public Spec spec() {
            return Spec.of("SmallResNet.Residual").with("conv1", conv1).with("conv2", conv2);
        }

        @Override
        protected Tensor compute(Tensor x) {
            return x.add(conv2.forward(conv1.forward(x)));
        }
    }

    private final Sequential prep;
    private final List<Sequential> layers;
    private final Module pool;
    private final Linear linear;
    private final double scale;
    private final long inChannels;
    private final long least;

    /** Make the ResNet-9 as wide as it was published, of 379 million multiply-adds an image of 32×32. */
    public static SmallResNet resnet9(long classes) {
        return new SmallResNet(classes, o -> o.widths = new int[] {64, 128, 256, 512});
    }

    /** Make a network with the defaults. */
    public SmallResNet(long classes) {
        this(classes, o -> {});
    }

    /**
     * Make a network with options.
     *
     * @param classes how many scores it gives, 1 or more
     * @throws IllegalArgumentException if a number is out of range, or widths and blocks do not fit each other
     */
    public SmallResNet(long classes, Consumer<Options> options) {
        Options o = new Options();
        options.accept(o);
        Blocks.require(classes >= 1, "classes", "at least 1", classes);
        Blocks.require(
                o.widths.length == o.blocks.length + 1,
                "widths",
                "one more than the " + o.blocks.length + " of blocks, the first being that of the first convolution",
                Arrays.toString(o.widths));
        Blocks.require(
                Arrays.stream(o.blocks).allMatch(n -> n >= 0), "blocks", "0 or more each", Arrays.toString(o.blocks));
        Blocks.require(o.scale > 0 && Double.isFinite(o.scale), "scale", "above 0", o.scale);
        Blocks.require(o.activation != null, "activation", "a maker of modules, such as Identity::new", null);
        prep = new ConvLayer(o.inChannels, o.widths[0], 3, c -> c.activation = o.activation);
        List<Sequential> stages = new ArrayList<>();
        for (int i = 0; i < o.blocks.length; i++) {
            stages.add(stage(i, o));
        }
        layers = List.copyOf(stages);
        long last = o.widths[o.blocks.length];
        pool = o.concatPool ? new AdaptiveConcatPool2d(1) : new AdaptiveMaxPool2d(1);
        linear = new Linear(o.concatPool ? 2 * last : last, classes, l -> l.bias = false);
        scale = o.scale;
        inChannels = o.inChannels;
        least = 1L << o.blocks.length;
    }

    SmallResNet(Spec spec) {
        prep = spec.part("prep", Sequential.class);
        layers = spec.parts("layers", Sequential.class);
        pool = spec.part("pool", Module.class);
        linear = spec.part("linear", Linear.class);
        scale = spec.number("scale");
        inChannels = spec.whole("inChannels");
        least = 1L << layers.size();
    }

    private static Sequential stage(int i, Options o) {
        List<Module> parts = new ArrayList<>();
        parts.add(new ConvLayer(o.widths[i], o.widths[i + 1], 3, c -> {
            c.stride = o.strided ? 2 : 1;
            c.activation = null;
        }));
        if (!o.strided) {
            parts.add(o.pool.of(o.widths[i + 1], 2));
        }
        parts.add(o.activation.get());
        for (int j = 0; j < o.blocks[i]; j++) {
            parts.add(new Residual(o.widths[i + 1], o.activation));
        }
        return Sequential.of(parts);
    }

    /** Return what this is as plain data. */
    @Override
    public Spec spec() {
        return Spec.of("SmallResNet")
                .with("prep", prep)
                .with("layers", layers)
                .with("pool", pool)
                .with("linear", linear)
                .with("scale", scale)
                .with("inChannels", inChannels);
    }

    /**
     * Score.
     *
     * @throws TensorException if x is no batch of images with the channels that the network was made for, or they are
     *     too small to be halved in each stage
     */
    @Override
    protected Tensor compute(Tensor x) {
        Blocks.requireImages("SmallResNet", x, inChannels, least);
        Tensor out = prep.forward(x);
        for (Sequential layer : layers) {
            out = layer.forward(out);
        }
        return linear.forward(pool.forward(out).flatten(1)).mul(scale);
    }
}
