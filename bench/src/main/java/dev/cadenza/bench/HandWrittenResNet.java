package dev.cadenza.bench;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.MemoryFormat;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Train ResNet-18 with nothing but JavaCPP-PyTorch: what a careful user would write by hand, with plain SGD.
 *
 * <p>The convolutions and normalisations stand in one list, in the order in which they are run.
 */
final class HandWrittenResNet implements AutoCloseable {
    private static final int[] BLOCKS = {2, 2, 2, 2};

    private record Unit(Tensor kernel, Tensor scale, Tensor shift, Tensor mean, Tensor var, long stride) {}

    private final List<Unit> units = new ArrayList<>();
    private final List<Tensor> parameters = new ArrayList<>();
    private final Tensor weight;
    private final Tensor bias;
    private final Scalar minusLr;
    private final boolean channelsLast;
    private final boolean bf16;
    private int next;

    HandWrittenResNet(long classes, double lr, boolean channelsLast, boolean bf16) {
        this.channelsLast = channelsLast;
        this.bf16 = bf16;
        minusLr = new Scalar(-lr);
        unit(3, 64, 7, 2);
        long in = 64;
        for (int layer = 0; layer < BLOCKS.length; layer++) {
            long width = 64L << layer;
            for (int block = 0; block < BLOCKS[layer]; block++) {
                long stride = layer > 0 && block == 0 ? 2 : 1;
                unit(in, width, 3, stride);
                unit(width, width, 3, 1);
                if (in != width) {
                    unit(in, width, 1, stride);
                }
                in = width;
            }
        }
        weight = parameter(new long[] {classes, in}, 1 / Math.sqrt(in));
        bias = parameter(new long[] {classes}, 1 / Math.sqrt(in));
    }

    private void unit(long in, long out, long size, long stride) {
        Tensor kernel = parameter(new long[] {out, in, size, size}, Math.sqrt(6.0 / (out * size * size)));
        if (channelsLast) {
            kernel.set_data(kernel.detach().contiguous(MemoryFormat.ChannelsLast));
        }
        Tensor scale = parameter(new long[] {out}, 0);
        scale.detach().fill_(new Scalar(1.0));
        units.add(new Unit(kernel, scale, parameter(new long[] {out}, 0), torch.zeros(out), torch.ones(out), stride));
    }

    private Tensor parameter(long[] shape, double bound) {
        Tensor parameter = torch.empty(shape);
        parameter.uniform_(-bound, bound, new GeneratorOptional());
        parameter.set_requires_grad(true);
        parameters.add(parameter);
        return parameter;
    }

    /** The shapes of all parameters, in torchvision's order. */
    List<long[]> shapes() {
        return parameters.stream().map(each -> each.shape()).toList();
    }

    /** Does one step and returns its loss; the images are float32 {@code [N, 3, H, W]}, the labels int64 {@code [N]}. */
    double step(Tensor images, Tensor labels) {
        try (PointerScope scope = new PointerScope()) {
            Tensor x = channelsLast ? images.contiguous(MemoryFormat.ChannelsLast) : images;
            Tensor loss = torch.cross_entropy_loss(predict(x), labels);
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

    private Tensor predict(Tensor x) {
        if (!bf16) {
            return forward(x);
        }
        torch.set_autocast_dtype(DeviceType.CPU, ScalarType.BFloat16);
        torch.set_autocast_enabled(DeviceType.CPU, true);
        Tensor pred = forward(x);
        torch.set_autocast_enabled(DeviceType.CPU, false);
        torch.clear_cache();
        return pred.to(ScalarType.Float);
    }

    private Tensor forward(Tensor x) {
        next = 0;
        Tensor y = convolve(x, 3).relu_();
        y = torch.max_pool2d(y, new long[] {3, 3}, new long[] {2, 2}, new long[] {1, 1}, new long[] {1, 1}, false);
        for (int layer = 0; layer < BLOCKS.length; layer++) {
            for (int block = 0; block < BLOCKS[layer]; block++) {
                Tensor inner = convolve(convolve(y, 1).relu_(), 1);
                Tensor around = layer > 0 && block == 0 ? convolve(y, 0) : y;
                y = inner.add_(around).relu_();
            }
        }
        return torch.linear(torch.adaptive_avg_pool2d(y, 1, 1).flatten(1, -1), weight, new TensorOptional(bias));
    }

    private Tensor convolve(Tensor x, long padding) {
        Unit unit = units.get(next++);
        Tensor y = torch.conv2d(
                x,
                unit.kernel,
                new TensorOptional(),
                new long[] {unit.stride, unit.stride},
                new long[] {padding, padding},
                new long[] {1, 1},
                1);
        return torch.batch_norm(
                y,
                new TensorOptional(unit.scale),
                new TensorOptional(unit.shift),
                new TensorOptional(unit.mean),
                new TensorOptional(unit.var),
                true,
                0.1,
                1e-5,
                true);
    }

    @Override
    public void close() {
        parameters.forEach(Tensor::close);
        units.forEach(unit -> {
            unit.mean.close();
            unit.var.close();
        });
        minusLr.close();
    }
}
