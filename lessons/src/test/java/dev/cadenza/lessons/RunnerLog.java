package dev.cadenza.lessons;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Writes down each event of the second version as the golden file does. */
class RunnerLog extends Step5Runner.Callback {
    final List<List<Object>> entries = new ArrayList<>();
    private final int order;

    RunnerLog(int order) {
        this.order = order;
    }

    /** Answers true at one event, at each or only at the second of its kind. */
    static final class Stopper extends RunnerLog {
        private final String stopsAt;
        private final boolean once;
        private int seen;

        Stopper(String stopsAt, boolean once) {
            super(1);
            this.stopsAt = stopsAt;
            this.once = once;
        }

        @Override
        boolean play(String event) {
            return event.equals(stopsAt) && (!once || ++seen == 2);
        }
    }

    boolean play(String event) {
        Integer epoch = event.endsWith("_fit") ? null : (Integer) run.epoch;
        Integer training = run.inTrain == null ? null : (Integer) (run.inTrain ? 1 : 0);
        entries.add(Arrays.asList(event, epoch, run.nIter, training));
        return false;
    }

    @Override
    int order() {
        return order;
    }

    @Override
    boolean beginFit() {
        return play("begin_fit");
    }

    @Override
    boolean afterFit() {
        return play("after_fit");
    }

    @Override
    boolean beginEpoch() {
        return play("begin_epoch");
    }

    @Override
    boolean beginValidate() {
        return play("begin_validate");
    }

    @Override
    boolean afterEpoch() {
        return play("after_epoch");
    }

    @Override
    boolean beginBatch() {
        return play("begin_batch");
    }

    @Override
    boolean afterPred() {
        return play("after_pred");
    }

    @Override
    boolean afterLoss() {
        return play("after_loss");
    }

    @Override
    boolean afterBackward() {
        return play("after_backward");
    }

    @Override
    boolean afterStep() {
        return play("after_step");
    }

    @Override
    boolean afterBatch() {
        return play("after_batch");
    }
}
