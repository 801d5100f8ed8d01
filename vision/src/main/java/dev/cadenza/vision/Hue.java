package dev.cadenza.vision;

import dev.cadenza.data.Batch;
import dev.cadenza.data.Draw;
import dev.cadenza.tensor.GridKernels;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Turns the colours of images about the circle of hues, in HSV. */
final class Hue implements Augmentation.OnlyInTraining {
    private final double max;
    private final double p;
    private final AtomicBoolean seen = new AtomicBoolean();

    Hue(double max, double p) {
        AugmentChecks.require(max >= 0 && max < 1, "a maximum of at least 0 and below 1", max);
        AugmentChecks.requireP(p);
        this.max = max;
        this.p = p;
    }

    @Override
    public Batch apply(Batch batch, List<Draw> draws) {
        Tensor images = AugmentChecks.requireColour("hue", AugmentChecks.requireImages("hue", batch.input()));
        AugmentChecks.requireDraws("hue", images, draws);
        AugmentChecks.requireUnitOnce(seen, "hue", images);
        double[] turns = draws.stream().mapToDouble(this::turn).toArray();
        return Augmentation.withInput(batch, shift(images, turns));
    }

    private double turn(Draw draw) {
        return draw.isRandom() && draw.chance(p) ? Augment.logUniform(draw, 1 - max, 1 / (1 - max)) - 1 : 0;
    }

    /**
     * @param images {@code [N, 3, H, W]}, from 0 to 1
     * @param turns by how many turns of the circle each is shifted, from red over green and blue
     */
    static Tensor shift(Tensor images, double[] turns) {
        int[] changed = Arrays.stream(turns).mapToInt(turn -> turn == 0 ? 0 : 1).toArray();
        if (Arrays.stream(changed).allMatch(kind -> kind == 0)) {
            return images;
        }
        try (Scope scope = Scope.open()) {
            return Kinds.merge(changed, (kind, samples) -> {
                        Tensor some = Kinds.take(images, samples);
                        double[] theirs = Arrays.stream(samples)
                                .mapToDouble(i -> turns[i])
                                .toArray();
                        return kind == 0 ? some.clone() : shiftAll(some, theirs);
                    })
                    .keep();
        }
    }

    /** Each channel falls from the value by the chroma, over one sixth, from one sixth away from its own hue on. */
    private static Tensor shiftAll(Tensor images, double[] turns) {
        Tensor value = images.amax(true, 1);
        Tensor chroma = images.neg().amax(true, 1).add_(value);
        double[] sixths = Arrays.stream(turns).map(turn -> 6 * turn).toArray();
        Tensor hue = GridKernels.remainder(sixths(images, value, chroma).add_(Kinds.column(sixths, images)), 6);
        Tensor own =
                Tensor.of(new double[] {0, 2, 4}, 1, 3, 1, 1).to(images.dtype()).to(images.device());
        Tensor oneWay = hue.sub(own).abs();
        Tensor distance = oneWay.minimum(oneWay.neg().add_(6));
        return value.sub(distance.sub_(1).clamp(0, 1).mul_(chroma));
    }

    /** The hue in sixths of the circle from red, {@code [N, 1, H, W]}; below 0 too; 0 for greys. */
    private static Tensor sixths(Tensor images, Tensor value, Tensor chroma) {
        Tensor red = images.narrow(1, 0, 1);
        Tensor green = images.narrow(1, 1, 1);
        Tensor blue = images.narrow(1, 2, 1);
        Tensor divisor = chroma.maskedFill(chroma.eq(0), 1);
        Tensor fromRed = green.sub(blue).div_(divisor);
        Tensor fromGreen = blue.sub(red).div_(divisor).add_(2);
        Tensor fromBlue = red.sub(green).div_(divisor).add_(4);
        return Tensor.where(red.eq(value), fromRed, Tensor.where(green.eq(value), fromGreen, fromBlue));
    }
}
