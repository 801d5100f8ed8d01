package dev.cadenza.data;

import dev.cadenza.tensor.Rng;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * What a transform may draw at random for one sample: a stream of numbers keyed by seed, epoch, sample and transform.
 *
 * <p>No two transforms, samples or epochs share a stream, so that a sample is the same whoever makes it, when, and on
 * which thread. Validation draws nothing: there {@link #isRandom} is false.
 *
 * <pre>{@code
 * Draw draw = Draw.of(seed, epoch, index);
 * boolean flip = draw.isRandom() && draw.chance(0.5);
 * double angle = draw.at(1).random().nextDouble(-10, 10);      // of the second transform
 * }</pre>
 */
public final class Draw {
    /** What draws nothing: for validation and inference. */
    public static final Draw NONE = new Draw(0, false);

    private final long key;
    private final boolean isRandom;
    private RandomGenerator random;

    private Draw(long key, boolean isRandom) {
        this.key = key;
        this.isRandom = isRandom;
    }

    /** Key a stream by numbers, whose order matters: seed, epoch, index of the sample. */
    public static Draw of(long... key) {
        return new Draw(Rng.key(key), true);
    }

    /** Return the stream of one of several transforms; that of {@link #NONE} is NONE. */
    public Draw at(int transform) {
        return isRandom ? new Draw(Rng.key(key, transform), true) : this;
    }

    /** Tell whether there is anything to draw. */
    public boolean isRandom() {
        return isRandom;
    }

    /**
     * Return the stream; a second call goes on where the first one stopped.
     *
     * @throws IllegalStateException if there is nothing to draw
     */
    public RandomGenerator random() {
        if (!isRandom) {
            throw new IllegalStateException("there is nothing to draw in validation; ask isRandom() first");
        }
        if (random == null) {
            random = new SplittableRandom(key);
        }
        return random;
    }

    /** Draw true with probability p; see {@link #random}. */
    public boolean chance(double p) {
        return random().nextDouble() < p;
    }

    /** Draw from [low, high), or low itself where both are the same; see {@link #random}. */
    public double uniform(double low, double high) {
        return low + (high - low) * random().nextDouble();
    }
}
