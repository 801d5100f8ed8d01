/**
 * Bring images to models: decode, augment, and train on them.
 *
 * <p>{@link dev.cadenza.vision.VisionLearner} makes a learner of a network's body and a new head, with the body frozen
 * where weights are given: {@code VisionLearner.of(data, ResNet.resnet18(37), o -> o.pretrained = weights)}, and then
 * {@code fineTune}. The networks are in {@link dev.cadenza.vision.models}.
 */
package dev.cadenza.vision;
