package dev.cadenza.callback;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * Choose how a {@link GanTrainer} trains; together with the loss that makes the kind of GAN.
 *
 * <p>By default, with {@code Losses.bceWithLogits()}, it is that of Goodfellow et al. 2014 whose generator does not
 * saturate; with {@code Losses.mse()} it is LSGAN (Mao et al. 2017). A Wasserstein GAN (Arjovsky et al. 2017) has a
 * critic that makes {@code mean critic(G(z)) - mean critic(x)} small, and a generator that makes
 * {@code -mean critic(G(z))} small:
 *
 * <pre>{@code
 * Loss wasserstein = (scores, labels) -> scores.mul(labels).mean();       // for the critic half of that
 * Callback trainer = new GanTrainer(o -> {
 *     o.turns = GanTurns.fixed(5, 1);
 *     o.real = -1;
 *     o.fake = 1;
 *     o.clip = 0.1;
 * });
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
     * infinity: none are. Only Wasserstein GANs need it, with 0.01 (the paper) to 0.1: the less, the smaller the
     * gradient that gets through a critic of several layers to the generator.
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
        Checks.require(o.clip > 0, "a clip above 0 (infinity for none)", o.clip);
        return o;
    }
}
