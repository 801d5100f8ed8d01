package dev.cadenza.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.cli.Cadenza.Result;
import dev.cadenza.data.Batch;
import dev.cadenza.data.BatchTransform;
import dev.cadenza.data.Dataset;
import dev.cadenza.data.Digits;
import dev.cadenza.data.Sample;
import dev.cadenza.io.Safetensors;
import dev.cadenza.io.SealedFolder;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.vision.models.ResNet;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on images: two classes, one red, one blue, with names that are not ASCII. */
class ImageCommandsTest {
    private static final String RED = "röd";
    private static final String BLUE = "蓝";

    @TempDir
    private Path dir;

    private Path photos;

    @BeforeEach
    void draw() throws IOException {
        photos = dir.resolve("photos");
        for (String part : new String[] {"train", "valid"}) {
            for (int i = 0; i < (part.equals("train") ? 12 : 4); i++) {
                image(photos.resolve(part).resolve(RED).resolve("bild " + i + ".png"), 40 + i, 0xC02010 + 3 * i);
                image(photos.resolve(part).resolve(BLUE).resolve(i + ".jpg"), 36, 0x1030D0 + 5 * i);
            }
        }
    }

    private static Path image(Path file, int size, int colour) throws IOException {
        BufferedImage image = new BufferedImage(size, size + 7, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < size; x++) {
                image.setRGB(x, y, colour + (x * 7 + y * 3) % 16);
            }
        }
        Files.createDirectories(file.getParent());
        String name = file.getFileName().toString();
        assertThat(ImageIO.write(image, name.substring(name.lastIndexOf('.') + 1), file.toFile()))
                .isTrue();
        return file;
    }

    private Result train(Object... more) {
        Object[] always = {
            "train",
            "--data",
            photos,
            "--arch",
            "small-resnet",
            "--size",
            32,
            "--bs",
            8,
            "--threads",
            1,
            "--json",
            "--quiet",
            "--run",
            dir.resolve("run"),
            "--epochs",
            8
        };
        Object[] all = Arrays.copyOf(always, always.length + more.length);
        System.arraycopy(more, 0, all, always.length, more.length);
        return Cadenza.run(all);
    }

    private static void assertBadInput(Result result, String... parts) {
        assertThat(result.err().lines()).hasSize(1);
        assertThat(result.err()).startsWith("cadenza: ").contains(parts);
        assertThat(result.code()).isEqualTo(2);
    }

    @Test
    void a_folder_is_learnt_with_the_same_digest_for_any_number_of_workers_and_predicted_from_its_file()
            throws IOException {
        Result first = train("--workers", 0);
        assertThat(first.err()).isEmpty();
        assertThat(first.lastJson()).containsEntry("event", "done").containsEntry("accuracy", 1.0);
        Files.move(dir.resolve("run"), dir.resolve("first"));
        assertThat(train("--workers", 2).lastJson().get("digest"))
                .isEqualTo(first.lastJson().get("digest"));

        Path unseen = image(dir.resolve("unseen.png"), 90, 0xD01505);
        Result seen = Cadenza.run("predict", dir.resolve("run"), unseen, "--json");
        assertThat(seen.lastJson()).containsEntry("class", RED).containsEntry("image", unseen.toString());
        Path broken = Files.writeString(dir.resolve("broken.jpg"), "no image");
        Result both = Cadenza.run("predict", dir.resolve("run/model.safetensors"), broken, unseen);
        assertThat(both.out()).startsWith(unseen + ": " + RED).contains(" %, " + BLUE);
        assertBadInput(both, "broken.jpg: ");
    }

    @Test
    void bfloat16_learns_too() {
        assertThat(train("--bf16").lastJson()).containsEntry("accuracy", 1.0);
    }

    @Test
    void weights_of_a_file_are_fine_tuned() throws IOException {
        Path file = dir.resolve("weights.safetensors");
        try (Scope scope = Scope.open()) {
            Safetensors.write(file, ResNet.resnet18(3).stateDict());
        }
        Object[] args = {
            "train",
            "--data",
            photos,
            "--arch",
            "resnet18",
            "--size",
            32,
            "--bs",
            8,
            "--weights",
            file,
            "--epochs",
            1,
            "--threads",
            1,
            "--json",
            "--quiet",
            "--run",
            dir.resolve("run")
        };
        Result result = Cadenza.run(args);
        assertThat(result.err()).isEmpty();
        // the head alone, then all: two epochs of 24 images
        assertThat(result.lastJson()).containsEntry("event", "done").containsEntry("steps", 2 * 3);
        Path one = photos.resolve("valid").resolve(BLUE).resolve("0.jpg");
        assertThat(Cadenza.run("predict", dir.resolve("run"), one).code()).isZero();

        try (Scope scope = Scope.open()) {
            Safetensors.write(file, Map.of("other.weight", Tensor.ones(2)));
        }
        assertBadInput(
                Cadenza.run("train", "--data", photos, "--arch", "resnet18", "--weights", file), "does not fit --arch");
    }

    @Test
    void a_batch_is_shown_as_a_picture() throws IOException {
        Path png = dir.resolve("batch.png");
        Result result = Cadenza.run("show-batch", "--data", photos, "--size", 64, "--bs", 6, "--out", png);
        assertThat(result.code()).isZero();
        assertThat(result.err()).contains("6 images of 64×64 pixels are in " + png);
        BufferedImage picture = ImageIO.read(png.toFile());
        assertThat(picture.getWidth()).isEqualTo(3 * (128 + 4) + 4);
        assertThat(picture.getHeight()).isEqualTo(2 * (128 + 16 + 4) + 4);
        assertThat(Cadenza.run("show-batch", "--out", png, "--valid").code()).isZero(); // digits
    }

    @Test
    void broken_images_are_named_or_skipped_and_counted() throws IOException {
        Path text = Files.writeString(photos.resolve("train").resolve(RED).resolve("text.jpg"), "no image");
        Path whole = photos.resolve("train").resolve(BLUE).resolve("3.jpg");
        byte[] bytes = Files.readAllBytes(whole);
        Files.write(whole, Arrays.copyOf(bytes, bytes.length / 2));
        assertThat(train("--workers", 2).err())
                .containsAnyOf("text.jpg: ", "3.jpg: ")
                .hasLineCount(1);
        Files.delete(text);
        SealedFolder.delete(dir.resolve("run"));
        assertBadInput(train(), "3.jpg: ");
        SealedFolder.delete(dir.resolve("run"));
        assertThat(train("--skip-broken").lastJson())
                .containsEntry("event", "done")
                .containsEntry("accuracy", 1.0);
    }

    @Test
    void odd_folders_are_handled_or_refused_in_one_line() throws IOException {
        image(photos.resolve("train").resolve(RED).resolve("one.png"), 1, 0xFF0000);
        image(photos.resolve("train").resolve(RED).resolve("wide.png"), 900, 0xFF0000);
        Files.createSymbolicLink(photos.resolve("train").resolve(BLUE).resolve("around"), photos.resolve("train"));
        assertThat(train().lastJson()).containsEntry("event", "done");
        Files.createDirectory(photos.resolve("train").resolve("empty"));
        assertBadInput(Cadenza.run("train", "--data", photos), "empty");
        Files.delete(photos.resolve("train").resolve("empty"));
        image(photos.resolve("valid").resolve("only here").resolve("a.png"), 20, 0);
        assertBadInput(Cadenza.run("train", "--data", photos), "only here");
    }

    @Test
    void digits_are_seen_in_image_files() throws IOException {
        Path run = dir.resolve("digits");
        assertThat(Cadenza.run("train", "--quiet", "--bs", 128, "--run", run).code())
                .isZero();
        Dataset valid = Digits.make(1).valid();
        int right = 0;
        for (int i = 0; i < 20; i++) {
            try (Scope scope = Scope.open()) {
                Sample sample = valid.get(i);
                byte[] pixels = sample.inputs().get(0).mul(255).to(DType.UINT8).toBytes();
                BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
                image.getRaster().setDataElements(0, 0, 28, 28, pixels);
                Path png = dir.resolve(i + ".png");
                assertThat(ImageIO.write(image, "png", png.toFile())).isTrue();
                Object seen =
                        Cadenza.run("predict", run, png, "--json").lastJson().get("class");
                right += seen.equals(String.valueOf(sample.targets().get(0).itemLong())) ? 1 : 0;
            }
        }
        assertThat(right).isGreaterThan(15);
    }

    @Test
    void grey_pixels_become_what_each_network_takes() {
        try (Scope scope = Scope.open()) {
            Batch digits = new Batch(List.of(Tensor.ones(2, 784)), List.of());
            BatchTransform colours =
                    Recipe.GREY.batchTransforms(ArchOption.SMALL_RESNET).get(0);
            assertThat(colours.apply(digits, List.of()).input().shape()).containsExactly(2, 3, 28, 28);
            BatchTransform rows = Recipe.GREY.batchTransforms(ArchOption.MLP).get(0);
            Batch images = new Batch(List.of(Tensor.ones(2, 1, 28, 28)), List.of());
            assertThat(rows.apply(images, List.of()).input().shape()).containsExactly(2, 784);
        }
    }

    @Test
    void a_file_of_weights_alone_is_refused_in_one_line() {
        Path file = dir.resolve("weights.safetensors");
        try (Scope scope = Scope.open()) {
            Safetensors.write(file, Map.of("weight", Tensor.ones(2)));
        }
        assertBadInput(Cadenza.run("predict", file, "a.png"), "has weights, but no description of a model");
    }
}
