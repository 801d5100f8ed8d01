package dev.cadenza.vision;

import dev.cadenza.tensor.GridKernels;
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
            return Kinds.merge(kinds, this::treat).keep();
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

    private Tensor treat(int kind, int[] samples) {
        Tensor some = Kinds.take(images, samples);
        List<Homography> theirs = Arrays.stream(samples).mapToObj(maps::get).toList();
        return switch (kind) {
            case SAMPLED -> sample(some, theirs);
            case SHRUNK -> sample(shrunk(some), theirs);
            default -> exactly(kind, some);
        };
    }

    private Tensor shrunk(Tensor some) {
        long rows = (long) (some.size(2) / shrinkage());
        long columns = (long) (some.size(3) / shrinkage());
        return GridKernels.areaResize(some, rows, columns);
    }

    private static Tensor exactly(int dihedral, Tensor some) {
        double[] m = Homography.dihedral(dihedral, 1).matrix();
        boolean right = m[0] + m[3] < 0;
        boolean down = m[1] + m[4] < 0;
        boolean transposed = m[0] == 0;
        Tensor x = flipped(transposed ? some.transpose(2, 3) : some, right, down);
        return transposed ? x.contiguous() : x; // a copy of what is transposed lies in memory as it did before
    }

    private static Tensor flipped(Tensor x, boolean right, boolean down) {
        if (right && down) {
            return GridKernels.flip(x, 2, 3);
        }
        return right || down ? GridKernels.flip(x, right ? 3 : 2) : x.clone();
    }

    private Tensor sample(Tensor some, List<Homography> theirs) {
        try (Scope scope = Scope.open()) {
            return GridKernels.gridSample(some, grid(theirs), options.padding, options.alignCorners)
                    .keep();
        }
    }

    /** Only adds what is computed for a row to what is computed for a column, so that no place depends on the batch. */
    private Tensor grid(List<Homography> theirs) {
        boolean projective = theirs.stream().anyMatch(Homography::isProjective);
        long rows = projective ? 3 : 2;
        Tensor m = matrices(theirs).narrow(1, 0, rows);
        Tensor across = m.narrow(2, 0, 1).mul(axis(width)).add(m.narrow(2, 2, 1)); // [N, rows, W]
        Tensor down = m.narrow(2, 1, 1).mul(axis(height)); // [N, rows, H]
        Tensor places = across.unsqueeze(2).add(down.unsqueeze(3)); // [N, rows, H, W]
        Tensor xy = places.narrow(1, 0, 2);
        if (projective) {
            xy.div_(places.narrow(1, 2, 1).clamp(HORIZON, Double.POSITIVE_INFINITY));
        }
        return xy.permute(0, 2, 3, 1);
    }

    private Tensor matrices(List<Homography> theirs) {
        double[] all = theirs.stream()
                .flatMapToDouble(map -> DoubleStream.of(map.matrix()))
                .toArray();
        return moved(Tensor.of(all, theirs.size(), 3, 3));
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
