/**
 * Bring images to models: decode, augment, and train on them.
 *
 * <p><b>From files to batches.</b> {@link dev.cadenza.vision.ImageFiles} finds the image files in a folder. An
 * {@link dev.cadenza.vision.Image} is a file and what is to be done with it; nothing is decoded before its pixels are
 * asked for, so that {@link dev.cadenza.vision.ImageTransforms} cost nothing until then, and pixels are interpolated once
 * however many of them there are. An {@link dev.cadenza.vision.ImageBlock} puts both into a pipeline that ends in bytes,
 * {@code [3, H, W]}; on the device a batch of them becomes float32 from 0 to 1. A file that is missing, cut off or damaged
 * is a {@link dev.cadenza.io.DataException} that names it.
 *
 * <pre>{@code
 * import dev.cadenza.data.Draw;
 * import dev.cadenza.tensor.Scope;
 * import dev.cadenza.tensor.Tensor;
 * import dev.cadenza.vision.ImageBlock;
 * import dev.cadenza.vision.ImageFiles;
 * import dev.cadenza.vision.ImageTransforms;
 * import java.nio.file.Path;
 * import java.util.List;
 *
 * List<Path> files = ImageFiles.in(Path.of("photos"));
 * ImageBlock images = ImageBlock.of(ImageTransforms.randomResizedCrop(224), ImageTransforms.flip(0.5));
 * for (int i = 0; i < files.size(); i++) {
 *     try (Scope scope = Scope.open()) {
 *         Tensor augmented = images.pipeline().run(files.get(i), Draw.of(42, 0, i));     // of seed 42, in epoch 0
 *         Tensor plain = images.pipeline().run(files.get(i), Draw.NONE);                 // as in validation
 *     }
 * }
 * }</pre>
 *
 * <p><b>Augmentation.</b> {@link dev.cadenza.vision.AugTransforms} varies the images of each batch on the model's
 * device: flip, rotation, zoom, perspective and light. {@link dev.cadenza.vision.Augment} has the parts; {@link dev.cadenza.vision.Homography} and
 * {@link dev.cadenza.vision.Lighting} are what they draw, and can be applied by hand.
 *
 * <pre>{@code
 * BatchTransform varied = AugTransforms.of(o -> { o.size = 128; o.maxRotate = 15; }, Augment.saturation(0.2));
 * DataLoaders loaders = DataLoaders.of(trainSet, validSet, o -> o.transforms = List.of(varied));
 * Tensor turned = Homography.rotate(90, 1).apply(images);
 * }</pre>
 *
 * <p><b>Networks.</b> {@link dev.cadenza.vision.VisionLearner} makes a learner of a network's body and a new head, with the body frozen
 * where weights are given: {@code VisionLearner.of(data, ResNet.resnet18(37), o -> o.pretrained = weights)}, and then
 * {@code fineTune}. The networks are in {@link dev.cadenza.vision.models}.
 *
 * <p><b>Prediction.</b> {@code learn.export} writes one file; an {@link dev.cadenza.vision.ImagePredictor} predicts from
 * it, in a service that has this module and core and nothing of the training:
 *
 * <pre>{@code
 * learn.export(dir.resolve("pets.safetensors"));
 * try (ImagePredictor pets = ImagePredictor.load(dir.resolve("pets.safetensors")).warm()) {
 *     System.out.println(pets.predict(Path.of("cat.jpg")).label());
 * }
 * }</pre>
 */
package dev.cadenza.vision;
