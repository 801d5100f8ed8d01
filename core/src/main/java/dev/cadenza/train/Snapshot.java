package dev.cadenza.train;

import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.ParamGroup;
import java.util.List;
import java.util.Map;

/**
 * Hold what a fit looks like at one moment, in numbers that no longer change; what an {@link FitObserver} is given.
 *
 * @param event where in the loop
 * @param epochs how many epochs the fit has
 * @param epoch which one, from 0; -1 before the first
 * @param iteration how many training batches are done
 * @param progress how much of the training is done, from 0 to 1
 * @param training whether the last phase begun is training, not validation
 * @param loss of the batch; NaN where there is none
 * @param smoothLoss see {@link Recorder#smoothLoss}; NaN before the first batch
 * @param hypers the values of all hyper-parameters, for each group of the optimizer
 * @param records what was recorded of the epochs that have ended
 * @param outcome how the span that ended last did, or null before the first
 */
public record Snapshot(
        Event event,
        int epochs,
        int epoch,
        int iteration,
        double progress,
        boolean training,
        double loss,
        double smoothLoss,
        List<Map<Hyper, Double>> hypers,
        List<EpochRecord> records,
        Outcome outcome) {
    static Snapshot of(Learner learn) {
        State state = learn.state;
        return new Snapshot(
                state.event,
                state.epochs,
                state.epoch,
                state.iteration,
                state.progress,
                state.training,
                state.loss == null ? Double.NaN : state.loss.item(),
                learn.recorder().smoothLoss(),
                state.training
                        ? learn.optimizer().groups().stream()
                                .map(ParamGroup::hypers)
                                .toList()
                        : List.of(),
                learn.recorder().epochs(),
                state.outcome);
    }
}
