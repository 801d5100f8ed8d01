package dev.cadenza.callback;

/**
 * Say when the critic and the generator of a GAN change turns. The critic begins; after each batch the side that
 * played it is asked whether it has had its turn.
 *
 * <pre>{@code
 * GanTurns five = GanTurns.fixed(5, 1);
 * GanTurns impatient = turn -> turn.batches() >= 20 || turn.loss() < 0.5;
 * Callback trainer = new GanTrainer(o -> o.turns = impatient);
 * }</pre>
 *
 * <p>Only training has turns, and only batches with a step count: under gradient accumulation a batch is
 * thus one step of the optimizer.
 */
@FunctionalInterface
public interface GanTurns {
    /**
     * Tell how a turn goes so far.
     *
     * <pre>{@code
     * GanTurns untilGood = turn -> turn.loss() < (turn.generates() ? 1.0 : 0.6);
     * }</pre>
     *
     * @param generates whether it is the generator's, not the critic's
     * @param batches how many it has had, 1 or more
     * @param loss that of the last of them
     */
    record Turn(boolean generates, int batches, double loss) {}

    /** Tell whether a turn is over; asked before each batch but its first. */
    boolean over(Turn turn);

    /**
     * Give the critic some batches, then the generator some, and so on ({@code FixedGANSwitcher}).
     *
     * @param critic 1 or more; 1 for a GAN, 5 for a Wasserstein GAN, whose critic should be near its best
     * @param generator 1 or more
     * @throws IllegalArgumentException if one is below 1
     */
    static GanTurns fixed(int critic, int generator) {
        if (critic < 1 || generator < 1) {
            throw new IllegalArgumentException("wanted turns of 1 batch or more, but got " + critic
                    + " for the critic and " + generator + " for the generator");
        }
        return turn -> turn.batches() >= (turn.generates() ? generator : critic);
    }

    /**
     * Give each side batches until its loss is below a threshold ({@code AdaptiveGANSwitcher}, which names the
     * generator first). A threshold that is never reached leaves the turn with that side to the end of the fit.
     *
     * @param critic positive infinity ends the turn after one batch ({@code None} in fastai)
     * @param generator the same for the generator
     * @throws IllegalArgumentException if one is NaN
     */
    static GanTurns adaptive(double critic, double generator) {
        if (Double.isNaN(critic) || Double.isNaN(generator)) {
            throw new IllegalArgumentException("wanted thresholds of the losses, but got " + critic
                    + " for the critic and " + generator + " for the generator");
        }
        return turn -> turn.loss() < (turn.generates() ? generator : critic);
    }
}
