package dev.cadenza.callback;

import dev.cadenza.callback.GanTurns.Turn;
import dev.cadenza.metric.SmoothMean;
import dev.cadenza.train.StateDict;

/** Whose turn it is in a fit of a GAN, and what both sides lost so far. */
final class GanScore {
    final SmoothMean critic = new SmoothMean(0.98);
    final SmoothMean generator = new SmoothMean(0.98);
    private Turn turn = new Turn(false, 0, Double.NaN);

    boolean generates() {
        return turn.generates();
    }

    /** Changes turns if this one is over, which one without a batch never is. */
    void begin(GanTurns turns) {
        if (turn.batches() > 0 && turns.over(turn)) {
            turn = new Turn(!turn.generates(), 0, Double.NaN);
        }
    }

    void save(StateDict state) {
        state.put("critic", critic.state());
        state.put("generator", generator.state());
        state.put("generates", turn.generates());
        state.put("batches", turn.batches());
        state.put("loss", turn.loss());
    }

    void load(StateDict state) {
        critic.goOn(state.getDoubles("critic"));
        generator.goOn(state.getDoubles("generator"));
        turn = new Turn(state.getBoolean("generates"), (int) state.getLong("batches"), state.getDouble("loss"));
    }

    /** Returns what brings the turn back to how it is now; the means of losses go on. */
    Runnable undoTurn() {
        Turn before = turn;
        return () -> turn = before;
    }

    void end(double loss) {
        (turn.generates() ? generator : critic).add(loss);
        turn = new Turn(turn.generates(), turn.batches() + 1, loss);
    }
}
