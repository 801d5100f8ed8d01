package dev.cadenza.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.data.Batch;
import dev.cadenza.data.Dataset;
import dev.cadenza.data.Datasets;
import dev.cadenza.data.Normalize;
import dev.cadenza.io.DataException;
import dev.cadenza.metric.Metrics;
import dev.cadenza.nn.Flatten;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.tensor.Rng;
import dev.cadenza.testing.InScope;
import dev.cadenza.train.Learner;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(InScope.class)
class ImageFolderTest {
    private static final int RED = 0xc02010;
    private static final int BLUE = 0x1020c0;

    @TempDir
    Path dir;

    /** Write images of one colour, each a bit darker than the one before. */
    private void images(String folder, int count, int colour) throws IOException {
        Files.createDirectories(dir.resolve(folder));
        for (int i = 0; i < count; i++) {
            BufferedImage image = new BufferedImage(6, 5, BufferedImage.TYPE_INT_RGB);
            for (int pixel = 0; pixel < 30; pixel++) {
                image.setRGB(pixel % 6, pixel / 6, colour - 0x010101 * i);
            }
            ImageIO.write(image, "png", dir.resolve(folder).resolve(i + ".png").toFile());
        }
    }

    private Datasets sets() {
        return ImageFolder.in(dir, o -> o.transforms = List.of(ImageTransforms.resize(4)));
    }

    private static List<Integer> labels(Dataset set) {
        return IntStream.range(0, set.size())
                .mapToObj(i -> (int) set.get(i).targets().get(0).itemLong())
                .toList();
    }

    @Test
    void the_parts_are_told_by_their_folders() throws IOException {
        images("train/red", 3, RED);
        images("train/blue/dark", 2, BLUE); // however deep
        images("val/blue", 1, BLUE);
        images("test/red", 4, RED); // valid is before val, and val before test
        Datasets sets = sets();
        assertThat(sets.classes()).containsExactly("blue", "red");
        assertThat(labels(sets.train())).containsExactly(0, 0, 1, 1, 1);
        assertThat(labels(sets.valid())).containsExactly(0);
        assertThat(sets.valid().describe(0))
                .contains(Path.of("val", "blue", "0.png").toString());
        Batch batch = sets.loaders(o -> {}).valid().epoch(0).iterator().next();
        assertThat(batch.input().describe()).isEqualTo("float32[1, 3, 4, 4]");
        assertThat(batch.input().select(1, 2).mean().item()).isCloseTo(0xc0 / 255.0, within(1e-6));
    }

    @Test
    void without_a_folder_to_validate_on_each_class_gives_its_share() throws IOException {
        images("train", 10, RED); // a class of vehicles
        images("car", 20, BLUE);
        Datasets sets = sets();
        assertThat(sets.classes()).containsExactly("car", "train");
        assertThat(labels(sets.valid())).containsExactlyInAnyOrder(0, 0, 0, 0, 1, 1);
        assertThat(sets.train().size()).isEqualTo(24);
        assertThat(ImageFolder.in(dir, o -> o.validShare = 0).valid().size()).isZero();
        assertThatIllegalArgumentException().isThrownBy(() -> ImageFolder.in(dir, o -> o.validShare = 1));
    }

    @Test
    void a_folder_to_train_on_alone_gives_a_random_part_to_validate_on() throws IOException {
        images("train/red", 10, RED);
        images("train/blue", 10, BLUE);
        assertThat(labels(sets().valid())).containsExactlyInAnyOrder(0, 0, 1, 1);
    }

    @Test
    void an_empty_class_to_train_on_is_refused_and_an_empty_one_to_validate_on_does_no_harm() throws IOException {
        images("train/red", 2, RED);
        images("train/blue", 0, BLUE);
        images("valid/red", 1, RED);
        assertThatThrownBy(this::sets)
                .isInstanceOf(DataException.class)
                .hasMessageContaining(Path.of("train", "blue")
                        + ": wanted images of this class to train on, but there is none; add some, or take the folder");
        images("train/blue", 2, BLUE);
        images("valid/blue", 0, BLUE);
        assertThat(labels(sets().valid())).containsExactly(1);
    }

    @Test
    void a_class_of_the_validation_part_alone_is_refused_with_its_image() throws IOException {
        images("train/red", 2, RED);
        images("valid/blue", 1, BLUE);
        assertThatIllegalArgumentException()
                .isThrownBy(this::sets)
                .withMessageContaining("got 'blue', of: ")
                .withMessageContaining("0.png; known are: red");
    }

    @Test
    void an_image_outside_of_the_folders_of_the_classes_is_refused() throws IOException {
        images("red", 2, RED);
        images(".", 1, RED);
        assertThatThrownBy(this::sets).isInstanceOf(DataException.class).hasMessageContaining("this one is in none");
    }

    @Test
    void a_folder_that_is_missing_or_has_no_image_is_refused() throws IOException {
        assertThatThrownBy(this::sets).isInstanceOf(DataException.class);
        images("train/red", 1, RED);
        images("valid/red", 0, RED);
        assertThatThrownBy(this::sets).isInstanceOf(DataException.class).hasMessageContaining("valid");
        assertThatThrownBy(() -> ImageFolder.in(dir.resolve("nowhere"))).isInstanceOf(DataException.class);
    }

    @Test
    void what_is_no_image_or_hidden_is_left_out_and_counted() throws IOException {
        images("red", 5, RED);
        images(".git", 1, RED);
        Files.writeString(dir.resolve("README.md"), "about");
        Files.writeString(dir.resolve("red/notes.txt"), "about");
        Files.writeString(dir.resolve("red/.DS_Store"), "about");
        assertThat(ImageLayout.of(dir).files()).hasSize(5);
        assertThat(ImageLayout.of(dir).others()).isEqualTo(2);
    }

    @Test
    void images_may_be_read_in_grey_and_are_resized_unless_told_otherwise() throws IOException {
        images("red", 5, RED);
        assertThat(ImageFolder.in(dir, o -> o.grey = true)
                        .train()
                        .get(0)
                        .inputs()
                        .get(0)
                        .describe())
                .isEqualTo("uint8[1, 224, 224]");
        assertThat(ImageFolder.in(dir).train().get(0).inputs().get(0).describe())
                .isEqualTo("uint8[3, 224, 224]");
    }

    @Test
    void a_summary_tells_what_becomes_of_an_image() throws IOException {
        images("train/red", 2, RED);
        images("valid/red", 1, RED);
        assertThat(ImageFolder.summary(dir, o -> {
                    o.transforms = List.of(ImageTransforms.resize(4));
                    o.batchTransforms = List.of(Normalize.imagenet());
                }))
                .startsWith("3 items: 2 to train on, 1 to validate on\n")
                .contains("CategoryBlock, vocabulary of 1: red\n")
                .endsWith("The model gets float32[2, 3, 4, 4], the loss int64[2]\n");
    }

    @Test
    void a_model_learns_from_folders() throws IOException {
        images("train/red", 12, RED);
        images("train/blue", 12, BLUE);
        images("valid/red", 3, RED);
        images("valid/blue", 3, BLUE);
        Rng.global().seed(1);
        Datasets sets = ImageFolder.in(dir, o -> {
            o.transforms = List.of(ImageTransforms.resize(4));
            o.batchTransforms = List.of(Normalize.imagenet());
        });
        Module model = Sequential.of(new Flatten(), new Linear(48, 2));
        Learner learn = new Learner(sets.loaders(o -> o.batchSize = 8), model, Losses.crossEntropy())
                .metrics(Metrics.accuracy());
        learn.fit(3, 0.05);
        assertThat(learn.recorder().lastEpoch().get("accuracy")).isEqualTo(1);
    }
}
