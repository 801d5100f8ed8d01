package dev.cadenza.data;

import dev.cadenza.tensor.Tensor;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Take one or several numbers of an item as float32 {@code [nOut]}: the target of a regression, or an input.
 *
 * <pre>{@code
 * Block<Map<String, Double>> price = RegressionBlock.of(row -> row.get("price"));
 * Block<Map<String, Double>> place = RegressionBlock.of(2, row -> new double[] {row.get("x"), row.get("y")});
 * }</pre>
 *
 * <p>A single number has the shape {@code [1]} too (in fastai {@code []}), so that a batch is {@code [N, 1]}, the shape
 * that a model's last linear layer gives.
 *
 * @param <T> the item
 */
public final class RegressionBlock<T> implements Block<T> {
    private final int nOut;
    private final Function<? super T, double[]> numbers;

    private RegressionBlock(int nOut, Function<? super T, double[]> numbers) {
        if (nOut < 1) {
            throw new IllegalArgumentException("wanted 1 number or more, but got: " + nOut);
        }
        this.nOut = nOut;
        this.numbers = numbers;
    }

    /** Take one number of each item. */
    public static <T> RegressionBlock<T> of(ToDoubleFunction<? super T> number) {
        return new RegressionBlock<>(1, item -> new double[] {number.applyAsDouble(item)});
    }

    /**
     * Take several numbers of each item.
     *
     * @param nOut how many, 1 or more ({@code n_out})
     * @throws IllegalArgumentException if it is less than 1
     */
    public static <T> RegressionBlock<T> of(int nOut, Function<? super T, double[]> numbers) {
        return new RegressionBlock<>(nOut, numbers);
    }

    /** Return the steps; they refuse what is not as many numbers, all finite, with IllegalArgumentException. */
    @Override
    public Pipeline<T, Tensor> pipeline() {
        return Pipeline.<T, double[]>of("numbers", this::read).then("toTensor", RegressionBlock::toTensor);
    }

    private double[] read(T item) {
        double[] all = numbers.apply(item);
        if (all.length != nOut || !Arrays.stream(all).allMatch(x -> Float.isFinite((float) x))) {
            throw new IllegalArgumentException("wanted " + nOut + (nOut == 1 ? " finite number" : " finite numbers")
                    + ", but got " + Arrays.toString(all) + ", of: " + Items.describe(item)
                    + "; leave the item out, or fill in what is missing");
        }
        return all;
    }

    private static Tensor toTensor(double[] all) {
        float[] narrow = new float[all.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) all[i];
        }
        return Tensor.of(narrow);
    }

    @Override
    public String toString() {
        return "RegressionBlock";
    }
}
