package dev.cadenza.lessons;

import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * Multiply a hundred matrices, and see why first weights need a scale of their own.
 *
 * <p>A network of a hundred layers without activations is x → W₁₀₀…W₂W₁x. Of n inputs with mean square 1 and weights from
 * N(0, s²), each output is a sum of n products, with mean square n·s²: so much the signal grows in <i>each</i> layer. For
 * n = 512 and s = 1 it is 22.6 times as large after one layer, and after 28 or 29 no float32 any more; with s = 0.01 it is 4.4
 * times smaller after one, and after a hundred nothing is left. Only s = 1/√n keeps it (Glorot and Bengio 2010).
 *
 * <p>ReLU sets half of the sums to 0 and halves the mean square, so that with ReLU it is s = √(2/n) (He et al. 2015).
 * Note what is kept: the mean of squares, not the standard deviation, since after ReLU the mean is no longer 0.
 *
 * <p>What comes back is multiplied by the same matrices: gradients explode and vanish as the signal does.
 */
public final class ExplodingMatmul {
    static final int SIZE = 512;
    static final int LAYERS = 100;
    static final long SEED = 1;

    private ExplodingMatmul() {}

    /**
     * The signal at the end.
     *
     * @param std its standard deviation
     * @param meanSquare the mean of its squares
     * @param lost the layer, from 0, after which it was no number any more; -1 if it was one to the end
     */
    record Signal(double std, double meanSquare, int lost) {}

    /** Run the lesson. */
    public static void main(String[] args) {
        print("seed %d, %d layers of %d x %d%n", SEED, LAYERS, SIZE, SIZE);
        print("%-22s %-10s %9s %12s  %s%n", "weights from N(0, s^2)", "then", "std", "mean square", "");
        double n = SIZE;
        row("s = 1", 1, false);
        row("s = 0.01", 0.01, false);
        row("s = 1 / sqrt(n)", Math.sqrt(1 / n), false);
        row("s = 1 / sqrt(n)", Math.sqrt(1 / n), true);
        row("s = sqrt(2 / n)", Math.sqrt(2 / n), true);
        print(
                "one layer of sqrt(2 / n) with ReLU, mean of 100 draws: mean square %.4f, and %.4f without its 2%n",
                oneLayer(Math.sqrt(2 / n)), oneLayer(Math.sqrt(1 / n)));
    }

    private static void row(String name, double scale, boolean relu) {
        Signal end = deep(scale, relu ? Tensor::relu : x -> x);
        String lost = end.lost < 0 ? "" : "lost at i = " + end.lost;
        print("%-22s %-10s %9.3g %12.3g  %s%n", name, relu ? "ReLU" : "nothing", end.std, end.meanSquare, lost);
    }

    /** Sends random numbers through all layers, each with weights of its own, until they are no numbers any more. */
    static Signal deep(double scale, UnaryOperator<Tensor> activation) {
        Rng rng = new Rng(SEED);
        try (NoGrad off = NoGrad.open();
                Scope scope = Scope.open()) {
            Tensor x = normal(rng, SIZE);
            int lost = -1;
            for (int i = 0; i < LAYERS && lost < 0; i++) {
                try (Scope layer = Scope.open()) {
                    x = activation
                            .apply(normal(rng, SIZE, SIZE).mul(scale).matmul(x))
                            .keep();
                    lost = Double.isFinite(x.std(true).item()) ? -1 : i;
                }
            }
            return new Signal(x.std(true).item(), x.square().mean().item(), lost);
        }
    }

    /** The mean square after a single layer with ReLU, which a hundred draws bring close to what is expected. */
    static double oneLayer(double scale) {
        Rng rng = new Rng(SEED);
        double sum = 0;
        for (int i = 0; i < 100; i++) {
            try (Scope scope = Scope.open()) {
                Tensor y = normal(rng, SIZE, SIZE)
                        .mul(scale)
                        .matmul(normal(rng, SIZE))
                        .relu();
                sum += y.square().mean().item();
            }
        }
        return sum / 100;
    }

    private static Tensor normal(Rng rng, long... shape) {
        return Tensor.zeros(shape).normal_(0, 1, rng);
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format, values);
    }
}
