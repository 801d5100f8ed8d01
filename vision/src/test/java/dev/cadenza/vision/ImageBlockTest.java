package dev.cadenza.vision;

import static dev.cadenza.vision.ImageFixtures.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.data.Batch;
import dev.cadenza.data.CategoryBlock;
import dev.cadenza.data.DataBlock;
import dev.cadenza.data.Dataset;
import dev.cadenza.data.Draw;
import dev.cadenza.data.Labels;
import dev.cadenza.data.Sample;
import dev.cadenza.io.DataException;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
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
    void a_batch_of_small_images_has_the_bits_of_its_samples() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String name : new String[] {"rgb.jpg", "rgb.png", "rgb.bmp", "palette.png", "rgb.jpg", "exif6.jpg"}) {
            Path folder = Files.createDirectories(dir.resolve(String.valueOf(files.size() % 2)));
            files.add(Files.write(folder.resolve(files.size() + name), bytes(name)));
        }
        ImageTransform[] crop = {ImageTransforms.randomCrop(16, 4, PadMode.REFLECTION), ImageTransforms.dihedral(0.9)};
        ImageTransform[] resize = {ImageTransforms.randomResizedCrop(12), ImageTransforms.flip(0.5)};
        for (ImageBlock block :
                List.of(ImageBlock.of(crop), ImageBlock.grey(crop), ImageBlock.of(resize), ImageBlock.grey(resize))) {
            Dataset dataset = DataBlock.of(block, CategoryBlock.of(Labels.parent()))
                    .fit(files)
                    .dataset(files);
            for (int epoch = 0; epoch < 8; epoch++) {
                long number = epoch;
                List<Draw> draws = IntStream.range(0, files.size())
                        .mapToObj(i -> Draw.of(1, number, i))
                        .toList();
                List<Sample> samples = IntStream.range(0, files.size())
                        .mapToObj(i -> dataset.get(i, Draw.of(1, number, i)))
                        .toList();
                Batch batch = dataset.batch(IntStream.range(0, files.size()).toArray(), draws);
                Batch collated = Batch.collate(samples);
                assertThat(batch.input().describe()).isEqualTo(collated.input().describe());
                assertThat(batch.input().equal(collated.input())).isTrue();
                assertThat(batch.input().isContiguous())
                        .isEqualTo(collated.input().isContiguous());
                assertThat(batch.target().toLongs())
                        .containsExactly(collated.target().toLongs());
            }
        }
    }

    @Test
    void a_bad_file_in_a_batch_names_itself_and_its_sample() throws IOException {
        Path bad = Files.write(dir.resolve("bad.webp"), ImageForgery.undecodable());
        List<Path> files = List.of(file, bad);
        Dataset dataset = DataBlock.of(
                        ImageBlock.of(ImageTransforms.randomCrop(8, 0)), CategoryBlock.of(Labels.parent()))
                .fit(files)
                .dataset(files);
        assertThatThrownBy(() -> dataset.batch(new int[] {0, 1}))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("bad.webp: wanted a whole WebP")
                .satisfies(e -> assertThat(e.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("at step pixels", "while making sample 1 of 2: " + bad));
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
