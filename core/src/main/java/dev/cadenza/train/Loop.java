package dev.cadenza.train;

import dev.cadenza.data.Batch;
import dev.cadenza.data.DataLoader;
import dev.cadenza.data.Epoch;
import dev.cadenza.optim.Rates;
import dev.cadenza.tensor.Device;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.util.Iterator;
import java.util.Objects;

/** The training loop. {@link Brackets} plays the events and says how spans end. */
final class Loop {
    private final Learner learn;
    private final State state;
    private final Brackets brackets;
    private final Device device;
    private final Lineup lineup;
    private Resume resume; // until its place is reached; null where the fit starts from its begin
    private final Rescue rescue; // null: batches that fail end the fit

    Loop(Learner learn, Lineup lineup) {
        this.learn = learn;
        this.state = learn.state;
        this.brackets = new Brackets(learn, state, lineup);
        this.device = learn.device();
        this.lineup = lineup;
        this.rescue = Rescue.of(learn, brackets, lineup.callbacks());
    }

    void fit(int epochs, Rates lr) {
        state.beginFit(epochs);
        state.plan = RunPlan.of(learn, lineup.callbacks(), lr);
        state.lineup = lineup;
        boolean done = findPlace(epochs);
        learn.recorder().clear();
        state.timeline.begin(learn.optimizer(), lr);
        if (done) {
            state.outcome = Outcome.of(null);
            state.timeline.end();
            return;
        }
        learn.optimizer().zeroGrad(); // gradients of a fit that was left early are not for this one
        try {
            epochs(epochs);
        } finally {
            state.timeline.end();
            if (rescue != null) {
                rescue.close();
            }
        }
    }

    /** Counts the fit, finds out where it is to be resumed, if it is, and tells whether it was done already. */
    private boolean findPlace(int epochs) {
        int fit = state.fit + 1;
        Resume to = state.resume;
        if (to != null && to.fit() == fit) {
            to.check(state.plan, epochs);
            resume = to;
            state.resume = null;
            state.epochsEver = to.position().epochsBefore();
        }
        state.fit = fit;
        return to != null && to.fit() > fit;
    }

    /** Takes the state over if this is the place to resume at. */
    private boolean reaches(Position.Next place) {
        if (resume == null || resume.position().next() != place) {
            return false;
        }
        resume.load(learn, lineup);
        resume = null;
        return true;
    }

    private void epochs(int epochs) {
        brackets.span(Span.FIT, () -> {
            int first = resume == null ? 0 : resume.position().epoch();
            reaches(Position.Next.EPOCH);
            for (int epoch = first; epoch < epochs; epoch++) {
                state.epoch = epoch; // and still the last one at AFTER_FIT
                brackets.span(Span.EPOCH, () -> {
                    if (resume == null || resume.position().next() != Position.Next.VALIDATE) {
                        train();
                    }
                    reaches(Position.Next.VALIDATE);
                    validate();
                });
                state.progress = (epoch + 1.0) / epochs; // however the epoch was left
            }
        });
    }

    void validateOnly() {
        state.beginFit(1);
        byte[] random = Rng.global().state();
        try {
            brackets.span(Span.FIT, () -> {
                state.epoch = 0;
                brackets.span(Span.EPOCH, this::validate);
            });
        } finally {
            Rng.global().setState(random);
        }
    }

    private void train() {
        learn.model().train();
        state.training = true;
        long epochEver = state.epochsEver++;
        brackets.span(Span.TRAIN, () -> batches(learn.data().train(), epochEver));
        state.progress = (state.epoch + 1.0) / state.epochs;
    }

    private void validate() {
        learn.model().eval();
        state.training = false;
        try (NoGrad off = NoGrad.open()) {
            brackets.span(Span.VALIDATE, () -> batches(learn.data().valid(), 0));
        }
    }

    private void batches(DataLoader loader, long epochEver) {
        state.batches = loader.size();
        int resumed = resume == null ? 0 : resume.position().batch();
        int first = state.training && reaches(Position.Next.TRAIN) ? resumed : 0;
        Epoch epoch = loader.epoch(epochEver, device).from(first);
        try (epoch) { // the threads of the loader end here, however the batches are left
            Iterator<Batch> batches = epoch.iterator();
            for (int i = first; batches.hasNext(); i++) {
                if (rescue != null && state.training) {
                    rescue.batch(i, batches, this::oneBatch);
                    continue;
                }
                try (Scope scope = Scope.open()) {
                    state.beginBatch(i, batches.next());
                    brackets.span(Span.BATCH, this::oneBatch);
                } finally {
                    state.endBatch();
                }
            }
        } finally {
            learn.recorder().waited(epoch.secondsWaiting());
        }
    }

    private void oneBatch() {
        state.pred = Objects.requireNonNull(learn.model().forward(learn.batch().inputs()), "model.forward gave null");
        brackets.play(Event.AFTER_PRED);
        state.loss(learn.lossFunction().apply(learn.pred(), learn.batch().targets()));
        brackets.play(Event.AFTER_LOSS);
        if (!state.training) {
            return;
        }
        brackets.play(Event.BEFORE_BACKWARD);
        scaledLoss().backward();
        brackets.play(Event.AFTER_BACKWARD);
        boolean stepped = brackets.step(learn.optimizer()::step);
        try {
            brackets.play(stepped ? Event.AFTER_STEP : Event.AFTER_CANCEL_STEP);
        } finally {
            learn.optimizer().zeroGrad();
        }
    }

    private Tensor scaledLoss() {
        return state.backwardScale == 1 ? state.loss : state.loss.mul(state.backwardScale);
    }
}
