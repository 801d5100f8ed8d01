package dev.cadenza.vision.models;

import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.nn.Activation;
import dev.cadenza.nn.BatchNorm2d;
import dev.cadenza.nn.Conv2d;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.tensor.Tensor;

/**
 * A convolution of 3×3 between two of 1×1 that narrow the channels to a quarter and widen them again: the block of
 * ResNet-50. The stride is in the middle, not in the first as in the paper: torchvision's choice.
 */
final class Bottleneck extends Module implements ResNet.Residual, Described {
    static final int EXPANSION = 4;

    private final Conv2d conv1;
    private final BatchNorm2d bn1;
    private final Conv2d conv2;
    private final BatchNorm2d bn2;
    private final Conv2d conv3;
    private final BatchNorm2d bn3;
    private final Activation relu = Activation.reluInPlace();
    private final Sequential downsample;
    private final int stride;

    Bottleneck(long in, long planes, int stride) {
        conv1 = Blocks.conv(in, planes, 1, 1);
        bn1 = new BatchNorm2d(planes);
        conv2 = Blocks.conv(planes, planes, 3, stride);
        bn2 = new BatchNorm2d(planes);
        conv3 = Blocks.conv(planes, planes * EXPANSION, 1, 1);
        bn3 = new BatchNorm2d(planes * EXPANSION);
        this.stride = stride;
        downsample = ResNet.downsample(in, planes * EXPANSION, stride);
    }

    @Override
    public Spec spec() {
        return Spec.of("ResNet.Bottleneck")
                .with("in", conv1.weight().size(1))
                .with("planes", conv1.weight().size(0))
                .with("stride", stride);
    }

    @Override
    protected Tensor compute(Tensor x) {
        Tensor out = relu.forward(bn1.forward(conv1.forward(x)));
        out = relu.forward(bn2.forward(conv2.forward(out)));
        out = bn3.forward(conv3.forward(out));
        return relu.forward(Blocks.sum(out, downsample == null ? x : downsample.forward(x)));
    }

    @Override
    public BatchNorm2d last() {
        return bn3;
    }
}
