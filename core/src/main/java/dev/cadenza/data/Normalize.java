package dev.cadenza.data;

import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.tensor.Buffer;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Device;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bring the first input of each batch to mean 0 and standard deviation 1, channel by channel: {@code (x - mean) / std}.
 *
 * <p>The channels are dimension 1, as in {@code [N, C, H, W]}; a single mean and deviation are for all of the input.
 *
 * <pre>{@code
 * Normalize imagenet = Normalize.imagenet();
 * Datasets sets = Digits.make(1);
 * Normalize measured = Normalize.measure(sets.loaders(o -> {}).train(), 10);
 * DataLoaders data = sets.with(measured).loaders(o -> o.batchSize = 64);
 * }</pre>
 */
public final class Normalize implements BatchTransform, Described {
    private static final double[] IMAGENET_MEAN = {0.485, 0.456, 0.406};
    private static final double[] IMAGENET_STD = {0.229, 0.224, 0.225};

    private record Place(Device device, DType dtype) {}

    private record Numbers(Tensor mean, Tensor std) {}

    private final double[] mean;
    private final double[] std;
    /** Copied to a device once, not for each batch. */
    private final Map<Place, Numbers> copies = new ConcurrentHashMap<>();

    private Normalize(double[] mean, double[] std) {
        this.mean = mean.clone();
        this.std = std.clone();
        boolean isUsable = mean.length > 0
                && mean.length == std.length
                && Arrays.stream(mean).allMatch(Double::isFinite)
                && Arrays.stream(std).allMatch(s -> s > 0 && Double.isFinite(s));
        if (!isUsable) {
            throw new IllegalArgumentException("wanted as many means as deviations above 0, one for each channel, but"
                    + " got: " + Arrays.toString(mean) + " and " + Arrays.toString(std));
        }
    }

    /**
     * Use these numbers ({@code Normalize.from_stats}).
     *
     * @param mean one for each channel, or one for all
     * @param std as many, all above 0
     * @throws IllegalArgumentException if there is none, their numbers differ, or one is out of range
     */
    public static Normalize of(double[] mean, double[] std) {
        return new Normalize(mean, std);
    }

    /** Use those of ImageNet's images, in [0, 1], red, green, blue: for models that were trained on them. */
    public static Normalize imagenet() {
        return new Normalize(IMAGENET_MEAN, IMAGENET_STD);
    }

    /**
     * Measure the first input of the first batches of epoch 0, on the CPU, as the loader transforms them: mean and
     * sample standard deviation, + 1e-7, of each channel over all other dimensions.
     *
     * @param loader what to train from
     * @param batches how many at most, 1 or more; fastai takes one
     * @throws IllegalArgumentException if there are less than two numbers in a channel, or one is not finite
     * @throws TensorException if an input is no floating-point tensor {@code [N, C, *]}
     */
    public static Normalize measure(DataLoader loader, int batches) {
        if (batches < 1) {
            throw new IllegalArgumentException("wanted to measure 1 batch or more, but got: " + batches);
        }
        ChannelStats stats = new ChannelStats();
        try (Epoch epoch = loader.epoch(0)) {
            Iterator<Batch> it = epoch.iterator();
            for (int i = 0; i < batches && it.hasNext(); i++) {
                try (Scope scope = Scope.open()) {
                    stats.add(requireFloat(it.next().input()));
                }
            }
        }
        return new Normalize(stats.mean(), stats.std());
    }

    private static Tensor requireFloat(Tensor x) {
        if (!x.dtype().isFloatingPoint()) {
            throw new TensorException("Normalize: wanted a floating-point input, but got " + x.describe()
                    + "; put a transform to fractions before it: input.to(DType.FLOAT32).div(255)");
        }
        if (x.dim() < 2) {
            throw new TensorException("Normalize: wanted an input [N, C, *], but got " + x.describe());
        }
        return x;
    }

    @Override
    public Batch apply(Batch batch, List<Draw> draws) {
        List<Tensor> inputs = new ArrayList<>(batch.inputs());
        inputs.set(0, apply(batch.input()));
        return new Batch(inputs, batch.targets());
    }

    /**
     * Normalize a batch of inputs, {@code [N, C, *]}.
     *
     * @throws TensorException if it is no floating-point tensor, or has another number of channels
     */
    public Tensor apply(Tensor x) {
        Numbers numbers = numbers(x);
        return x.sub(numbers.mean).div(numbers.std);
    }

    /**
     * Undo it, to show what the model got ({@code decode}): {@code x * std + mean}.
     *
     * @throws TensorException if it is no floating-point tensor, or has another number of channels
     */
    public Tensor decode(Tensor x) {
        Numbers numbers = numbers(x);
        return x.mul(numbers.std).add(numbers.mean);
    }

    private Numbers numbers(Tensor x) {
        requireFloat(x);
        if (mean.length != 1 && mean.length != x.size(1)) {
            throw new TensorException("Normalize: wanted an input [N, C, *] of " + mean.length
                    + " channels, one for each mean, but got " + x.describe());
        }
        Numbers flat = copies.computeIfAbsent(
                new Place(x.device(), x.dtype()), place -> new Numbers(copy(mean, place), copy(std, place)));
        long[] shape = new long[x.dim()];
        Arrays.fill(shape, 1);
        shape[1] = mean.length;
        return new Numbers(flat.mean.reshape(shape), flat.std.reshape(shape));
    }

    private static Tensor copy(double[] numbers, Place place) {
        try (Scope scope = Scope.open()) {
            return new Buffer(Tensor.of(numbers).to(place.dtype).to(place.device));
        }
    }

    /** Return what this is as plain data. */
    @Override
    public Spec spec() {
        return Spec.of("Normalize").with("mean", mean).with("std", std);
    }

    /** Return the mean of each channel. */
    public double[] mean() {
        return mean.clone();
    }

    /** Return the standard deviation of each channel. */
    public double[] std() {
        return std.clone();
    }

    @Override
    public String toString() {
        return "Normalize(mean=" + Arrays.toString(mean) + ", std=" + Arrays.toString(std) + ")";
    }
}
