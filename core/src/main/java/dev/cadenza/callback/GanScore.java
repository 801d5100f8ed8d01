package dev.cadenza.callback;

import dev.cadenza.callback.GanTurns.Turn;

/** Whose turn it is in a fit of a GAN, and what both sides lost so far. */
final class GanScore {
    final Smooth critic = new Smooth();
    final Smooth generator = new Smooth();
    private Turn turn = new Turn(false, 0, Double.NaN);

    /** A mean of losses in which each counts 0.98 times as much as the next ({@code AvgSmoothLoss}). */
    static final class Smooth {
        private static final double BETA = 0.98;

        private double sum;
        private double weight;

        private void add(double loss) {
            sum = BETA * sum + (1 - BETA) * loss;
            weight = BETA * weight + (1 - BETA);
        }

        /** Dividing by the weights that there were corrects for the start at 0; NaN before the first loss. */
        double value() {
            return sum / weight;
        }
    }

    boolean generates() {
        return turn.generates();
    }

    /** Changes turns if this one is over, which one without a batch never is. */
    void begin(GanTurns turns) {
        if (turn.batches() > 0 && turns.over(turn)) {
            turn = new Turn(!turn.generates(), 0, Double.NaN);
        }
    }

    void end(double loss) {
        (turn.generates() ? generator : critic).add(loss);
        turn = new Turn(turn.generates(), turn.batches() + 1, loss);
    }
}
