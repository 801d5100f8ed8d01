package dev.cadenza.nn;

import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.tensor.GradHook;
import dev.cadenza.tensor.Kernels;
import dev.cadenza.tensor.Tensor;

/**
 * Apply a function of {@link F} as a layer with a name, without state. {@code F::relu} is a layer too; this one shows
 * its name when the model is printed and is found in {@link Module#namedModules}.
 *
 * <pre>{@code
 * Module model = Sequential.of(new Linear(4, 5), Activation.relu(), new Linear(5, 3));
 * }</pre>
 */
public final class Activation extends Module implements Described {
    private final String name;
    private final Layer function;
    private final String maker;
    private final double[] arguments;

    private Activation(String maker, String name, Layer function, double... arguments) {
        this.maker = maker;
        this.name = name;
        this.function = function;
        this.arguments = arguments;
    }

    /** Make {@link F#relu} a layer. */
    public static Activation relu() {
        return new Activation("relu", "ReLU()", F::relu);
    }

    /**
     * Make {@link F#relu} a layer that writes over its input, which must be of no use to what made it: right after a
     * batch norm or a sum ({@code torch.nn.ReLU(inplace=True)}).
     *
     * <p>It saves a tensor of the input's size in each forward pass. What is kept of the input elsewhere, by a forward
     * hook for example, shows the output from then on; an input whose gradient a hook watches is left as it is.
     */
    public static Activation reluInPlace() {
        return new Activation("reluInPlace", "ReLU(inplace=True)", x -> GradHook.isOn(x) ? x.relu() : x.relu_());
    }

    /** Make {@link F#leakyRelu} a layer. */
    public static Activation leakyRelu(double slope) {
        return new Activation(
                "leakyRelu", "LeakyReLU(negative_slope=" + Repr.number(slope) + ")", x -> F.leakyRelu(x, slope), slope);
    }

    /** Make {@link F#elu} a layer. */
    public static Activation elu(double alpha) {
        return new Activation("elu", "ELU(alpha=" + Repr.number(alpha) + ")", x -> F.elu(x, alpha), alpha);
    }

    /**
     * Make a layer of {@code x} where it is positive, else {@code alpha · (e^(x/alpha) - 1)}, whose slope at 0 is 1 for
     * every alpha ({@code torch.nn.CELU}; Barron 2017).
     *
     * @param alpha how far below 0 it goes, above 0; PyTorch's default is 1
     * @throws IllegalArgumentException if alpha is not above 0
     */
    public static Activation celu(double alpha) {
        Checks.require(alpha > 0, "alpha", "above 0", alpha);
        return new Activation("celu", "CELU(alpha=" + Repr.number(alpha) + ")", x -> Kernels.celu(x, alpha), alpha);
    }

    /** Make {@link F#gelu} a layer. */
    public static Activation gelu() {
        return new Activation("gelu", "GELU(approximate='none')", F::gelu);
    }

    /** Make {@link F#geluTanh} a layer. */
    public static Activation geluTanh() {
        return new Activation("geluTanh", "GELU(approximate='tanh')", F::geluTanh);
    }

    /** Make {@link F#silu} a layer. */
    public static Activation silu() {
        return new Activation("silu", "SiLU()", F::silu);
    }

    /** Make {@link F#mish} a layer. */
    public static Activation mish() {
        return new Activation("mish", "Mish()", F::mish);
    }

    /** Make {@link F#sigmoid} a layer. */
    public static Activation sigmoid() {
        return new Activation("sigmoid", "Sigmoid()", F::sigmoid);
    }

    /** Make {@link F#tanh} a layer. */
    public static Activation tanh() {
        return new Activation("tanh", "Tanh()", F::tanh);
    }

    /** Make {@link F#softplus} a layer. */
    public static Activation softplus() {
        return new Activation("softplus", "Softplus(beta=1.0, threshold=20.0)", F::softplus);
    }

    /** Make {@link F#hardswish} a layer. */
    public static Activation hardswish() {
        return new Activation("hardswish", "Hardswish()", F::hardswish);
    }

    /** Make {@link F#selu} a layer. */
    public static Activation selu() {
        return new Activation("selu", "SELU()", F::selu);
    }

    /** Make {@link F#relu6} a layer. */
    public static Activation relu6() {
        return new Activation("relu6", "ReLU6()", F::relu6);
    }

    /** Make {@link F#softmax} along a dimension a layer. */
    public static Activation softmax(long dim) {
        return new Activation("softmax", "Softmax(dim=" + dim + ")", x -> F.softmax(x, dim), dim);
    }

    /** Make {@link F#logSoftmax} along a dimension a layer. */
    public static Activation logSoftmax(long dim) {
        return new Activation("logSoftmax", "LogSoftmax(dim=" + dim + ")", x -> F.logSoftmax(x, dim), dim);
    }

    /** Make {@link F#sigmoidRange} a layer. */
    public static Activation sigmoidRange(double low, double high) {
        return new Activation(
                "sigmoidRange",
                "SigmoidRange(low=" + Repr.number(low) + ", high=" + Repr.number(high) + ")",
                x -> F.sigmoidRange(x, low, high),
                low,
                high);
    }

    static Activation of(Spec spec) {
        double[] a = spec.numbers("arguments");
        String maker = spec.text("function");
        return switch (maker + a.length) {
            case "relu0" -> relu();
            case "reluInPlace0" -> reluInPlace();
            case "leakyRelu1" -> leakyRelu(a[0]);
            case "elu1" -> elu(a[0]);
            case "celu1" -> celu(a[0]);
            case "gelu0" -> gelu();
            case "geluTanh0" -> geluTanh();
            case "silu0" -> silu();
            case "mish0" -> mish();
            case "sigmoid0" -> sigmoid();
            case "tanh0" -> tanh();
            case "softplus0" -> softplus();
            case "hardswish0" -> hardswish();
            case "selu0" -> selu();
            case "relu60" -> relu6();
            case "softmax1" -> softmax((long) a[0]);
            case "logSoftmax1" -> logSoftmax((long) a[0]);
            case "sigmoidRange2" -> sigmoidRange(a[0], a[1]);
            default ->
                throw new IllegalArgumentException("found no function '" + maker + "' of " + a.length + " arguments");
        };
    }

    /** Return what this is as plain data. */
    @Override
    public Spec spec() {
        return Spec.of("Activation").with("function", maker).with("arguments", arguments);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return function.forward(x);
    }

    @Override
    public String toString() {
        return name;
    }
}
