package dev.cadenza.lessons;

import dev.cadenza.data.Batch;
import dev.cadenza.data.Digits;
import dev.cadenza.nn.Conv2d;
import dev.cadenza.nn.Hook;
import dev.cadenza.nn.Init;
import dev.cadenza.nn.Lsuv;
import dev.cadenza.nn.Module;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Ask what the √5 does in {@code kaiming_uniform_(weight, a = √5)}, by which convolutions start in PyTorch, and here.
 *
 * <p>Kaiming's bound for a leaky ReLU of slope a is √(6 / ((1 + a²) · fan)). With a = √5 it is 1/√fan, which is what Torch
 * did long before, written in the words of 2015; nobody meant a slope of 2.2. A uniform number below b in size has variance
 * b²/3, so that a layer gives a third of the variance it takes, and ReLU, which halves the mean square, leaves a sixth. The
 * signal shrinks from layer to layer, and the gradients on their way back (pytorch#18182, asked in fast.ai's course).
 *
 * <p>Two cures. <b>Proper init</b> reckons: a = 0 for ReLU, biases 0. <b>LSUV</b> ({@link Lsuv}) measures: it divides each
 * layer's weight by the spread that a batch has there, whatever its activations and fans.
 */
public final class WhySqrt5 {
    static final long SEED = 1;

    private WhySqrt5() {}

    /** The network of the course: 28 → 14 → 7 → 4 → 2 pixels, of which the mean is taken. */
    static final class Net extends Module {
        final List<Conv2d> convs = List.of(conv(1, 8, 5), conv(8, 16, 3), conv(16, 32, 3), conv(32, 1, 3));

        @Override
        protected Tensor compute(Tensor x) {
            Tensor y = convs.get(0).forward(x);
            for (Conv2d conv : convs.subList(1, 4)) {
                y = conv.forward(y.relu());
            }
            return y.mean(false, 1, 2, 3);
        }
    }

    /** Standard deviations: after each convolution, of what the network gives, and of the first weight's gradient. */
    record Spread(List<Double> activations, double output, double gradient) {}

    /** Run the lesson. */
    public static void main(String[] args) {
        print("seed %d; variance of 5x5 convolutions of N(0, 1): 2 / (1 + a^2), less the padding%n", SEED);
        try (Scope scope = Scope.open()) {
            for (double a : new double[] {0, 1, Math.sqrt(5)}) {
                print("  a = %.3f: expected %.3f, measured %.3f%n", a, 2 / (1 + a * a), variance(a));
            }
            Batch digits = digits();
            Net net = net();
            print("std of     conv 1   conv 2   conv 3   conv 4   output   gradient of conv 1%n");
            row("sqrt(5)", net, digits);
            Lsuv.init(net, digits.input());
            row("  +LSUV", net, digits);
            properly(net);
            row("proper", net, digits);
        }
    }

    private static void row(String name, Net net, Batch digits) {
        Spread s = spread(net, digits);
        print("%-8s", name);
        s.activations.forEach(std -> print(" %8.4f", std));
        print(" %8.4f %8.4f%n", s.output, s.gradient);
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format, values);
    }

    /** The variance that one convolution gives of unit normal noise. */
    static double variance(double a) {
        Rng.global().seed(SEED);
        Conv2d conv = conv(1, 32, 5);
        Init.kaimingUniform_(conv.weight(), o -> o.a = a);
        Init.zeros_(conv.bias());
        Tensor y = conv.forward(Tensor.randn(64, 1, 28, 28));
        return y.var(true, false, 0, 1, 2, 3).item();
    }

    private static Conv2d conv(long in, long out, int kernel) {
        return new Conv2d(in, out, kernel, o -> {
            o.stride = 2;
            o.padding = kernel / 2;
        });
    }

    static Net net() {
        Rng.global().seed(SEED);
        return new Net();
    }

    static void properly(Net net) {
        net.convs.forEach(conv -> Init.kaimingUniform_(conv.weight()));
        net.convs.forEach(conv -> Init.zeros_(conv.bias()));
    }

    /** A hundred digits with mean 0 and deviation 1, and what they show as a number to come near to. */
    static Batch digits() {
        Batch all = Step1Sgd.all(Digits.make(SEED).valid());
        Tensor x = all.input().narrow(0, 0, 100);
        Tensor normal = x.sub(x.mean()).div(x.std(true)).view(-1, 1, 28, 28);
        return Batch.of(normal, all.target().narrow(0, 0, 100).to(DType.FLOAT32));
    }

    static Spread spread(Net net, Batch batch) {
        List<Double> stds = new ArrayList<>();
        Hook.Forward look = (module, inputs, output) -> {
            stds.add(output.std(false).item());
            return output;
        };
        List<Hook> hooks = net.convs.stream().map(conv -> conv.onForward(look)).toList();
        net.zeroGrad();
        Tensor output = net.forward(batch.input());
        output.sub(batch.target()).square().mean().backward();
        hooks.forEach(Hook::close);
        Tensor gradient = net.convs.get(0).weight().grad();
        return new Spread(stds, output.std(false).item(), gradient.std(false).item());
    }
}
