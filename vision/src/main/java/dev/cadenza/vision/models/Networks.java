package dev.cadenza.vision.models;

import dev.cadenza.io.Spec;
import dev.cadenza.io.Types;

/**
 * Make networks for images again from what they say of themselves; chains, such as {@link XResNet} and {@link ConvLayer},
 * are plain Sequentials then.
 *
 * <pre>{@code
 * import dev.cadenza.vision.models.*;
 *
 * ResNet net = ResNet.resnet18(10);
 * Types types = Layers.types().add(Networks.types());
 * Module same = Layers.build(net.spec(), net.stateDict(), types);
 * }</pre>
 */
public final class Networks {
    private static final int MOST_CHANNELS = 1 << 20;

    private Networks() {}

    /** Return what makes the networks of this package and their blocks. */
    public static Types types() {
        return new Types()
                .add("ResNet", ResNet::of)
                .add("ResNet.BasicBlock", s -> new BasicBlock(s.whole("in"), s.whole("planes"), s.integer("stride")))
                .add("ResNet.Bottleneck", s -> new Bottleneck(s.whole("in"), s.whole("planes"), s.integer("stride")))
                .add("ResBlock", ResBlock::new)
                .add("SqueezeExcite", SqueezeExcite::new)
                .add("BlurPool", Networks::blurPool)
                .add("SmallResNet", SmallResNet::new)
                .add("SmallResNet.Residual", SmallResNet.Residual::new);
    }

    /** Its filter is made at once, whatever the file holds. */
    private static BlurPool blurPool(Spec s) {
        long channels = s.whole("channels");
        Blocks.require(channels <= MOST_CHANNELS, "channels", "at most " + MOST_CHANNELS, channels);
        return new BlurPool(channels, s.integer("stride"));
    }
}
