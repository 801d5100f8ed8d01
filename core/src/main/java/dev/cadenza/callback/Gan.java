package dev.cadenza.callback;

import dev.cadenza.nn.Module;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Tensor;
import java.util.List;
import java.util.Objects;

/**
 * Hold the two models of a GAN, so that they train as one ({@code GANModule}): a generator, which makes samples from
 * noise, and a critic, which scores how real samples are.
 *
 * <p>From noise alone it computes how real the critic finds what the generator makes of it. From noise and real samples
 * it computes the critic's scores of both. {@link GanTrainer} decides which; there is no mode to switch.
 *
 * <pre>{@code
 * Module generator = Sequential.of(new Linear(4, 64), F::relu, new Linear(64, 2));
 * Module critic = Sequential.of(new Linear(2, 64), F::relu, new Linear(64, 1));
 * Gan gan = new Gan(generator, critic);
 * Tensor noise = Tensor.randn(8, 4);
 * Tensor scores = gan.forward(noise);                                            // [8, 1]
 * Tensor fakesThenReals = gan.forward(List.of(noise, Tensor.randn(8, 2)));       // [16, 1]
 * }</pre>
 *
 * <p>In the state the names begin with {@code generator.} and {@code critic.}
 */
public final class Gan extends Module {
    private final Module generator;
    private final Module critic;

    /**
     * Join two models.
     *
     * @param generator makes samples {@code [N, *]} from noise, usually {@code [N, Z]}
     * @param critic scores samples {@code [N, *]}: {@code [N]}, {@code [N, 1]}, or a score for each patch of an image,
     *     {@code [N, 1, H, W]}; for {@code Losses.bceWithLogits} it ends without a sigmoid
     */
    public Gan(Module generator, Module critic) {
        this.generator = Objects.requireNonNull(generator, "generator");
        this.critic = Objects.requireNonNull(critic, "critic");
    }

    /**
     * Return the generator. To make samples, switch it to inference, or batch norm takes the statistics of the batch:
     * {@code gan.eval(); Tensor samples = gan.generator().forward(noise);}
     */
    public Module generator() {
        return generator;
    }

    /** Return the critic (the discriminator of Goodfellow et al. 2014). */
    public Module critic() {
        return critic;
    }

    /** Score what the generator makes of noise: {@code critic(generator(z))}, with gradients for both. */
    @Override
    protected Tensor compute(Tensor noise) {
        return critic.forward(generator.forward(noise));
    }

    /**
     * Score fakes and then reals: {@code [critic(generator(z)), critic(x)]} along the first dimension, with gradients
     * for the critic only.
     *
     * <p>The critic gets them one after the other, so that its batch norm never sees them mixed.
     *
     * @param inputs noise z and real samples x; or noise alone, as in {@link #compute(Tensor)}
     * @throws IllegalArgumentException if there are neither one nor two
     */
    @Override
    protected Tensor compute(List<Tensor> inputs) {
        if (inputs.size() != 2) {
            return super.compute(inputs);
        }
        Tensor fakes;
        try (NoGrad off = NoGrad.open()) {
            fakes = generator.forward(inputs.get(0));
        }
        return Tensor.cat(List.of(critic.forward(fakes), critic.forward(inputs.get(1))), 0);
    }
}
