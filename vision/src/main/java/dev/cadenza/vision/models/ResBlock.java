package dev.cadenza.vision.models;

import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.nn.Activation;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Add what convolutions make of images to the images themselves, and activate: {@code act(convpath(x) + idpath(x))}
 * (fastai's {@code ResBlock}; He et al. 2018, Bag of Tricks for Image Classification).
 *
 * <p>Input {@code [N, in·expansion, H, W]}, output {@code [N, out·expansion, ⌈H/stride⌉, ⌈W/stride⌉]}. With expansion 1
 * convpath is two convolutions of 3×3, else one of 1×1 to {@code out}, one of 3×3 with the stride, and one of 1×1. Where
 * the size changes, idpath pools first, so that no pixel is thrown away unseen; where the channels do, it then projects
 * by 1×1. The last batch norm of convpath starts as 0: the block starts as the identity.
 *
 * <pre>{@code
 * import dev.cadenza.vision.models.ResBlock;
 *
 * Module same = new ResBlock(1, 64, 64);
 * Module half = new ResBlock(4, 64, 128, o -> { o.stride = 2; o.activation = Activation::mish; });
 * }</pre>
 */
public final class ResBlock extends Module implements Described {
    /** What can be chosen; {@link XResNet} passes it on to all its blocks. */
    public static class Options {
        /** By how much the image gets smaller, 1 or more; default 1. */
        public int stride = 1;
        /** Into how many parts the 3×3 convolution with the stride is split, 1 or more; default 1. */
        public int groups = 1;
        /** What makes the activations; default a ReLU in place. */
        public Supplier<? extends Module> activation = Activation::reluInPlace;
        /** How idpath makes images smaller; default {@link Pool#AVG}. */
        public Pool pool = Pool.AVG;
        /** Factor by which squeeze-and-excite narrows the channels, 1 or more; default 0: there is none. */
        public int reduction;

        Options() {}
    }

    private final Sequential convpath;
    private final Sequential idpath;
    private final Module act;

    ResBlock(Spec spec) {
        convpath = spec.part("convpath", Sequential.class);
        idpath = spec.part("idpath", Sequential.class);
        act = spec.part("act", Module.class);
    }

    /** Make a block that keeps the image's size. */
    public ResBlock(int expansion, long in, long out) {
        this(expansion, in, out, o -> {});
    }

    /**
     * Make a block with options.
     *
     * @param expansion by how much input and output are wider than {@code in} and {@code out}, 1 or more
     * @param in channels of the input, before expansion, 1 or more
     * @param out channels of the output, before expansion, 1 or more
     * @throws IllegalArgumentException if a number is out of range
     */
    public ResBlock(int expansion, long in, long out, Consumer<? super Options> options) {
        Options o = new Options();
        options.accept(o);
        Blocks.require(expansion >= 1, "expansion", "at least 1", expansion);
        Blocks.require(o.reduction >= 0, "reduction", "0 or more", o.reduction);
        Blocks.require(o.activation != null, "activation", "a maker of modules, such as Identity::new", null);
        long wideIn = in * expansion;
        long wideOut = out * expansion;
        List<Module> path = new ArrayList<>();
        if (expansion == 1) {
            path.add(convolution(wideIn, out, 3, o));
            path.add(last(out, wideOut, 3));
        } else {
            path.add(new ConvLayer(wideIn, out, 1, c -> c.activation = o.activation));
            path.add(convolution(out, out, 3, o));
            path.add(last(out, wideOut, 1));
        }
        if (o.reduction > 0) {
            path.add(new SqueezeExcite(wideOut, o.reduction, o.activation));
        }
        convpath = Sequential.of(path);
        idpath = idpath(wideIn, wideOut, o);
        act = o.activation.get();
    }

    private static ConvLayer convolution(long in, long out, int kernel, Options o) {
        return new ConvLayer(in, out, kernel, c -> {
            c.stride = o.stride;
            c.groups = o.groups;
            c.activation = o.activation;
        });
    }

    private static ConvLayer last(long in, long out, int kernel) {
        return new ConvLayer(in, out, kernel, c -> {
            c.norm = ConvLayer.Norm.BATCH_ZERO;
            c.activation = null;
        });
    }

    private static Sequential idpath(long in, long out, Options o) {
        List<Module> path = new ArrayList<>();
        if (o.stride != 1) {
            path.add(o.pool.of(in, o.stride));
        }
        if (in != out) {
            path.add(new ConvLayer(in, out, 1, c -> c.activation = null));
        }
        return Sequential.of(path);
    }

    /** Return what this is as plain data. */
    @Override
    public Spec spec() {
        return Spec.of("ResBlock")
                .with("convpath", convpath)
                .with("idpath", idpath)
                .with("act", act);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return act.forward(Blocks.sum(convpath.forward(x), idpath.forward(x)));
    }
}
