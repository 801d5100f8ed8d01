package dev.cadenza.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class DataBlockTest {
    record Flower(String name, double petal, String kind) {}

    private static final List<Flower> FLOWERS = Stream.of(
                    "rose", "lily", "rose", "tulip", "lily", "rose", "tulip", "lily")
            .map(kind -> new Flower(kind + "-1", kind.length(), kind))
            .toList();

    private static final Block<Double> NOISY = () -> Pipeline.of("read", (Double x) -> x)
            .then("noise", (Double x, Draw draw) -> draw.isRandom() ? x + draw.uniform(0, 1) : x)
            .then("toTensor", (Double x) -> Tensor.of(new float[] {x.floatValue()}));

    private static DataBlock<Flower> flowers(Splitter<Flower> splitter) {
        return DataBlock.of(
                RegressionBlock.of(Flower::petal), CategoryBlock.of(Flower::kind), o -> o.splitter = splitter);
    }

    @Test
    void items_become_samples_by_the_blocks_of_input_and_target() {
        Datasets sets = flowers(Splitter.index(2, 1)).datasets(FLOWERS);
        assertThat(sets.classes()).containsExactly("lily", "rose", "tulip");
        assertThat(sets.train().size()).isEqualTo(6);
        Batch valid = sets.valid().batch(new int[] {0, 1});
        assertThat(valid.input().describe()).isEqualTo("float32[2, 1]");
        assertThat(valid.target().describe()).isEqualTo("int64[2]");
        assertThat(valid.target().toLongs()).containsExactly(1, 0);
        assertThat(sets.valid().describe(1)).isEqualTo("sample 1 of 2: Flower[name=lily-1, petal=4.0, kind=lily]");
    }

    @Test
    void blocks_of_files_and_of_labels_need_no_type_to_be_named() {
        Block<Path> size = RegressionBlock.of(file -> file.toString().length());
        DataBlock<Path> byFolder = DataBlock.of(size, CategoryBlock.of(Labels.parent()), o -> {
            o.splitter = Splitter.grandparent("train", "val");
        });
        DataBlock<Path> byName = DataBlock.of(size, CategoryBlock.of(Labels.regex("(\\w)\\.jpg")));
        List<Path> files = Stream.of(
                        "train/ant/a.jpg", "val/ant/a.jpg", "train/bee/a.jpg", "train/bee/a.jpg", "x/y/a.jpg")
                .map(Path::of)
                .toList();
        assertThat(byFolder.datasets(files).classes()).containsExactly("ant", "bee");
        assertThat(byName.datasets(files).classes()).containsExactly("a");
    }

    @Test
    void there_may_be_several_inputs_and_targets_or_no_target() {
        DataBlock<Flower> block = DataBlock.of(
                List.of(RegressionBlock.of(Flower::petal), NOISY.from("petal", Flower::petal)),
                List.of(CategoryBlock.of(Flower::kind), RegressionBlock.of(2, flower -> new double[] {1, 2})),
                o -> o.splitter = Splitter.none());
        Datasets sets = block.datasets(FLOWERS);
        Batch batch = sets.train().batch(new int[] {0, 3, 5});
        assertThat(batch.inputs()).extracting(Tensor::describe).containsExactly("float32[3, 1]", "float32[3, 1]");
        assertThat(batch.targets()).extracting(Tensor::describe).containsExactly("int64[3]", "float32[3, 2]");
        assertThat(sets.valid().size()).isZero();
        DataBlock<Flower> alone = DataBlock.of(List.of(RegressionBlock.of(Flower::petal)), List.of(), o -> {});
        assertThat(alone.datasets(FLOWERS).train().get(0).targets()).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> DataBlock.<Flower>of(List.of(), List.of(), o -> {}));
    }

    @Test
    void new_items_need_no_target_to_predict_from() {
        DataBlock<Flower> fitted = flowers(Splitter.none()).fit(FLOWERS);
        Dataset unknown = fitted.unlabelled(List.of(new Flower("?", 7, null)));
        assertThat(unknown.get(0).inputs().get(0).toFloats()).containsExactly(7);
        assertThat(unknown.get(0).targets()).isEmpty();
        assertThat(fitted.dataset(FLOWERS.subList(3, 4)).get(0).targets().get(0).itemLong())
                .isEqualTo(2);
        assertThat(fitted.classes()).containsExactly("lily", "rose", "tulip");
    }

    @Test
    void the_training_part_alone_decides_the_classes() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> flowers(Splitter.index(3, 6)).datasets(FLOWERS))
                .withMessageStartingWith("wanted one of the 2 known labels, but got 'tulip', of: Flower[name=tulip-1")
                .withMessageContaining("known are: lily, rose");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DataBlock.of(
                                RegressionBlock.of(Flower::petal),
                                CategoryBlock.of().from("kind", Flower::kind),
                                o -> o.splitter = Splitter.index(3, 6))
                        .datasets(FLOWERS))
                .withMessageContaining("'tulip'");
    }

    @Test
    void wrong_lists_and_splits_are_refused_before_anything_is_made() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> flowers(Splitter.none()).datasets(List.of()))
                .withMessageContaining("got none");
        assertThatNullPointerException()
                .isThrownBy(() -> flowers(Splitter.none()).datasets(Arrays.asList(FLOWERS.get(0), null)))
                .withMessage("item 1 of 2 is null; leave it out");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> flowers(items -> Split.of(List.of(0), List.of(8))).datasets(FLOWERS))
                .withMessageContaining("for 8 items, but the splitter gave 8 to validate on");
        assertThatNullPointerException()
                .isThrownBy(() -> flowers(items -> null).datasets(FLOWERS))
                .withMessageContaining("wanted a Split");
        assertThatNullPointerException().isThrownBy(() -> flowers(null)).withMessageContaining("Splitter.none()");
    }

    @Test
    void a_sample_that_fails_names_its_step_and_its_item() {
        DataBlock<String> block = DataBlock.of(
                RegressionBlock.<Double>of(x -> x).from("parse", Double::valueOf),
                CategoryBlock.of(),
                o -> o.splitter = Splitter.none());
        DataLoader loader = block.loaders(List.of("1", "2", "x3"), o -> {}).train();
        assertThatThrownBy(() -> loader.epoch(0).iterator().next())
                .isInstanceOf(NumberFormatException.class)
                .satisfies(e -> assertThat(Arrays.stream(e.getSuppressed()).map(Throwable::getMessage))
                        .contains("at step parse", "while making sample 2 of 3: x3"));
    }

    @Test
    void a_sample_is_the_same_whenever_it_is_made_and_all_its_parts_draw_the_same() {
        DataBlock<Double> block = DataBlock.of(NOISY, NOISY, o -> o.splitter = Splitter.index(0));
        Datasets sets = block.datasets(List.of(1.0, 2.0, 3.0));
        Sample sample = sets.train().get(1, Draw.of(5, 0, 1));
        float drawn = sample.inputs().get(0).toFloats()[0];
        assertThat(drawn).isNotEqualTo(3);
        assertThat(sample.targets().get(0).toFloats()).containsExactly(drawn);
        sets.train().get(0, Draw.of(5, 0, 0));
        assertThat(sets.train().get(1, Draw.of(5, 0, 1)).inputs().get(0).toFloats())
                .containsExactly(drawn);
        assertThat(sets.train().get(1, Draw.of(5, 1, 1)).inputs().get(0).toFloats())
                .doesNotContain(drawn);
        assertThat(sets.train().get(1).inputs().get(0).toFloats()).containsExactly(3);
    }

    @Test
    void training_is_drawn_anew_in_each_epoch_and_validation_never() {
        DataBlock<Double> block = DataBlock.of(NOISY, NOISY, o -> o.splitter = Splitter.end(0.5));
        List<Double> items = IntStream.range(0, 8).mapToObj(i -> (double) i).toList();
        DataLoaders data = block.loaders(items, o -> o.seed = 3);
        assertThat(inputs(data.train(), 0)).isEqualTo(inputs(data.train(), 0));
        assertThat(inputs(data.train(), 0)).isNotEqualTo(inputs(data.train(), 1));
        assertThat(inputs(data.valid(), 0)).containsExactly(4f, 5f, 6f, 7f);
    }

    private static List<Float> inputs(DataLoader loader, long epoch) {
        float[] all = loader.epoch(epoch).iterator().next().input().toFloats();
        return IntStream.range(0, all.length).mapToObj(i -> all[i]).toList();
    }

    @Test
    void what_blocks_ask_of_batches_comes_before_what_the_user_adds_and_only_once() {
        BatchTransform tenfold =
                (batch, draws) -> new Batch(List.of(batch.input().mul(10)), batch.targets());
        BatchTransform plusOne =
                (batch, draws) -> new Batch(List.of(batch.input().add(1)), batch.targets());
        Block<Double> asking = new Block<>() {
            @Override
            public Pipeline<Double, Tensor> pipeline() {
                return NOISY.pipeline();
            }

            @Override
            public List<BatchTransform> batchTransforms() {
                return List.of(tenfold);
            }
        };
        DataBlock<Double> block = DataBlock.of(asking, asking.from("same", x -> x), o -> {
            o.splitter = Splitter.end(0.5);
            o.batchTransforms = List.of(plusOne);
        });
        Datasets sets = block.datasets(List.of(1.0, 2.0, 3.0, 4.0));
        assertThat(sets.transforms()).containsExactly(tenfold, plusOne);
        assertThat(inputs(sets.loaders(o -> {}).valid(), 0)).containsExactly(31f, 41f);
        assertThat(inputs(sets.with(plusOne, tenfold).loaders(o -> {}).valid(), 0))
                .containsExactly(320f, 420f);
    }
}
