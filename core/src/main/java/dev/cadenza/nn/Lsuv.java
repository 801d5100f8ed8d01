package dev.cadenza.nn;

import dev.cadenza.tensor.Tensor;
import java.util.List;
import java.util.function.Consumer;

/**
 * Scale the weights of each layer so that its output for a batch has standard deviation 1 (LSUV; Mishkin and Matas 2015,
 * All You Need Is a Good Init).
 *
 * <p>The formulas of {@link Init} hold for one kind of layer before one kind of activation. Here the batch itself tells
 * how much is lost or gained, whatever stands between the layers: each {@link Linear} and {@link Conv2d}, in the order
 * in which they are run, divides its weight by the standard deviation of its output until that is 1, and only then does
 * the next one see it.
 *
 * <pre>{@code
 * Lsuv.init(model, images).forEach(System.out::println);
 * Lsuv.init(model, images, o -> o.center = true);
 * }</pre>
 *
 * <p>The paper starts from orthonormal weights, this from those that the layers have: draw others by {@code Init}
 * first. Frozen weights stay as they are. A layer that is run several times is scaled for its first run.
 *
 * <p>Batch norms take the batch's statistics meanwhile, all else is in inference mode, so that nothing is dropped.
 * Modes, buffers and the process-wide generator are afterwards as before; if it fails, weights too.
 */
public final class Lsuv {
    /** What can be chosen. */
    public static final class Options {
        /** How far from 1 a standard deviation may be, above 0; default 1e-3. The paper is content with 0.1. */
        public double tolerance = 1e-3;
        /** How often a layer is scaled at most, 1 or more; default 10. One is enough where there is no bias. */
        public int most = 10;
        /** Whether biases are shifted, too, until the mean of the output is 0, as fast.ai does; default false. */
        public boolean center;

        private Options() {}
    }

    /**
     * What was done to a layer.
     *
     * @param name in the model, as in {@link Module#namedModules}
     * @param stdBefore the standard deviation of its output with its own weight, when the layers before had been scaled
     * @param std the one that it has now; further from 1 than the tolerance if {@link Options#most} was not enough
     * @param iterations how often it was scaled
     */
    public record Scaled(String name, double stdBefore, double std, int iterations) {}

    private Lsuv() {}

    /** Scale with the usual options; otherwise as {@link #init(Module, List, Consumer)}. */
    public static List<Scaled> init(Module model, Tensor input) {
        return init(model, input, o -> {});
    }

    /** Scale a model of one input; otherwise as {@link #init(Module, List, Consumer)}. */
    public static List<Scaled> init(Module model, Tensor input, Consumer<Options> options) {
        return init(model, List.of(input), options);
    }

    /**
     * Scale all layers, in one pass through the model.
     *
     * @param inputs those of one batch, prepared as for training
     * @return what was done, in the order of running
     * @throws IllegalArgumentException if an option is out of range, no layer was run whose weight is trained, or the
     *     output of one does not vary or is not finite
     */
    public static List<Scaled> init(Module model, List<Tensor> inputs, Consumer<Options> options) {
        Options o = new Options();
        options.accept(o);
        Checks.require(o.tolerance > 0, "tolerance", "above 0", o.tolerance);
        Checks.atLeast(1, "most", o.most);
        return new LsuvPass(o).run(model, inputs);
    }
}
