package dev.cadenza.callback;

import dev.cadenza.data.Batch;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Learner;
import dev.cadenza.train.StateDict;
import dev.cadenza.train.Stateful;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Train a {@link Gan} (Goodfellow et al. 2014): critic and generator take turns in the ordinary loop.
 *
 * <p>Data pair noise z, the input, with real samples x, the target. On the critic's turn the model scores fakes and
 * then reals, {@code [2N, *]}, and the targets are labels: 0 and 1. On the generator's turn, and in validation, it
 * scores fakes, {@code [N, *]}, which shall pass for real: all labels are 1, and the critic is frozen.
 *
 * <pre>{@code
 * Tensor corners = Tensor.rand(8192, 2).sub(0.5).sign();
 * Dataset train = new TensorDataset(Tensor.randn(8192, 8), corners.add(Tensor.randn(8192, 2), 0.2));
 * Dataset valid = new TensorDataset(Tensor.randn(512, 8), corners.narrow(0, 0, 512));
 * Module generator = Sequential.of(new Linear(8, 64), F::relu, new Linear(64, 64), F::relu, new Linear(64, 2));
 * Layer leaky = Activation.leakyRelu(0.2);
 * Module critic = Sequential.of(new Linear(2, 64), leaky, new Linear(64, 64), leaky, new Linear(64, 1));
 * DataLoaders pairs = DataLoaders.of(train, valid, o -> o.batchSize = 256);
 * new Learner(pairs, new Gan(generator, critic), Losses.bceWithLogits())
 *         .optimizer(Optimizers.adam(o -> { o.mom = 0; o.wd = 0; }))      // with momentum they overshoot each other
 *         .fit(100, 1e-3, new GanTrainer());
 * Tensor samples = generator.forward(Tensor.randn(1000, 8));
 * }</pre>
 *
 * <p>Other losses make other GANs, see {@link GanOptions}. One optimizer passes over the side that waits, having no
 * gradients, and counts the updates of each parameter. Losses tell whether the sides keep a balance, not how good
 * samples are; the recorded {@code train_loss} mixes both sides: see {@link #criticLoss} and {@link #generatorLoss}.
 */
public final class GanTrainer implements Callback, Stateful {
    private final GanOptions options;
    private GanScore score = new GanScore();
    private List<Parameter> frozen = List.of();

    /** Let critic and generator alternate, with labels 1 and 0. */
    public GanTrainer() {
        this(o -> {});
    }

    /**
     * Train with options.
     *
     * @throws IllegalArgumentException if an option is out of range
     */
    public GanTrainer(Consumer<GanOptions> options) {
        this.options = GanOptions.of(options);
    }

    /** Return the loss of the critic's turns in the last fit, each 0.98 times the weight of the next; or NaN. */
    public double criticLoss() {
        return score.critic.value();
    }

    /** Return the loss of the generator's turns in the last fit, averaged like {@link #criticLoss}. */
    public double generatorLoss() {
        return score.generator.value();
    }

    /** Return 10: after those that prepare the batch. */
    @Override
    public double order() {
        return 10;
    }

    @Override
    public Set<Class<? extends Callback>> excludes() {
        return Set.of(GanTrainer.class);
    }

    @Override
    public List<String> problems(Learner learn) {
        return learn.model() instanceof Gan
                ? List.of()
                : List.of("GanTrainer trains a Gan, but the model is a "
                        + learn.model().getClass().getSimpleName() + "; make it new Gan(generator, critic)");
    }

    /** Begin with each fit, not each epoch: one may have fewer batches than a turn. */
    @Override
    public void beforeTrain(Learner learn) {
        if (learn.epoch() == 0) {
            score = new GanScore();
        }
    }

    @Override
    public void beforeBatch(Learner learn) {
        Batch pair = learn.batch();
        if (pair.inputs().size() != 1 || pair.targets().size() != 1) {
            throw new IllegalArgumentException("wanted one input (noise) and one target (reals), but the batch has "
                    + pair.inputs().size() + " and " + pair.targets().size());
        }
        if (!learn.training()) {
            return;
        }
        score.begin(options.turns);
        if (score.generates()) {
            frozen = trained(learn);
            frozen.forEach(parameter -> parameter.requiresGrad_(false));
        } else {
            learn.batch(new Batch(List.of(pair.input(), pair.target()), pair.targets()));
        }
    }

    private static List<Parameter> trained(Learner learn) {
        return ((Gan) learn.model())
                .critic().parameters().stream().filter(Tensor::requiresGrad).toList();
    }

    private boolean criticPlays(Learner learn) {
        return learn.training() && !score.generates();
    }

    /** Only here is it known whether the critic scores samples, patches of them or something else. */
    @Override
    public void afterPred(Learner learn) {
        Tensor labels = learn.pred().zerosLike().fill_(options.real);
        if (criticPlays(learn)) {
            labels.narrow(0, 0, labels.size(0) / 2).fill_(options.fake);
        }
        learn.batch(new Batch(learn.batch().inputs(), List.of(labels)));
    }

    @Override
    public Runnable undo(Learner learn) {
        return score.undoTurn();
    }

    @Override
    public void afterStep(Learner learn) {
        if (criticPlays(learn) && options.clip < Double.POSITIVE_INFINITY) {
            trained(learn).stream()
                    .map(Tensor::detach)
                    .forEach(data -> data.copy_(data.clamp(-options.clip, options.clip)));
        }
        score.end(learn.loss().item()); // a batch whose step was cancelled goes on with the turn
    }

    @Override
    public void afterBatch(Learner learn) {
        frozen.forEach(parameter -> parameter.requiresGrad_(true));
        frozen = List.of();
    }

    @Override
    public void saveState(Learner learn, StateDict state) {
        score.save(state);
    }

    @Override
    public void loadState(Learner learn, StateDict state) {
        score.load(state);
    }
}
