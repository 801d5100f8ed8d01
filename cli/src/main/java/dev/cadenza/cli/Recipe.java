package dev.cadenza.cli;

import dev.cadenza.data.Batch;
import dev.cadenza.data.BatchTransform;
import dev.cadenza.data.Normalize;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.vision.ImageBlock;
import dev.cadenza.vision.ImageTransform;
import dev.cadenza.vision.ImageTransforms;
import dev.cadenza.vision.PadMode;
import java.util.List;
import java.util.Locale;

/** What images go through before a network sees them; a saved model remembers it. */
enum Recipe {
    /** 28×28 grey pixels from 0 to 1. */
    GREY(28),
    /** Small images: moved by up to 4 pixels and mirrored, while training. */
    SMALL(32),
    /** Photographs: a random part of them, mirrored, while training; the middle, in validation. */
    PHOTO(128);

    private static final double[] CIFAR_MEAN = {0.4914, 0.4822, 0.4465};
    private static final double[] CIFAR_STD = {0.2470, 0.2435, 0.2616};
    private static final double MIN_SCALE = 0.35;
    private static final int MOVE = 4;

    /** The side of the images where none is asked for. */
    final int size;

    Recipe(int size) {
        this.size = size;
    }

    static Recipe of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    /** What each image goes through, in training and in validation. */
    List<ImageTransform> transforms(int side) {
        return switch (this) {
            case GREY -> List.of(ImageTransforms.resize(side));
            case SMALL ->
                List.of(
                        ImageTransforms.resize(side),
                        ImageTransforms.randomCrop(side, MOVE, PadMode.REFLECTION),
                        ImageTransforms.flip(0.5));
            case PHOTO ->
                List.of(
                        ImageTransforms.randomResizedCrop(side, o -> o.minScale = MIN_SCALE),
                        ImageTransforms.flip(0.5));
        };
    }

    ImageBlock block(int side) {
        ImageTransform[] all = transforms(side).toArray(ImageTransform[]::new);
        return this == GREY ? ImageBlock.grey(all) : ImageBlock.of(all);
    }

    /** What a batch of pixels from 0 to 1 goes through to be what the network takes. */
    List<BatchTransform> batchTransforms(ArchOption arch) {
        return switch (this) {
            case GREY -> List.of((batch, draws) -> new Batch(List.of(grey(batch.input(), arch)), batch.targets()));
            case SMALL -> List.of(normalize());
            case PHOTO -> List.of(normalize());
        };
    }

    private static Tensor grey(Tensor pixels, ArchOption arch) {
        long n = pixels.size(0);
        return arch.takesImages() ? pixels.reshape(n, 1, 28, 28).expand(n, 3, 28, 28) : pixels.reshape(n, 784);
    }

    private Normalize normalize() {
        return this == SMALL ? Normalize.of(CIFAR_MEAN, CIFAR_STD) : Normalize.imagenet();
    }

    /** Undoes what was done to the colours, to show a batch: {@code [N, 3, H, W]} from 0 to 1. */
    Tensor shown(Tensor input) {
        if (this == GREY) {
            return input.dim() == 2 ? input.reshape(input.size(0), 1, 28, 28).expand(input.size(0), 3, 28, 28) : input;
        }
        return normalize().decode(input);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
