package dev.cadenza.callback;

import dev.cadenza.nn.Recurrent;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Learner;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Keep the activations of a recurrent model small, and close to those of the step before (Merity et al. 2017,
 * Regularizing and Optimizing LSTM Language Models).
 *
 * <p>In training, for each {@link Recurrent} module with output {@code [N, T, C]}, to the loss is added
 *
 * <ul>
 *   <li>{@code alpha · mean(out²)} of the output after dropout (activation regularisation, AR), and
 *   <li>{@code beta · mean((h[:, t + 1] - h[:, t])²)} of the output before it (temporal, TAR), if T is above 1.
 * </ul>
 *
 * <p>The recorded training loss includes both. A fit of a model without such a module is refused.
 *
 * <pre>{@code
 * learn.add(new ModelResetter(), new RNNRegularizer(o -> { o.alpha = 1; o.beta = 0.5; }));
 * }</pre>
 */
public final class RNNRegularizer implements Callback {
    /** What can be chosen. */
    public static final class Options {
        /** How much large activations cost, 0 or more; default 2. */
        public double alpha = 2;

        /** How much changes from step to step cost, 0 or more; default 1. */
        public double beta = 1;

        private Options() {}
    }

    private final Options options = new Options();

    /** Regularise with alpha 2 and beta 1. */
    public RNNRegularizer() {
        this(o -> {});
    }

    /**
     * Regularise with options.
     *
     * @throws IllegalArgumentException if an option is below 0
     */
    public RNNRegularizer(Consumer<Options> options) {
        options.accept(this.options);
        if (!(this.options.alpha >= 0 && this.options.beta >= 0)) {
            throw new IllegalArgumentException(
                    "wanted alpha and beta of 0 or more, but got: " + this.options.alpha + " and " + this.options.beta);
        }
    }

    /** Return 1: add to the loss that {@link MixUp} may have made. */
    @Override
    public double order() {
        return 1;
    }

    @Override
    public List<String> problems(Learner learn) {
        return ModelResetter.missing(this, learn);
    }

    @Override
    public void afterLoss(Learner learn) {
        if (learn.training()) {
            ModelResetter.recurrent(learn).forEach(rnn -> learn.loss(regularize(learn.loss(), rnn)));
        }
    }

    /** Adds what the output of a module for the last batch costs. */
    Tensor regularize(Tensor loss, Recurrent rnn) {
        Tensor out = required(rnn.droppedOutput(), "droppedOutput", rnn);
        Tensor h = required(rnn.rawOutput(), "rawOutput", rnn);
        Tensor sum = options.alpha == 0 ? loss : loss.add(out.square().mean(), options.alpha);
        long changes = h.size(1) - 1;
        return options.beta == 0 || changes < 1
                ? sum
                : sum.add(
                        h.narrow(1, 1, changes)
                                .sub(h.narrow(1, 0, changes))
                                .square()
                                .mean(),
                        options.beta);
    }

    private static Tensor required(Tensor output, String name, Recurrent rnn) {
        return Objects.requireNonNull(
                output, () -> name + "() of " + Inputs.name(rnn) + " is null; it must be set when a batch is computed");
    }
}
