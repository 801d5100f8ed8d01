package dev.cadenza.data;

import dev.cadenza.tensor.Device;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Hold several samples stacked along a first dimension, N.
 *
 * @param inputs one tensor {@code [N, *]} for each input of the model, at least one
 * @param targets one tensor {@code [N, *]} for each target of the loss; may be empty
 */
public record Batch(List<Tensor> inputs, List<Tensor> targets) {
    /**
     * Copy the lists, so that the batch cannot change.
     *
     * @throws IllegalArgumentException if there is no input
     */
    public Batch {
        inputs = List.copyOf(inputs);
        targets = List.copyOf(targets);
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("wanted a batch with at least one input, but got none");
        }
    }

    /** Pair one input {@code [N, *]} with one target {@code [N, *]}. */
    public static Batch of(Tensor input, Tensor target) {
        return new Batch(List.of(input), List.of(target));
    }

    /** Return N, the number of samples. */
    public long size() {
        return inputs.get(0).size(0);
    }

    /** Return the first input. */
    public Tensor input() {
        return inputs.get(0);
    }

    /**
     * Return the first target.
     *
     * @throws IndexOutOfBoundsException if there is none
     */
    public Tensor target() {
        return targets.get(0);
    }

    /** Return the batch on a device: itself if it lies there already. */
    public Batch to(Device device) {
        boolean there = inputs.stream().allMatch(t -> t.device().equals(device))
                && targets.stream().allMatch(t -> t.device().equals(device));
        return there
                ? this
                : new Batch(
                        inputs.stream().map(t -> t.to(device)).toList(),
                        targets.stream().map(t -> t.to(device)).toList());
    }

    /**
     * Stack samples ({@code default_collate}).
     *
     * @param samples at least one, all with as many inputs and targets, each of one shape and dtype
     * @throws TensorException if there is no sample, or one differs from the first: says which and how
     */
    public static Batch collate(List<Sample> samples) {
        if (samples.isEmpty()) {
            throw new TensorException("collate: wanted at least one sample, but got none");
        }
        return new Batch(
                stack(samples.stream().map(Sample::inputs).toList()),
                stack(samples.stream().map(Sample::targets).toList()));
    }

    static List<Tensor> stack(List<List<Tensor>> rows) {
        requireOneForm(rows);
        return IntStream.range(0, rows.get(0).size())
                .mapToObj(i -> Tensor.stack(rows.stream().map(row -> row.get(i)).toList(), 0))
                .toList();
    }

    /** Without this check PyTorch would convert samples of several dtypes to one, without a word. */
    private static void requireOneForm(List<List<Tensor>> rows) {
        List<Tensor> first = rows.get(0);
        for (int i = 1; i < rows.size(); i++) {
            if (!areAlike(first, rows.get(i))) {
                throw differing(form(first), i, form(rows.get(i)));
            }
        }
    }

    static TensorException differing(List<String> first, int number, List<String> other) {
        return new TensorException("collate: sample 0 of the batch has " + first + ", but sample " + number + " has "
                + other + "; bring them to one form, or set the loader's collate");
    }

    private static boolean areAlike(List<Tensor> row, List<Tensor> other) {
        boolean alike = row.size() == other.size();
        for (int i = 0; alike && i < row.size(); i++) {
            Tensor a = row.get(i);
            Tensor b = other.get(i);
            alike = a.dtype() == b.dtype() && Arrays.equals(a.shape(), b.shape());
        }
        return alike;
    }

    private static List<String> form(List<Tensor> row) {
        return row.stream().map(Tensor::describe).toList();
    }
}
