package dev.cadenza.vision.models;

import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.nn.Activation;
import dev.cadenza.nn.AdaptiveAvgPool2d;
import dev.cadenza.nn.BatchNorm2d;
import dev.cadenza.nn.Conv2d;
import dev.cadenza.nn.Init;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.MaxPool2d;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Classify images with torchvision's ResNet: four groups of residual blocks, of 64, 128, 256 and 512 channels, at a
 * quarter of the image's size and less (He et al. 2015, Deep Residual Learning for Image Recognition).
 *
 * <p>Input {@code [N, 3, H, W]}, of any size but best 64 pixels or more; output, scores {@code [N, classes]}. Names and
 * shapes of the state are torchvision's, so that its weights fit ({@code layer1.0.conv1.weight},
 * {@code layer2.0.downsample.0.weight}, {@code fc.bias}).
 *
 * <pre>{@code
 * import dev.cadenza.vision.models.ResNet;
 *
 * Module small = ResNet.resnet18(10);
 * Module gray = ResNet.resnet50(37, o -> { o.inChannels = 1; o.zeroInitResidual = true; });
 * }</pre>
 *
 * <p>Convolutions start from Kaiming's normal distribution by fan-out, batch norms from weight 1 and bias 0.
 */
public final class ResNet extends Module implements Described {
    private static final long[] PLANES = {64, 128, 256, 512};

    /** What can be chosen. */
    public static final class Options {
        /** Channels of the images, 1 or more; default 3. */
        public long inChannels = 3;
        /**
         * Whether each block starts as the identity, the weight of its last batch norm being 0; default false. Often
         * gives some tenths of a percent (Goyal et al. 2017, Accurate, Large Minibatch SGD).
         */
        public boolean zeroInitResidual;

        private Options() {}
    }

    /** A residual block. */
    interface Residual {
        /** The batch norm before the sum. */
        BatchNorm2d last();
    }

    private interface Block {
        Module of(long in, long planes, int stride);
    }

    private final Conv2d conv1;
    private final BatchNorm2d bn1 = new BatchNorm2d(PLANES[0]);
    private final Activation relu = Activation.reluInPlace();
    private final MaxPool2d maxpool = new MaxPool2d(3, o -> {
        o.stride = 2;
        o.padding = 1;
    });
    private final Sequential layer1;
    private final Sequential layer2;
    private final Sequential layer3;
    private final Sequential layer4;
    private final AdaptiveAvgPool2d avgpool = new AdaptiveAvgPool2d(1, 1);
    private final Linear fc;
    private final long inChannels;
    private final int[] depths;
    private final boolean bottleneck;

    private ResNet(long classes, int[] depths, boolean bottleneck, Consumer<Options> choose) {
        Options o = new Options();
        choose.accept(o);
        Blocks.require(classes >= 1, "classes", "at least 1", classes);
        Blocks.require(o.inChannels >= 1, "inChannels", "at least 1", o.inChannels);
        Block block = bottleneck ? Bottleneck::new : BasicBlock::new;
        int expansion = bottleneck ? Bottleneck.EXPANSION : 1;
        inChannels = o.inChannels;
        this.depths = depths;
        this.bottleneck = bottleneck;
        conv1 = Blocks.conv(inChannels, PLANES[0], 7, 2);
        List<Sequential> layers = new ArrayList<>();
        long in = PLANES[0];
        for (int i = 0; i < PLANES.length; i++) {
            List<Module> blocks = new ArrayList<>();
            for (int j = 0; j < depths[i]; j++) {
                blocks.add(block.of(in, PLANES[i], i > 0 && j == 0 ? 2 : 1));
                in = PLANES[i] * expansion;
            }
            layers.add(Sequential.of(blocks));
        }
        layer1 = layers.get(0);
        layer2 = layers.get(1);
        layer3 = layers.get(2);
        layer4 = layers.get(3);
        fc = new Linear(in, classes);
        if (o.zeroInitResidual) {
            namedModules().values().stream()
                    .filter(Residual.class::isInstance)
                    .forEach(module -> Init.zeros_(((Residual) module).last().weight()));
        }
    }

    static ResNet of(Spec spec) {
        int[] depths = spec.integers("depths");
        Blocks.require(depths.length == PLANES.length, "depths", "4 numbers", depths.length + " of them");
        return new ResNet(
                spec.whole("classes"), depths, spec.flag("bottleneck"), o -> o.inChannels = spec.whole("inChannels"));
    }

    /** What brings the input of a block to the shape of its output; null where it has that already. */
    static Sequential downsample(long in, long out, int stride) {
        return stride == 1 && in == out ? null : Sequential.of(Blocks.conv(in, out, 1, stride), new BatchNorm2d(out));
    }

    /** Make a network of 18 layers, 11.7 M parameters for 1000 classes, to classify RGB images. */
    public static ResNet resnet18(long classes) {
        return resnet18(classes, o -> {});
    }

    /**
     * Make a network of 18 layers: 2, 2, 2 and 2 blocks of two convolutions.
     *
     * @param classes how many scores it gives, 1 or more
     * @throws IllegalArgumentException if a number is out of range
     */
    public static ResNet resnet18(long classes, Consumer<Options> options) {
        return new ResNet(classes, new int[] {2, 2, 2, 2}, false, options);
    }

    /** Make a network of 34 layers, 21.8 M parameters for 1000 classes, to classify RGB images. */
    public static ResNet resnet34(long classes) {
        return resnet34(classes, o -> {});
    }

    /** Make a network of 34 layers: 3, 4, 6 and 3 blocks of two convolutions; see {@link #resnet18(long, Consumer)}. */
    public static ResNet resnet34(long classes, Consumer<Options> options) {
        return new ResNet(classes, new int[] {3, 4, 6, 3}, false, options);
    }

    /** Make a network of 50 layers, 25.6 M parameters for 1000 classes, to classify RGB images. */
    public static ResNet resnet50(long classes) {
        return resnet50(classes, o -> {});
    }

    /** Make a network of 50 layers: 3, 4, 6 and 3 bottlenecks; see {@link #resnet18(long, Consumer)}. */
    public static ResNet resnet50(long classes, Consumer<Options> options) {
        return new ResNet(classes, new int[] {3, 4, 6, 3}, true, options);
    }

    /** Return what this is as plain data. */
    @Override
    public Spec spec() {
        return Spec.of("ResNet")
                .with("classes", fc.weight().size(0))
                .with("depths", depths)
                .with("bottleneck", bottleneck)
                .with("inChannels", inChannels);
    }

    /**
     * Score.
     *
     * @throws TensorException if x is no batch of images with the channels that the network was made for
     */
    @Override
    protected Tensor compute(Tensor x) {
        Blocks.requireImages("ResNet", x, inChannels, 1);
        Tensor out = maxpool.forward(relu.forward(bn1.forward(conv1.forward(x))));
        out = layer4.forward(layer3.forward(layer2.forward(layer1.forward(out))));
        return fc.forward(avgpool.forward(out).flatten(1));
    }
}
