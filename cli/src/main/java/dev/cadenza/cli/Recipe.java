package dev.cadenza.cli;

import dev.cadenza.data.BatchTransform;
import dev.cadenza.data.Normalize;
import dev.cadenza.data.Reshape;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.vision.ImageBlock;
import dev.cadenza.vision.ImageTransform;
import dev.cadenza.vision.ImageTransforms;
import dev.cadenza.vision.PadMode;
import java.util.List;

/** What images go through before a network sees them. */
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

    /** How a file becomes what these data have in memory; null where the data are files themselves. */
    ImageBlock input() {
        return this == GREY ? ImageBlock.grey(transforms(size).toArray(ImageTransform[]::new)) : null;
    }

    /** What a batch of pixels from 0 to 1 goes through to be what the network takes. */
    List<BatchTransform> batchTransforms(ArchOption arch) {
        return switch (this) {
            case GREY -> List.of(arch.takesImages() ? Reshape.of(1, 28, 28).expand(3, 28, 28) : Reshape.of(784));
            case SMALL -> List.of(normalize());
            case PHOTO -> List.of(normalize());
        };
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
}
