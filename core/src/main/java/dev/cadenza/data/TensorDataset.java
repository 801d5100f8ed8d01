package dev.cadenza.data;

import dev.cadenza.tensor.Buffer;
import dev.cadenza.tensor.Device;
import dev.cadenza.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Take samples from tensors that hold all of them; whole batches are gathered in one copy.
 *
 * <pre>{@code
 * Dataset train = new TensorDataset(images, labels);      // [N, 784] and [N]
 * }</pre>
 */
public final class TensorDataset implements Dataset {
    private final List<Tensor> inputs;
    private final List<Tensor> targets;
    private final Device device;

    /** Pair one input {@code [N, *]} with one target {@code [N, *]}; see the other constructor. */
    public TensorDataset(Tensor input, Tensor target) {
        this(List.of(input), List.of(target));
    }

    /**
     * Hold tensors of the same first dimension; their memory is shared, and lives on when a scope closes them.
     *
     * @param inputs at least one tensor {@code [N, *]}
     * @param targets tensors {@code [N, *]}
     * @throws IllegalArgumentException if there is no input, first dimensions differ, or a tensor has none
     */
    public TensorDataset(List<Tensor> inputs, List<Tensor> targets) {
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("wanted at least one input tensor, but got none");
        }
        this.inputs = inputs.stream().<Tensor>map(Buffer::new).toList();
        this.targets = targets.stream().<Tensor>map(Buffer::new).toList();
        device = inputs.get(0).device();
        List<Tensor> all = Stream.concat(inputs.stream(), targets.stream()).toList();
        if (all.stream().anyMatch(t -> t.dim() == 0 || t.size(0) != all.get(0).size(0))) {
            throw new IllegalArgumentException("wanted tensors with one first dimension, N, but got "
                    + all.stream().map(Tensor::describe).toList());
        }
    }

    @Override
    public int size() {
        return Math.toIntExact(inputs.get(0).size(0));
    }

    /** Return views of row {@code index}: who changes them in place changes the data. A batch is a copy. */
    @Override
    public Sample get(int index) {
        return new Sample(
                inputs.stream().map(t -> t.select(0, index)).toList(),
                targets.stream().map(t -> t.select(0, index)).toList());
    }

    @Override
    public Batch batch(int[] indices, List<Draw> draws) {
        Tensor onCpu = Tensor.of(Arrays.stream(indices).asLongStream().toArray());
        Tensor index = device.equals(Device.CPU) ? onCpu : onCpu.to(device);
        return new Batch(
                inputs.stream().map(t -> t.indexSelect(0, index)).toList(),
                targets.stream().map(t -> t.indexSelect(0, index)).toList());
    }
}
