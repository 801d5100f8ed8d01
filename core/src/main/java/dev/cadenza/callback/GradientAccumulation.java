package dev.cadenza.callback;

import dev.cadenza.tensor.Buffer;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Learner;
import dev.cadenza.train.StateDict;
import dev.cadenza.train.Stateful;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Step only after so many samples, adding up the gradients of the batches: a large batch where memory holds a small one.
 *
 * <p>Each sample counts {@code 1 / samples}, whatever batch it came in: batches that make up {@code samples} together
 * give the gradients of one batch of that size. The recorded losses stay those of the single batches.
 *
 * <pre>{@code
 * learn.add(new GradientAccumulation(256));                                    // 4 batches of 64
 * learn.add(new GradientAccumulation(256, o -> o.tail = GradientAccumulation.Tail.STEP));
 * }</pre>
 *
 * <p>The other batches' steps are cancelled ({@code AFTER_CANCEL_STEP} plays). Layers that look at a whole batch, such as
 * batch normalisation, still see the small one.
 */
public final class GradientAccumulation implements Callback, Stateful {
    /** What becomes of gradients at the end of an epoch that are too few for a step. */
    public enum Tail {
        /** The next epoch goes on with them; at the end of the fit they are dropped. */
        CARRY,
        /** The last batch of an epoch steps with what there is; an epoch that is left before its last batch drops them. */
        STEP,
        /** They are dropped. */
        DROP
    }

    /** What can be chosen. */
    public static final class Options {
        /** What becomes of gradients at the end of an epoch that are too few; default {@link Tail#CARRY}, as in fastai. */
        public Tail tail = Tail.CARRY;

        private Options() {}
    }

    private final Options options = new Options();
    private final long samples;
    private final IdentityHashMap<Parameter, Buffer> held = new IdentityHashMap<>();
    private final IdentityHashMap<Parameter, Buffer> copies = new IdentityHashMap<>(); // for undo
    private long count;

    /** Step after so many samples, 1 or more, or the batch in which they are reached ({@code n_acc}, 32 in fastai). */
    public GradientAccumulation(long samples) {
        this(samples, o -> {});
    }

    /**
     * Accumulate with options.
     *
     * @throws IllegalArgumentException if samples is out of range
     */
    public GradientAccumulation(long samples, Consumer<Options> options) {
        Checks.require(samples >= 1, "1 sample or more for a step", samples);
        this.samples = samples;
        options.accept(this.options);
        Objects.requireNonNull(this.options.tail, "tail is null; wanted CARRY, STEP or DROP");
    }

    /** Return 6, as in fastai: before clipping, which wants the sum. */
    @Override
    public double order() {
        return 6;
    }

    @Override
    public Set<Class<? extends Callback>> excludes() {
        return Set.of(GradientAccumulation.class);
    }

    @Override
    public void beforeFit(Learner learn) {
        drop();
    }

    @Override
    public void beforeBackward(Learner learn) {
        learn.scaleBackward((double) learn.batch().size() / samples);
        held.forEach(Parameter::setGrad); // back-propagation adds to them in place
        release();
    }

    @Override
    public void beforeStep(Learner learn) {
        count += learn.batch().size();
        boolean last = learn.batchIndex() == learn.batches() - 1;
        if (count < samples && !(last && options.tail == Tail.STEP)) {
            learn.optimizer().groups().forEach(group -> group.parameters().forEach(this::hold));
            throw Cancel.step(count + " of " + samples + " samples");
        }
        count = 0;
    }

    /** Keeps a gradient over the zeroGrad that follows each step, also one that was cancelled. */
    private void hold(Parameter parameter) {
        if (parameter.hasGrad()) {
            held.put(parameter, new Buffer(parameter.grad()));
        }
    }

    @Override
    public Runnable undo(Learner learn) {
        long before = count;
        List<Parameter> heldBefore = List.copyOf(held.keySet());
        try (NoGrad off = NoGrad.open()) {
            held.forEach((parameter, gradient) -> {
                Buffer copy = copies.computeIfAbsent(parameter, p -> new Buffer(gradient.zerosLike()));
                copy.copy_(gradient); // back-propagation adds to the gradient itself
            });
        }
        return () -> {
            drop();
            count = before;
            heldBefore.forEach(parameter ->
                    held.put(parameter, new Buffer(copies.get(parameter).clone())));
        };
    }

    @Override
    public void afterTrain(Learner learn) {
        if (options.tail != Tail.CARRY) {
            drop();
        }
    }

    @Override
    public void afterFit(Learner learn) {
        drop();
        copies.values().forEach(Buffer::close);
        copies.clear();
    }

    @Override
    public void saveState(Learner learn, StateDict state) {
        state.put("count", count);
        learn.model().namedParameters().forEach((name, parameter) -> {
            if (held.containsKey(parameter)) {
                state.put("held/" + name, held.get(parameter));
            }
        });
    }

    /** What is held lies in memory as its parameter does: later sums over it depend on that to the bit. */
    @Override
    public void loadState(Learner learn, StateDict state) {
        drop();
        count = state.getLong("count");
        Map<String, Tensor> saved = state.getTensors("held");
        try (NoGrad off = NoGrad.open();
                Scope scope = Scope.open()) {
            learn.model().namedParameters().forEach((name, parameter) -> {
                if (saved.containsKey(name)) {
                    held.put(parameter, new Buffer(parameter.zerosLike().copy_(Checks.saved(saved, name, parameter))));
                }
            });
        }
    }

    private void drop() {
        release();
        count = 0;
    }

    private void release() {
        held.values().forEach(Buffer::close);
        held.clear();
    }
}
