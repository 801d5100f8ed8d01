package dev.cadenza.vision;

import static dev.cadenza.vision.ImageFixtures.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.data.Batch;
import dev.cadenza.data.Draw;
import dev.cadenza.data.Sample;
import dev.cadenza.io.DataException;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(InScope.class)
class ImageBlockTest {
    @TempDir
    private Path dir;

    private Path file;

    @BeforeEach
    void writeFile() throws IOException {
        file = Files.write(dir.resolve("a.jpg"), bytes("rgb.jpg"));
    }

    @Test
    void opens_transforms_and_decodes() {
        ImageTransform mine = (image, draw) -> image.dihedral(2);
        ImageBlock block = ImageBlock.of(ImageTransforms.resize(8), mine);
        Tensor x = block.pipeline().run(file, Draw.NONE);
        assertThat(x.equal(Image.of(file)
                        .crop(4, 0, 16, 16)
                        .resize(8, 8)
                        .dihedral(2)
                        .pixels()))
                .isTrue();
        assertThat(block).hasToString("ImageBlock: open → resize(8, CROP) → transform → pixels");
    }

    @Test
    void each_transform_draws_from_a_stream_of_its_own() {
        ImageBlock block = ImageBlock.of(ImageTransforms.randomResizedCrop(8), ImageTransforms.flip(0.5));
        Draw draw = Draw.of(5);
        Image image = ImageTransforms.randomResizedCrop(8).apply(Image.of(file), draw.at(0));
        Tensor expected = ImageTransforms.flip(0.5).apply(image, draw.at(1)).pixels();
        assertThat(block.pipeline().run(file, Draw.of(5)).equal(expected)).isTrue();
    }

    @Test
    void grey_images_have_one_channel() {
        assertThat(ImageBlock.grey().pipeline().run(file, Draw.NONE).shape()).containsExactly(1, 16, 24);
    }

    @Test
    void a_batch_becomes_float_from_0_to_1_in_the_usual_layout_and_targets_stay() {
        Tensor x = ImageBlock.of().pipeline().run(file, Draw.NONE);
        Tensor label = Tensor.of(new long[] {200}).to(DType.UINT8);
        Batch batch = Batch.collate(List.of(Sample.of(x, label), Sample.of(x, label)));
        Batch unit = ImageBlock.of().batchTransforms().get(0).apply(batch, List.of(Draw.NONE, Draw.NONE));
        assertThat(unit.input().dtype()).isEqualTo(DType.FLOAT32);
        assertThat(unit.input().select(0, 1).allclose(x.to(DType.FLOAT32).div(255), 1e-7, 0))
                .isTrue();
        assertThat(unit.input().view(2, -1).size(1)).isEqualTo(3 * 16 * 24);
        assertThat(unit.target()).isSameAs(batch.target());
        assertThat(batch.input().dtype()).isEqualTo(DType.UINT8);
        Batch again = ImageBlock.of().batchTransforms().get(0).apply(unit, List.of(Draw.NONE, Draw.NONE));
        assertThat(again.input()).isSameAs(unit.input());
    }

    @Test
    void a_bad_file_names_itself_and_the_step() throws IOException {
        Path bad = Files.writeString(dir.resolve("bad.jpg"), "hello");
        assertThatThrownBy(() ->
                        ImageBlock.of(ImageTransforms.resize(8)).pipeline().run(bad, Draw.NONE))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("bad.jpg: wanted a JPEG")
                .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("at step open"));
    }
}
