package dev.cadenza.vision.models;

import dev.cadenza.nn.Activation;
import dev.cadenza.nn.BatchNorm2d;
import dev.cadenza.nn.Conv2d;
import dev.cadenza.nn.Init;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Convolve, normalise and activate: the unit that networks for images are built of (fastai's {@code ConvLayer}).
 *
 * <p>Input {@code [N, in, H, W]}, output {@code [N, out, ⌈H/stride⌉, ⌈W/stride⌉]} for an odd kernel. State by position:
 * {@code 0.weight} of the convolution, {@code 1.weight} … of the batch norm.
 *
 * <pre>{@code
 * import dev.cadenza.vision.models.ConvLayer;
 *
 * Module stem = new ConvLayer(3, 32, 3, o -> { o.stride = 2; o.activation = Activation::mish; });
 * Module projection = new ConvLayer(64, 128, 1, o -> o.activation = null);
 * }</pre>
 *
 * <p>Weights start from Kaiming's normal distribution, biases from 0 (fastai's {@code init_cnn}).
 */
public final class ConvLayer extends Sequential {
    /** How the output of the convolution is normalised. */
    public enum Norm {
        /** By a batch norm. */
        BATCH,
        /** By a batch norm whose weight starts as 0, so that a residual block starts as the identity. */
        BATCH_ZERO,
        /** Not at all; the convolution has a bias then. */
        NONE
    }

    /** What can be chosen. */
    public static final class Options {
        /** Pixels from one result to the next, 1 or more; default 1. */
        public int stride = 1;
        /** Into how many independent parts the channels are split, 1 or more; default 1. */
        public int groups = 1;
        /** How to normalise; default {@link Norm#BATCH}. */
        public Norm norm = Norm.BATCH;
        /** What makes the activation; default a ReLU in place, null: there is none. */
        public Supplier<? extends Module> activation = Activation::reluInPlace;
        /** Whether the norm comes before the activation; default true. */
        public boolean bnFirst = true;

        private Options() {}
    }

    /** Make a layer with batch norm and ReLU. */
    public ConvLayer(long in, long out, int kernel) {
        this(in, out, kernel, o -> {});
    }

    /**
     * Make a layer with options.
     *
     * @param in number of input channels, 1 or more
     * @param out number of output channels, 1 or more
     * @param kernel height and width of the kernel, 1 or more; an odd one keeps the image's size at stride 1
     * @throws IllegalArgumentException if a number is out of range
     */
    public ConvLayer(long in, long out, int kernel, Consumer<Options> options) {
        super(parts(in, out, kernel, options));
    }

    private static List<Module> parts(long in, long out, int kernel, Consumer<Options> options) {
        Options o = new Options();
        options.accept(o);
        boolean normed = o.norm != Norm.NONE;
        Conv2d conv = new Conv2d(in, out, kernel, c -> {
            c.stride = o.stride;
            c.padding = (kernel - 1) / 2;
            c.groups = o.groups;
            c.bias = !normed;
        });
        Init.kaimingNormal_(conv.weight());
        List<Module> parts = new ArrayList<>(List.of(conv));
        if (normed) {
            BatchNorm2d norm = new BatchNorm2d(out);
            Init.constant_(norm.weight(), o.norm == Norm.BATCH ? 1 : 0);
            parts.add(norm);
        } else {
            Init.zeros_(conv.bias());
        }
        if (o.activation != null) {
            parts.add(o.bnFirst ? parts.size() : 1, o.activation.get());
        }
        return parts;
    }
}
