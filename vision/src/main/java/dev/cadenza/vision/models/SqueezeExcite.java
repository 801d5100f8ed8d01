package dev.cadenza.vision.models;

import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.nn.Activation;
import dev.cadenza.nn.AdaptiveAvgPool2d;
import dev.cadenza.nn.Module;
import dev.cadenza.tensor.Tensor;
import java.util.List;
import java.util.function.Supplier;

/**
 * Weigh the channels by what all of the image shows (Hu et al. 2017, Squeeze-and-Excitation Networks; fastai's
 * {@code SEModule}).
 */
final class SqueezeExcite extends Module implements Described {
    private final List<Module> layers;

    SqueezeExcite(Spec spec) {
        layers = spec.parts("layers", Module.class);
    }

    SqueezeExcite(long channels, int reduction, Supplier<? extends Module> activation) {
        long few = Math.max(8, (channels / reduction + 7) / 8 * 8);
        layers = List.of(
                new AdaptiveAvgPool2d(1),
                new ConvLayer(channels, few, 1, o -> {
                    o.norm = ConvLayer.Norm.NONE;
                    o.activation = activation;
                }),
                new ConvLayer(few, channels, 1, o -> {
                    o.norm = ConvLayer.Norm.NONE;
                    o.activation = Activation::sigmoid;
                }));
    }

    @Override
    public Spec spec() {
        return Spec.of("SqueezeExcite").with("layers", layers);
    }

    @Override
    protected Tensor compute(Tensor x) {
        Tensor weight = x;
        for (Module layer : layers) {
            weight = layer.forward(weight);
        }
        return x.mul(weight);
    }
}
