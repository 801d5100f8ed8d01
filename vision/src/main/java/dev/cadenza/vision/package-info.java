/**
 * Bring images to models: decode, augment, and train on them.
 *
 * <h2>Augmentation</h2>
 *
 * {@link dev.cadenza.vision.AugTransforms} varies the images of each batch on the model's device: flip, rotation, zoom,
 * perspective and light. {@link dev.cadenza.vision.Augment} has the parts; {@link dev.cadenza.vision.Homography} and
 * {@link dev.cadenza.vision.Lighting} are what they draw, and can be applied by hand.
 *
 * <pre>{@code
 * BatchTransform varied = AugTransforms.of(o -> { o.size = 128; o.maxRotate = 15; }, Augment.saturation(0.2));
 * DataLoaders loaders = DataLoaders.of(trainSet, validSet, o -> o.transforms = List.of(varied));
 * Tensor turned = Homography.rotate(90, 1).apply(images);
 * }</pre>
 */
package dev.cadenza.vision;
