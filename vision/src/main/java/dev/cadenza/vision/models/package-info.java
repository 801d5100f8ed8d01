/**
 * Classify images with residual networks.
 *
 * <p>{@link dev.cadenza.vision.models.ResNet} is torchvision's, in names, shapes and numbers: the one to fine-tune, since
 * there are weights for it. {@link dev.cadenza.vision.models.XResNet} is fastai's: the better one to train from scratch.
 * {@link dev.cadenza.vision.models.SmallResNet} is for images of 32×32 pixels, and fast on a CPU.
 * {@link dev.cadenza.vision.models.ConvLayer}, {@link dev.cadenza.vision.models.ResBlock} and
 * {@link dev.cadenza.vision.models.BlurPool} are what they are built of, to build others.
 *
 * <p>All take {@code [N, C, H, W]} and give scores {@code [N, classes]}, and refuse other shapes with an error that says
 * what is wanted. A choice of options is made when they are built:
 *
 * <pre>{@code
 * import dev.cadenza.vision.models.*;
 *
 * Module fromScratch = XResNet.xresnet34(10, o -> o.activation = Activation::mish);
 * Module forCifar = new SmallResNet(10, o -> o.widths = new int[] {24, 48, 96, 192});
 * Learner learner = new Learner(data, forCifar, Losses.crossEntropy()).metrics(Metrics.accuracy());
 * learner.fitOneCycle(5, 1e-2);
 *
 * Module ownNet = Sequential.of(
 *         new ConvLayer(1, 16, 3, o -> o.stride = 2),
 *         new ResBlock(1, 16, 32, o -> o.stride = 2),
 *         new AdaptiveAvgPool2d(1), new Flatten(), new Linear(32, 10));
 * }</pre>
 *
 * <p>ReLUs write over their input, as torchvision's do. After a batch norm or a sum nothing needs that input again; a
 * tenth of the time of a training step, and a tensor for each of them, is saved. A hook that keeps a batch norm's
 * output must copy it.
 */
package dev.cadenza.vision.models;
