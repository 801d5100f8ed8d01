package dev.cadenza.vision.models;

import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.nn.Activation;
import dev.cadenza.nn.BatchNorm2d;
import dev.cadenza.nn.Conv2d;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.tensor.Tensor;

/** Two convolutions of 3×3, and what came in added to what comes out: the block of ResNet-18 and -34. */
final class BasicBlock extends Module implements ResNet.Residual, Described {
    private final Conv2d conv1;
    private final BatchNorm2d bn1;
    private final Activation relu = Activation.reluInPlace();
    private final Conv2d conv2;
    private final BatchNorm2d bn2;
    private final Sequential downsample;
    private final int stride;

    BasicBlock(long in, long planes, int stride) {
        conv1 = Blocks.conv(in, planes, 3, stride);
        bn1 = new BatchNorm2d(planes);
        conv2 = Blocks.conv(planes, planes, 3, 1);
        bn2 = new BatchNorm2d(planes);
        this.stride = stride;
        downsample = ResNet.downsample(in, planes, stride);
    }

    @Override
    public Spec spec() {
        return Spec.of("ResNet.BasicBlock")
                .with("in", conv1.weight().size(1))
                .with("planes", conv1.weight().size(0))
                .with("stride", stride);
    }

    @Override
    protected Tensor compute(Tensor x) {
        Tensor out = relu.forward(bn1.forward(conv1.forward(x)));
        out = bn2.forward(conv2.forward(out));
        return relu.forward(Blocks.sum(out, downsample == null ? x : downsample.forward(x)));
    }

    @Override
    public BatchNorm2d last() {
        return bn2;
    }
}
