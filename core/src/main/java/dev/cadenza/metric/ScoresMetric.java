package dev.cadenza.metric;

import dev.cadenza.tensor.Tensor;
import java.util.function.BinaryOperator;
import java.util.function.ToDoubleFunction;

/** A number that follows from the scores and targets of all batches, and from no less. */
final class ScoresMetric implements Metric {
    private final String name;
    private final BinaryOperator<Tensor> checked;
    private final ToDoubleFunction<Scores> score;
    private Scores all = new Scores();

    /**
     * Takes two functions.
     *
     * @param checked refuses what cannot be measured, and gives what is to be kept of the predictions: {@code [N, C]}
     * @param score asked only if there are samples
     */
    ScoresMetric(String name, BinaryOperator<Tensor> checked, ToDoubleFunction<Scores> score) {
        this.name = name;
        this.checked = checked;
        this.score = score;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void reset() {
        all = new Scores();
    }

    @Override
    public void accumulate(Tensor pred, Tensor target) {
        Tensor kept = checked.apply(pred, target);
        if (kept.numel() == 0) {
            return;
        }
        int columns = Math.toIntExact(kept.size(1));
        if (all.columns() != 0) {
            Checks.sameAsBefore(name, all.columns(), columns);
        }
        all.add(kept.toDoubles(), target.toDoubles(), columns);
    }

    @Override
    public double value() {
        return all.rows() == 0 ? Double.NaN : score.applyAsDouble(all);
    }
}
