package dev.cadenza.bench;

import dev.cadenza.data.Batch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * Train the lesson's network with nothing but JavaCPP-PyTorch: what a careful user would write by hand.
 *
 * <p>It does what the {@code Learner} does, and no more: a new shuffled order for each epoch, batches gathered from one
 * tensor, forward, loss, backward, step, zero, and the loss of each batch summed up as a number.
 */
final class HandWrittenMlp implements AutoCloseable {
    private static final int BATCH = 64;

    private final Tensor images;
    private final Tensor labels;
    private final List<Tensor> parameters = new ArrayList<>();
    private final List<Integer> order = new ArrayList<>();
    private final Random random = new Random(1);
    private final Scalar minusLr = new Scalar(-0.5);

    HandWrittenMlp(Batch data, int hidden) {
        images = new Tensor((Tensor) data.input().unsafeHandle());
        labels = new Tensor((Tensor) data.target().unsafeHandle());
        for (int i = 0; i < data.size(); i++) {
            order.add(i);
        }
        for (long[] shape : new long[][] {{hidden, 784}, {hidden}, {10, hidden}, {10}}) {
            double bound = 1 / Math.sqrt(shape[0] == 10 ? hidden : 784);
            Tensor parameter = torch.empty(shape);
            parameter.uniform_(-bound, bound, new GeneratorOptional());
            parameter.set_requires_grad(true);
            parameters.add(parameter);
        }
    }

    /** Trains one epoch and returns its mean loss. */
    double epoch() {
        Collections.shuffle(order, random);
        double sum = 0;
        for (int from = 0; from < order.size(); from += BATCH) {
            int to = Math.min(order.size(), from + BATCH);
            sum += step(order.subList(from, to)) * (to - from);
        }
        return sum / order.size();
    }

    private double step(List<Integer> batch) {
        try (PointerScope scope = new PointerScope()) {
            Tensor index = index(batch);
            Tensor x = images.index_select(0, index);
            Tensor y = labels.index_select(0, index);
            Tensor hidden = torch.linear(x, parameters.get(0), new TensorOptional(parameters.get(1)))
                    .relu();
            Tensor pred = torch.linear(hidden, parameters.get(2), new TensorOptional(parameters.get(3)));
            Tensor loss = torch.cross_entropy_loss(pred, y);
            double value = loss.item_double();
            loss.backward();
            GradMode.set_enabled(false);
            for (Tensor parameter : parameters) {
                parameter.add_(parameter.grad(), minusLr);
                parameter.mutable_grad().reset();
            }
            GradMode.set_enabled(true);
            return value;
        }
    }

    private static Tensor index(List<Integer> batch) {
        long[] indices = batch.stream().mapToLong(Integer::longValue).toArray();
        Tensor index = torch.empty(
                new long[] {indices.length}, new TensorOptions(torch.ScalarType.Long), new MemoryFormatOptional());
        LongPointer memory = index.data_ptr_long();
        memory.put(indices, 0, indices.length);
        return index;
    }

    @Override
    public void close() {
        parameters.forEach(Tensor::close);
        images.close();
        labels.close();
        minusLr.close();
    }
}
