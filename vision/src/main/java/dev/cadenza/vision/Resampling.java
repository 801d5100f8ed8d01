package dev.cadenza.vision;

import dev.cadenza.tensor.ImageKernels;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/** Reads each image of a batch through a homography of its own. */
final class Resampling {
    private static final int SAMPLED = 8; // kinds below are those of Homography.dihedral: no pixel is interpolated
    private static final int SHRUNK = 9;
    private static final double HORIZON = 0.1; // nothing farther away is shown, so that no place is infinite

    private final Tensor images;
    private final List<Homography> maps;
    private final Augment.Options options;
    private final long height;
    private final long width;

    private Resampling(Tensor images, List<Homography> maps, Augment.Options options) {
        this.images = images;
        this.maps = maps;
        this.options = options;
        height = options.height(images.size(2));
        width = options.width(images.size(3));
    }

    /** The images themselves, or new ones. */
    static Tensor of(Tensor images, List<Homography> maps, Augment.Options options) {
        return new Resampling(images, maps, options).all();
    }

    private Tensor all() {
        int[] kinds = maps.stream().mapToInt(this::kind).toArray();
        if (Arrays.stream(kinds).allMatch(kind -> kind == 0)) {
            return images;
        }
        try (Scope scope = Scope.open()) {
            return Kinds.merge(kinds, images.device(), this::result).keep();
        }
    }

    private int kind(Homography map) {
        boolean sameSize = height == images.size(2) && width == images.size(3);
        int exact = sameSize ? map.dihedral() : -1;
        if (exact >= 0 && (height == width || map.matrix()[0] != 0)) { // no transposing of what is no square
            return exact;
        }
        return shrinkage() > Math.max(1, magnification(map)) ? SHRUNK : SAMPLED;
    }

    /** How often twice the result fits into the image: so far the mean of areas looks better than single places. */
    private double shrinkage() {
        return Math.min((double) images.size(2) / height, (double) images.size(3) / width) / 2;
    }

    /** How much smaller than the image the part of it is that is shown. */
    private static double magnification(Homography map) {
        double[] places = DoubleStream.of(-1, 1)
                .flatMap(x -> DoubleStream.of(-1, 1).flatMap(y -> DoubleStream.of(map.place(x, y))))
                .toArray();
        double least = DoubleStream.of(places).min().orElseThrow();
        double most = DoubleStream.of(places).max().orElseThrow();
        return 2 / (most - least);
    }

    private Tensor result(int kind) {
        return switch (kind) {
            case SAMPLED -> sample(images);
            case SHRUNK ->
                sample(ImageKernels.areaResize(
                        images, (long) (images.size(2) / shrinkage()), (long) (images.size(3) / shrinkage())));
            default -> exactly(kind);
        };
    }

    private Tensor exactly(int dihedral) {
        double[] m = Homography.dihedral(dihedral, 1).matrix();
        boolean transposed = m[0] == 0;
        Tensor x = transposed ? images.transpose(2, 3) : images;
        boolean right = m[0] + m[3] < 0;
        boolean down = m[1] + m[4] < 0;
        if (right && down) {
            return ImageKernels.flip(x, 2, 3);
        }
        return right || down ? ImageKernels.flip(x, right ? 3 : 2) : x.contiguous();
    }

    private Tensor sample(Tensor from) {
        try (Scope scope = Scope.open()) {
            return ImageKernels.gridSample(from, grid(), options.padding, options.alignCorners)
                    .keep();
        }
    }

    /** Only adds what is computed for a row to what is computed for a column, so that no place depends on the batch. */
    private Tensor grid() {
        boolean projective = maps.stream().anyMatch(Homography::isProjective);
        long rows = projective ? 3 : 2;
        Tensor m = matrices().narrow(1, 0, rows);
        Tensor across = m.narrow(2, 0, 1).mul(axis(width)).add(m.narrow(2, 2, 1)); // [N, rows, W]
        Tensor down = m.narrow(2, 1, 1).mul(axis(height)); // [N, rows, H]
        Tensor places = across.unsqueeze(2).add(down.unsqueeze(3)); // [N, rows, H, W]
        Tensor xy = places.narrow(1, 0, 2);
        if (projective) {
            xy.div_(places.narrow(1, 2, 1).clamp(HORIZON, Double.POSITIVE_INFINITY));
        }
        return xy.permute(0, 2, 3, 1);
    }

    private Tensor matrices() {
        double[] all = maps.stream()
                .flatMapToDouble(map -> DoubleStream.of(map.matrix()))
                .toArray();
        return moved(Tensor.of(all, maps.size(), 3, 3));
    }

    private Tensor axis(long pixels) {
        double[] places = new double[Math.toIntExact(pixels)];
        for (int i = 0; i < places.length; i++) {
            double edges = (2 * i + 1.0) / pixels - 1;
            double centres = pixels == 1 ? 0 : 2.0 * i / (pixels - 1) - 1;
            places[i] = options.alignCorners ? centres : edges;
        }
        return moved(Tensor.of(places));
    }

    private Tensor moved(Tensor x) {
        return x.to(images.dtype()).to(images.device());
    }
}
