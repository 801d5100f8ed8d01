package dev.cadenza.vision;

import dev.cadenza.tensor.GridKernels;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Change the light of an image, in the space of logits {@code l = log(x / (1 - x))} of its pixels x from 0 to 1, so that
 * no pixel leaves that range: {@code sigmoid(scale · l + grey · luma(l) + shift)}.
 *
 * <p>Any chain of them is one, so that logit and sigmoid are computed once. {@code luma} weighs red, green and blue by
 * 0.299, 0.587, 0.114 (ITU-R BT.601).
 *
 * <pre>{@code
 * Lighting evening = Lighting.brightness(0.4).then(Lighting.saturation(0.8));
 * }</pre>
 *
 * @param scale of each pixel's logit
 * @param grey of the luma of its three channels; 0 but for saturation
 * @param shift of all
 */
public record Lighting(double scale, double grey, double shift) {
    private static final double EPS = 1e-7; // black and white have no finite logit
    private static final double[] LUMA = {0.299, 0.587, 0.114};
    private static final Lighting NONE = new Lighting(1, 0, 0);

    /** Leave the light as it is. */
    public static Lighting none() {
        return NONE;
    }

    /**
     * Make brighter or darker.
     *
     * @param change what middle grey, 0.5, becomes: above 0 and below 1
     */
    public static Lighting brightness(double change) {
        if (!(change > 0 && change < 1)) {
            throw new IllegalArgumentException("wanted a change above 0 and below 1, but got: " + change);
        }
        return new Lighting(1, 0, Math.log(change / (1 - change)));
    }

    /**
     * Make differences from middle grey larger, or below 1 smaller.
     *
     * @param scale 0 or more; at 0 all is grey
     */
    public static Lighting contrast(double scale) {
        return new Lighting(requireScale(scale), 0, 0);
    }

    /**
     * Make colours stronger, or below 1 weaker.
     *
     * @param scale 0 or more; at 0 colours are greys
     */
    public static Lighting saturation(double scale) {
        return new Lighting(requireScale(scale), 1 - scale, 0);
    }

    private static double requireScale(double scale) {
        if (!(scale >= 0 && scale < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("wanted a scale of 0 or more, but got: " + scale);
        }
        return scale;
    }

    /** Return what does this, and then the other to what comes out. */
    public Lighting then(Lighting next) {
        double both = next.scale * grey + next.grey * (scale + grey); // luma of a grey is itself
        return new Lighting(next.scale * scale, both, (next.scale + next.grey) * shift + next.shift);
    }

    /**
     * Change the light of images.
     *
     * @param images {@code [N, C, H, W]} of float32 or float64, from 0 to 1; C is 3 if grey is not 0
     * @return {@code [N, C, H, W]}: the images themselves for {@link #none}
     * @throws TensorException if these are no images
     */
    public Tensor apply(Tensor images) {
        AugmentChecks.requireImages("Lighting", images);
        return apply(images, Collections.nCopies((int) images.size(0), this));
    }

    /** Change the light of each image. */
    static Tensor apply(Tensor images, List<Lighting> lights) {
        int[] changed =
                lights.stream().mapToInt(light -> light.equals(NONE) ? 0 : 1).toArray();
        if (lights.stream().allMatch(NONE::equals)) {
            return images;
        }
        try (Scope scope = Scope.open()) {
            return Kinds.merge(changed, (kind, samples) -> {
                        Tensor some = Kinds.take(images, samples);
                        return kind == 0 ? some.clone() : change(some, of(lights, samples));
                    })
                    .keep();
        }
    }

    private static List<Lighting> of(List<Lighting> lights, int[] samples) {
        return Arrays.stream(samples).mapToObj(lights::get).toList();
    }

    private static Tensor change(Tensor images, List<Lighting> lights) {
        Tensor logits = GridKernels.logit(images, EPS);
        Tensor luma = lights.stream().anyMatch(light -> light.grey != 0) ? luma(logits) : null;
        logits.mul_(column(lights, Lighting::scale, images));
        if (luma != null) {
            logits.add_(luma.mul(column(lights, Lighting::grey, images)));
        }
        return logits.add_(column(lights, Lighting::shift, images)).sigmoid();
    }

    private static Tensor luma(Tensor x) {
        AugmentChecks.requireColour("saturation", x);
        Tensor weights = Tensor.of(LUMA, 1, 3, 1, 1).to(x.dtype()).to(x.device());
        return x.mul(weights).sum(true, 1);
    }

    private static Tensor column(List<Lighting> lights, ToDoubleFunction<Lighting> number, Tensor like) {
        return Kinds.column(lights.stream().mapToDouble(number).toArray(), like);
    }
}
