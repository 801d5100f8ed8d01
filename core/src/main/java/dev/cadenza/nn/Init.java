package dev.cadenza.nn;

import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Fill weights with their first values ({@code torch.nn.init}), in place, without recording gradients.
 *
 * <p>Good first values keep the spread of activations, and of gradients, the same from layer to layer. What counts is
 * the fan: for {@code [out, in, *]} fan-in is {@code in · *} and fan-out is {@code out · *}. All draw from the
 * process-wide generator, and return the tensor.
 *
 * <pre>{@code
 * Linear linear = new Linear(784, 50);
 * Init.kaimingNormal_(linear.weight());
 * Init.zeros_(linear.bias());
 * Conv2d conv = new Conv2d(3, 64, 7);
 * Init.kaimingNormal_(conv.weight(), o -> { o.a = 0.1; o.fanOut = true; });
 * }</pre>
 */
public final class Init {
    private Init() {}

    /** What can be chosen of Kaiming's ways. */
    public static final class KaimingOptions {
        /** Slope of the leaky ReLU that follows, for negative values; default 0: a plain ReLU. */
        public double a;
        /** Whether the spread of gradients is kept, not that of activations: fan-out, not fan-in; default false. */
        public boolean fanOut;
        /** Factor of the standard deviation; default null: {@code √(2 / (1 + a²))}. 1 suits no activation at all. */
        public Double gain;

        private KaimingOptions() {}

        private double std(Tensor t) {
            return (gain != null ? gain : Math.sqrt(2 / (1 + a * a))) / Math.sqrt(fan(t, fanOut));
        }
    }

    /** Draw for a following ReLU by {@link #kaimingUniform_(Tensor, Consumer)}. */
    public static Tensor kaimingUniform_(Tensor t) {
        return kaimingUniform_(t, o -> {});
    }

    /**
     * Draw from U(-bound, bound), {@code bound = gain · √(3 / fan)} (He et al. 2015, Delving Deep into Rectifiers).
     *
     * @param t {@code [out, in, *]}
     * @throws TensorException if t has less than two dimensions
     */
    public static Tensor kaimingUniform_(Tensor t, Consumer<KaimingOptions> options) {
        double bound = Math.sqrt(3) * kaimingStd(t, options);
        return uniform_(t, -bound, bound);
    }

    /** Draw for a following ReLU by {@link #kaimingNormal_(Tensor, Consumer)}. */
    public static Tensor kaimingNormal_(Tensor t) {
        return kaimingNormal_(t, o -> {});
    }

    /**
     * Draw from N(0, std²), {@code std = gain / √fan} (He et al. 2015, Delving Deep into Rectifiers).
     *
     * @param t {@code [out, in, *]}
     * @throws TensorException if t has less than two dimensions
     */
    public static Tensor kaimingNormal_(Tensor t, Consumer<KaimingOptions> options) {
        return normal_(t, 0, kaimingStd(t, options));
    }

    private static double kaimingStd(Tensor t, Consumer<KaimingOptions> options) {
        KaimingOptions o = new KaimingOptions();
        options.accept(o);
        return o.std(t);
    }

    /** Draw by {@link #xavierUniform_(Tensor, double)} with gain 1. */
    public static Tensor xavierUniform_(Tensor t) {
        return xavierUniform_(t, 1);
    }

    /**
     * Draw from U(-bound, bound), {@code bound = gain · √(6 / (fanIn + fanOut))}, for tanh and sigmoid (Glorot and
     * Bengio 2010, Understanding the Difficulty of Training Deep Feedforward Neural Networks).
     *
     * @throws TensorException if t has less than two dimensions
     */
    public static Tensor xavierUniform_(Tensor t, double gain) {
        double bound = Math.sqrt(3) * xavierStd(t, gain);
        return uniform_(t, -bound, bound);
    }

    /** Draw by {@link #xavierNormal_(Tensor, double)} with gain 1. */
    public static Tensor xavierNormal_(Tensor t) {
        return xavierNormal_(t, 1);
    }

    /**
     * Draw from N(0, std²), {@code std = gain · √(2 / (fanIn + fanOut))}, otherwise as {@link #xavierUniform_}.
     *
     * @throws TensorException if t has less than two dimensions
     */
    public static Tensor xavierNormal_(Tensor t, double gain) {
        return normal_(t, 0, xavierStd(t, gain));
    }

    private static double xavierStd(Tensor t, double gain) {
        return gain * Math.sqrt(2.0 / (fan(t, false) + fan(t, true)));
    }

    private static long fan(Tensor t, boolean out) {
        if (t.dim() < 2) {
            throw new TensorException("Init: wanted a weight of two dimensions or more, which has a fan-in, but got "
                    + t.describe() + "; for a bias use zeros_, constant_ or uniform_");
        }
        long fan = t.size(out ? 0 : 1);
        for (int i = 2; i < t.dim(); i++) {
            fan *= t.size(i);
        }
        return fan;
    }

    /** Draw from U[low, high). */
    public static Tensor uniform_(Tensor t, double low, double high) {
        return Blank.isOn() ? t : quietly(() -> t.uniform_(low, high));
    }

    /** Draw from N(mean, std²). */
    public static Tensor normal_(Tensor t, double mean, double std) {
        return Blank.isOn() ? t : quietly(() -> t.normal_(mean, std));
    }

    /** Set all elements to a number. */
    public static Tensor constant_(Tensor t, double value) {
        return quietly(() -> t.fill_(value));
    }

    /** Set all elements to 0. */
    public static Tensor zeros_(Tensor t) {
        return constant_(t, 0);
    }

    /** Set all elements to 1. */
    public static Tensor ones_(Tensor t) {
        return constant_(t, 1);
    }

    private static Tensor quietly(Supplier<Tensor> f) {
        try (NoGrad off = NoGrad.open()) {
            return f.get();
        }
    }

    /** A new layer's weight as PyTorch draws it: Kaiming uniform with a = √5, which is U(±1/√fanIn). */
    static Parameter newWeight(long... shape) {
        return new Parameter(kaimingUniform_(Tensor.zeros(Blank.claim(shape)), o -> o.a = Math.sqrt(5)));
    }

    /** A new layer's bias {@code [out]} as PyTorch draws it, after the weight: U(±1/√fanIn). */
    static Parameter newBias(Tensor weight) {
        double bound = 1 / Math.sqrt(fan(weight, false));
        return new Parameter(uniform_(Tensor.zeros(Blank.claim(weight.size(0))), -bound, bound));
    }
}
