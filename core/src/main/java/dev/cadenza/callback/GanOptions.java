package dev.cadenza.callback;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * Choose what a {@link GanTrainer} does.
 *
 * <pre>{@code
 * Callback patient = new GanTrainer(o -> o.turns = GanTurns.fixed(2, 1));
 * }</pre>
 */
public final class GanOptions {
    /** Who plays how long; default {@code GanTurns.fixed(1, 1)}: critic and generator alternate. */
    public GanTurns turns = GanTurns.fixed(1, 1);

    /** The label of reals, and on the generator's turn of fakes; default 1. */
    public double real = 1;

    /** The label of fakes on the critic's turn, another number; default 0. */
    public double fake;

    /**
     * How large a parameter of the critic may be, above 0; larger ones are cut after each of its steps. Default
     * infinity: none are. Only Wasserstein GANs need it, with 0.01.
     */
    public double clip = Double.POSITIVE_INFINITY;

    private GanOptions() {}

    static GanOptions of(Consumer<GanOptions> chosen) {
        GanOptions o = new GanOptions();
        chosen.accept(o);
        Objects.requireNonNull(o.turns, "turns");
        if (!Double.isFinite(o.real - o.fake) || o.real == o.fake) {
            throw new IllegalArgumentException(
                    "wanted two different labels, but got real=" + o.real + " and fake=" + o.fake);
        }
        if (!(o.clip > 0)) {
            throw new IllegalArgumentException("wanted a clip above 0 (infinity for none), but got: " + o.clip);
        }
        return o;
    }
}
