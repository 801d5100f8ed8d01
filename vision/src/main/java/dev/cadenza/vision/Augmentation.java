package dev.cadenza.vision;

import dev.cadenza.data.Batch;
import dev.cadenza.data.BatchTransform;
import dev.cadenza.data.Draw;
import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.tensor.GridKernels.Padding;
import dev.cadenza.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** Several transforms as one: places first, in one interpolation, then light, in one pass, then all others in order. */
final class Augmentation implements BatchTransform, Described {
    /** Leaves batches of validation as they are, unless it says otherwise. */
    interface OnlyInTraining extends BatchTransform, Described {
        @Override
        default Spec spec() {
            return new Augmentation(new Augment.Options(), List.of(this)).spec();
        }
    }

    /** Draws where a result comes from, for one image. */
    interface Places extends OnlyInTraining {
        Homography draw(Draw draw, Frame frame);

        @Override
        default Batch apply(Batch batch, List<Draw> draws) {
            return new Augmentation(new Augment.Options(), List.of(this)).apply(batch, draws);
        }
    }

    /** Draws the light of one image. */
    interface Light extends OnlyInTraining {
        Lighting draw(Draw draw);

        @Override
        default Batch apply(Batch batch, List<Draw> draws) {
            return new Augmentation(new Augment.Options(), List.of(this)).apply(batch, draws);
        }
    }

    /** The one of them that validation sees too: the middle of images. */
    record Crop(Augment.CropOptions options) implements Places {
        @Override
        public Homography draw(Draw draw, Frame frame) {
            return CropDraw.of(draw, frame, options);
        }

        Spec crop() {
            return Spec.of("Augment.randomResizedCrop")
                    .with("minRatio", options.minRatio)
                    .with("maxRatio", options.maxRatio)
                    .with("validScale", options.validScale);
        }
    }

    private final Augment.Options options;
    private final List<BatchTransform> parts;
    private final AtomicBoolean seen = new AtomicBoolean();

    Augmentation(Augment.Options options, List<BatchTransform> parts) {
        this.options = options;
        this.parts = List.copyOf(parts);
    }

    /** What is done in validation. */
    @Override
    public Spec spec() {
        return Spec.of("Augment")
                .with("size", options.size)
                .with("width", options.width)
                .with("padding", options.padding)
                .with("alignCorners", options.alignCorners)
                .with(
                        "crops",
                        parts.stream()
                                .filter(Crop.class::isInstance)
                                .map(part -> ((Crop) part).crop())
                                .toList())
                .with(
                        "others",
                        parts.stream()
                                .filter(part -> !(part instanceof OnlyInTraining))
                                .toList());
    }

    static BatchTransform of(Spec spec) {
        List<BatchTransform> parts = new ArrayList<>(spec.parts("crops", BatchTransform.class));
        parts.addAll(spec.parts("others", BatchTransform.class));
        return Augment.of(
                o -> {
                    o.size = spec.integer("size");
                    o.width = spec.integer("width");
                    o.padding = spec.choice("padding", Padding.class);
                    o.alignCorners = spec.flag("alignCorners");
                },
                parts.toArray(BatchTransform[]::new));
    }

    @Override
    public Batch apply(Batch batch, List<Draw> each) {
        Tensor images = AugmentChecks.requireImages("Augment", batch.input());
        AugmentChecks.requireDraws("Augment", images, each);
        List<Draw> draws = options.oneForAll && !each.isEmpty() ? Collections.nCopies(each.size(), each.get(0)) : each;
        Tensor placed = Resampling.of(images, places(images, draws), options);
        Tensor lit = light(placed, draws);
        if (placed != images && placed != lit) {
            placed.close(); // early: a batch may be large
        }
        return others(withInput(batch, lit), draws);
    }

    private List<Homography> places(Tensor images, List<Draw> draws) {
        Frame frame = new Frame(images.size(2), images.size(3), options.alignCorners);
        return draws.stream().map(draw -> place(draw, frame)).toList();
    }

    private Homography place(Draw draw, Frame frame) {
        Homography chain = Homography.identity();
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i) instanceof Places places) {
                chain = chain.then(places.draw(draw.at(i), frame));
            }
        }
        return chain;
    }

    private Tensor light(Tensor images, List<Draw> draws) {
        if (parts.stream().anyMatch(Light.class::isInstance)) {
            AugmentChecks.requireUnitOnce(seen, "Augment", images);
        }
        return Lighting.apply(images, draws.stream().map(this::lighting).toList());
    }

    private Lighting lighting(Draw draw) {
        Lighting chain = Lighting.none();
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i) instanceof Light light) {
                chain = chain.then(light.draw(draw.at(i)));
            }
        }
        return chain;
    }

    private Batch others(Batch batch, List<Draw> draws) {
        Batch changed = batch;
        for (int i = 0; i < parts.size(); i++) {
            if (!(parts.get(i) instanceof Places || parts.get(i) instanceof Light)) {
                int place = i;
                changed = parts.get(i)
                        .apply(
                                changed,
                                draws.stream().map(draw -> draw.at(place)).toList());
            }
        }
        return changed;
    }

    /** The batch itself if its first input is this one. */
    static Batch withInput(Batch batch, Tensor first) {
        if (first == batch.input()) {
            return batch;
        }
        List<Tensor> inputs = new ArrayList<>(batch.inputs());
        inputs.set(0, first);
        return new Batch(inputs, batch.targets());
    }
}
