package dev.cadenza.nn;

import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Tensor;
import java.util.function.Consumer;

/**
 * Slide trained kernels over images ({@code torch.nn.Conv2d}; a cross-correlation, as everywhere in deep learning).
 *
 * <p>Input {@code [N, in, H, W]}, output {@code [N, out, H', W']} with {@code H' = ⌊(H + 2·padding -
 * dilation·(kernel - 1) - 1) / stride⌋ + 1}, and W' alike. State: {@code weight}
 * {@code [out, in / groups, kernel, kernel]}, {@code bias} {@code [out]}; both start uniform in ±1/√(in / groups ·
 * kernel²) (PyTorch's default, Kaiming uniform with a = √5). Leave the bias out before a batch norm, which has one.
 *
 * <pre>{@code
 * Conv2d stem = new Conv2d(3, 64, 7, o -> { o.stride = 2; o.padding = 3; o.bias = false; });
 * Conv2d wide = new Conv2d(1, 8, 3, o -> o.kernelWidth = 5);
 * }</pre>
 */
public final class Conv2d extends Module implements Described {
    /** What can be chosen. */
    public static final class Options extends ConvOptions {
        /** Whether a bias is added; default true. */
        public boolean bias = true;
        /** The width of the kernel; default null: as its height. */
        public Integer kernelWidth;

        private Options() {}
    }

    private final Parameter weight;
    private final Parameter bias;
    private final Options options = new Options();

    /** Make a layer with a square kernel, stride 1, no padding and a bias. */
    public Conv2d(long in, long out, int kernel) {
        this(in, out, kernel, o -> {});
    }

    /**
     * Make a layer with options.
     *
     * @param in number of input channels, 1 or more, a multiple of the groups
     * @param out number of output channels, 1 or more, a multiple of the groups
     * @param kernel height (and, by default, width) of the kernel, 1 or more
     * @throws IllegalArgumentException if a number is out of range
     */
    public Conv2d(long in, long out, int kernel, Consumer<Options> choose) {
        choose.accept(options);
        long[] size = Checks.pair(1, "kernel", kernel, options.kernelWidth);
        options.strides();
        options.paddings();
        options.dilations();
        Checks.atLeast(1, "groups", options.groups);
        Checks.atLeast(1, "in", in);
        Checks.atLeast(1, "out", out);
        Checks.require(in % options.groups == 0, "in", "a multiple of groups = " + options.groups, in);
        Checks.require(out % options.groups == 0, "out", "a multiple of groups = " + options.groups, out);
        weight = Init.newWeight(out, in / options.groups, size[0], size[1]);
        bias = options.bias ? Init.newBias(weight) : null;
    }

    /** Return the weight {@code [out, in / groups, kernel, kernel]}. */
    public Parameter weight() {
        return weight;
    }

    /** Return the bias {@code [out]}, or null if there is none. */
    public Parameter bias() {
        return bias;
    }

    /** Return what this is as plain data. */
    @Override
    public Spec spec() {
        return Spec.of("Conv2d")
                .with("in", weight.size(1) * options.groups)
                .with("out", weight.size(0))
                .with("kernel", weight.size(2))
                .with("kernelWidth", options.kernelWidth)
                .with("stride", options.stride)
                .with("strideWidth", options.strideWidth)
                .with("padding", options.padding)
                .with("paddingWidth", options.paddingWidth)
                .with("dilation", options.dilation)
                .with("dilationWidth", options.dilationWidth)
                .with("groups", options.groups)
                .with("bias", bias != null);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return F.conv2d(x, weight, bias, options);
    }

    @Override
    protected String extraRepr() {
        long[] padding = options.paddings();
        long[] dilation = options.dilations();
        return weight.size(1) * options.groups + ", " + weight.size(0)
                + ", kernel_size=" + Repr.pair(new long[] {weight.size(2), weight.size(3)})
                + ", stride=" + Repr.pair(options.strides())
                + (padding[0] + padding[1] == 0 ? "" : ", padding=" + Repr.pair(padding))
                + (dilation[0] * dilation[1] == 1 ? "" : ", dilation=" + Repr.pair(dilation))
                + (options.groups == 1 ? "" : ", groups=" + options.groups)
                + (bias != null ? "" : ", bias=False");
    }
}
