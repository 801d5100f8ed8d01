package dev.cadenza.vision;

import static dev.cadenza.vision.ImageFixtures.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.data.Batch;
import dev.cadenza.data.BatchTransform;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.Datasets;
import dev.cadenza.data.Draw;
import dev.cadenza.data.Normalize;
import dev.cadenza.data.Transforms;
import dev.cadenza.io.DataException;
import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.nn.Identity;
import dev.cadenza.nn.Layers;
import dev.cadenza.nn.Losses;
import dev.cadenza.predict.Prediction;
import dev.cadenza.predict.Predictor;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.GridKernels;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import dev.cadenza.train.Learner;
import dev.cadenza.train.Predictions;
import dev.cadenza.vision.models.ResNet;
import dev.cadenza.vision.models.SmallResNet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Models for images that travel in one file. */
@ExtendWith(InScope.class)
class ImagePredictorTest {
    @TempDir
    private Path dir;

    private Path photos;
    private Path file;

    @BeforeEach
    void copyFixtures() throws IOException {
        file = dir.resolve("model.safetensors");
        photos = dir.resolve("photos");
        for (String part : new String[] {"train", "valid"}) {
            put(part + "/colour/a.jpg", "rgb.jpg");
            put(part + "/colour/b.png", "alpha.png");
            put(part + "/grey/c.jpg", "grey.jpg");
            put(part + "/grey/d.png", "grey.png");
        }
    }

    private void put(String name, String fixture) throws IOException {
        Path target = photos.resolve(name);
        Files.createDirectories(target.getParent());
        Files.write(target, bytes(fixture));
    }

    private Datasets sets(ImageTransform... transforms) {
        return ImageFolder.in(photos, o -> {
            o.transforms = List.of(transforms);
            o.batchTransforms = List.of(
                    AugTransforms.of(a -> a.size = 24, Augment.hue(0.1)), Normalize.imagenet(), Augment.erasing());
        });
    }

    private Learner learner() {
        Rng.global().seed(1);
        DataLoaders data = sets(ImageTransforms.randomResizedCrop(32), ImageTransforms.flip(0.5))
                .loaders(o -> o.batchSize = 2);
        return VisionLearner.of(data, new SmallResNet(2, o -> o.widths = new int[] {4, 8, 8, 8}), o -> {
            o.linFtrs = new int[] {8};
            o.trySize = 32;
            o.cut = 2;
        });
    }

    private List<Path> valid() {
        return Stream.of("colour/a.jpg", "colour/b.png", "grey/c.jpg", "grey/d.png")
                .map(photos.resolve("valid")::resolve)
                .toList();
    }

    @Test
    void an_exported_learner_sees_in_files_what_it_saw_in_validation() throws IOException {
        Learner learn = learner();
        learn.fit(1, 1e-3);
        learn.export(file);
        Predictions want = learn.getPreds();
        try (ImagePredictor predictor = ImagePredictor.load(file).warm()) {
            assertThat(predictor.classes()).containsExactly("colour", "grey");
            List<Prediction> all = predictor.predict(valid());
            for (int i = 0; i < 4; i++) {
                double[] wanted = want.preds().select(0, i).toDoubles();
                assertThat(all.get(i).values()).containsExactly(wanted, within(1e-6));
                assertThat(predictor.predict(valid().get(i)).values()).containsExactly(wanted, within(1e-6));
            }
            Prediction one = predictor.predict(valid().get(0));
            assertThat(predictor.predict(bytes("rgb.jpg")).values()).containsExactly(one.values());
            assertThat(predictor.predict(Image.of(valid().get(0))).values()).containsExactly(one.values());
        }
    }

    @Test
    void unreadable_images_are_named_and_the_next_is_seen() throws IOException {
        learner().export(file);
        Path text = Files.writeString(dir.resolve("text.jpg"), "no image");
        byte[] half = Files.readAllBytes(valid().get(0));
        Path cut = Files.write(dir.resolve("cut.jpg"), Arrays.copyOf(half, half.length / 2));
        try (ImagePredictor predictor = ImagePredictor.load(file)) {
            double[] want = predictor.predict(valid().get(0)).values();
            for (Path wrong : List.of(text, cut, dir.resolve("none.jpg"), dir)) {
                assertThatExceptionOfType(DataException.class)
                        .isThrownBy(() -> predictor.predict(wrong))
                        .withMessageStartingWith(wrong + ": ")
                        .withMessageNotContaining("\n");
                assertThatExceptionOfType(DataException.class)
                        .isThrownBy(() -> predictor.predict(List.of(valid().get(1), wrong)));
            }
            assertThatExceptionOfType(DataException.class).isThrownBy(() -> predictor.predict(new byte[] {1, 2, 3}));
            assertThat(predictor.predict(valid().get(0)).values()).containsExactly(want);
        }
    }

    @Test
    void many_threads_see_the_same_and_leave_nothing_behind() throws Exception {
        learner().export(file);
        try (ImagePredictor predictor = ImagePredictor.load(file).warm()) {
            List<double[]> want = valid().stream()
                    .map(each -> predictor.predict(each).values())
                    .toList();
            ExecutorService pool = Executors.newFixedThreadPool(4);
            long before = Engine.liveObjects();
            try {
                List<Future<Prediction>> got = new ArrayList<>();
                for (int i = 0; i < 80; i++) {
                    Path image = valid().get(i % 4);
                    got.add(pool.submit(() -> predictor.predict(image)));
                }
                for (int i = 0; i < 80; i++) {
                    assertThat(got.get(i).get().values()).containsExactly(want.get(i % 4));
                }
            } finally {
                pool.shutdownNow();
            }
            assertThat(Engine.liveObjects()).isLessThanOrEqualTo(before);
        }
    }

    private static Stream<BatchTransform> batchTransforms() {
        return Stream.of(
                new ImageToFloat(),
                AugTransforms.of(),
                AugTransforms.of(o -> {
                    o.size = 12;
                    o.width = 20;
                    o.padding = GridKernels.Padding.ZEROS;
                    o.alignCorners = false;
                    o.minScale = 0.5;
                }),
                Augment.of(o -> o.size = 9, Augment.randomResizedCrop(o -> o.validScale = 0.7), Normalize.imagenet()),
                Augment.flip(),
                Augment.brightness(0.3),
                Augment.hue(0.2),
                Augment.erasing());
    }

    @ParameterizedTest
    @MethodSource("batchTransforms")
    void a_batch_transform_does_in_a_predictor_what_it_does_in_validation(BatchTransform transform) {
        Spec spec = Spec.parse(((Described) transform).spec().toString());
        BatchTransform same = Layers.types()
                .add(Transforms.types())
                .add(ImagePredictor.types())
                .make(spec, BatchTransform.class);
        Batch batch = new Batch(List.of(Tensor.zeros(2, 3, 16, 18).uniform_(0, 1, new Rng(4))), List.of());
        List<Draw> none = Collections.nCopies(2, Draw.NONE);
        assertThat(same.apply(batch, none)
                        .input()
                        .equal(transform.apply(batch, none).input()))
                .isTrue();
    }

    private static Stream<ImageTransform> imageTransforms() {
        return Stream.of(
                ImageTransforms.resize(9),
                ImageTransforms.resize(9, o -> o.method = ResizeMethod.SQUISH),
                ImageTransforms.resize(9, o -> {
                    o.method = ResizeMethod.PAD;
                    o.padMode = PadMode.ZEROS;
                }),
                ImageTransforms.randomResizedCrop(9, o -> {
                    o.minScale = 0.2;
                    o.maxScale = 0.3;
                    o.minRatio = 0.9;
                    o.maxRatio = 0.95;
                    o.valXtra = 0.5;
                }),
                ImageTransforms.randomCrop(30, 3, PadMode.REFLECTION),
                ImageTransforms.flip(1),
                ImageTransforms.dihedral(1));
    }

    @ParameterizedTest
    @MethodSource("imageTransforms")
    void an_image_transform_is_made_again(ImageTransform transform) {
        for (ImageBlock block : List.of(ImageBlock.of(transform), ImageBlock.grey(transform))) {
            ImageBlock same =
                    ImagePredictor.types().make(Spec.parse(block.spec().toString()), ImageBlock.class);
            assertThat(same).hasToString(block.toString());
            Tensor want = block.pipeline().run(valid().get(0), Draw.of(3));
            assertThat(same.pipeline().run(valid().get(0), Draw.of(3)).equal(want))
                    .isTrue();
            assertThat(same.pixels(Image.of(valid().get(0)))
                            .equal(block.pipeline().run(valid().get(0), Draw.NONE)))
                    .isTrue();
        }
    }

    @Test
    void a_transform_that_is_a_function_is_named_with_its_place() {
        Datasets sets = sets(ImageTransforms.resize(32), (image, draw) -> image.flip());
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new Learner(sets.loaders(o -> {}), ResNet.resnet18(2), Losses.crossEntropy()).export(file))
                .withMessageStartingWith("input.transforms.1 is a function, ");
        assertThat(file).doesNotExist();
    }

    @Test
    void a_file_without_images_is_refused_and_one_with_needs_what_knows_them() {
        Predictor.write(file, new Identity(), o -> {});
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> ImagePredictor.load(file))
                .withMessageContaining("does not say how it reads images");
        Predictor.write(file, new Identity(), o -> o.input = ImageBlock.of());
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Predictor.load(file))
                .withMessageContaining("input (ImageBlock): this type is unknown")
                .withMessageContaining("ImagePredictor.load for images");
        Predictor.load(file, o -> o.types.add(ImagePredictor.types())).close();
    }
}
