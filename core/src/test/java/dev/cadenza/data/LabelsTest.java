package dev.cadenza.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class LabelsTest {
    @Test
    void a_file_without_a_folder_has_no_parent_to_name_it() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Labels.parent().apply(Path.of("1.jpg")))
                .withMessageContaining("1.jpg");
    }

    @Test
    void a_pattern_that_finds_nothing_names_itself_and_the_file() {
        Function<Object, String> regex = Labels.regex("(\\w+)_\\d+\\.jpg$");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> regex.apply(Path.of("img", "beagle.jpg")))
                .withMessageContaining("(\\w+)_\\d+\\.jpg$")
                .withMessageContaining("img/beagle.jpg");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Labels.regex("\\w+"))
                .withMessageContaining("a group in parentheses");
        assertThatIllegalArgumentException().isThrownBy(() -> Labels.regex("(")); // the JDK says where
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Labels.regex("(x)?").apply("y"));
    }

    @Test
    void a_column_that_is_missing_is_an_error_that_lists_the_others() {
        assertThat(Labels.column("kind").apply(Map.of("kind", "cat"))).isEqualTo("cat");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Labels.column("knid").apply(Map.of("kind", "cat", "age", "3")))
                .withMessage("wanted a column 'knid', but the row has only: age, kind");
    }

    @Test
    void several_labels_are_cut_at_the_delimiter_and_blanks_do_not_count() {
        Function<String, List<String>> cut = Labels.delimited(text -> text, "|");
        assertThat(cut.apply("haze| primary |")).containsExactly("haze", "primary");
        assertThat(cut.apply("")).isEmpty();
        assertThat(cut.apply("  ")).isEmpty();
        assertThat(cut.apply(null)).isEmpty();
        assertThat(Labels.<String>delimited(text -> text, " ").apply("haze  primary"))
                .containsExactly("haze", "primary");
        assertThatIllegalArgumentException().isThrownBy(() -> Labels.delimited(Object::toString, ""));
    }

    @Test
    void a_vocabulary_numbers_names_and_names_numbers() {
        Vocab vocab = Vocab.sorted(List.of("dog", "cat", "dog", "\uD83D\uDE00", "\uFF01"));
        assertThat(vocab.names()).containsExactly("cat", "dog", "\uFF01", "\uD83D\uDE00"); // chars would sort otherwise
        for (int i = 0; i < vocab.size(); i++) {
            assertThat(vocab.index(vocab.name(i))).isEqualTo(i);
        }
        assertThat(vocab.decode(Tensor.of(new long[] {1, 0, 0, 1}, 2, 2))).containsExactly("dog", "cat", "cat", "dog");
        assertThat(vocab).hasToString("Vocab(cat, dog, \uFF01, \uD83D\uDE00)");
    }

    @Test
    void unknown_names_and_numbers_are_errors_that_say_what_is_known() {
        Vocab vocab = Vocab.of(List.of("low", "high"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> vocab.index("mid"))
                .withMessage("wanted one of the 2 known labels, but got 'mid'; known are: low, high");
        assertThatIllegalArgumentException().isThrownBy(() -> vocab.index(null)).withMessageContaining("null");
        assertThatIllegalArgumentException().isThrownBy(() -> vocab.name(2)).withMessageEndingWith("but got: 2");
        assertThatIllegalArgumentException().isThrownBy(() -> vocab.name(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> Vocab.of(List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Vocab.of(List.of("a", "b", "a")))
                .withMessageContaining("'a' comes twice");
        List<String> many = Splits.range(0, 30).stream().map(i -> "c" + i).toList();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Vocab.of(many).index("x"))
                .withMessageEndingWith("c19 and 10 more");
    }

    @Test
    void with_na_everything_unknown_is_class_0() {
        Vocab vocab = Vocab.of(List.of("a", Vocab.NA)).withNa();
        assertThat(vocab.names()).containsExactly(Vocab.NA, "a");
        assertThat(vocab.index("x")).isZero();
        assertThat(vocab.index(null)).isZero();
        assertThat(vocab.index("a")).isEqualTo(1);
        assertThat(vocab.withNa()).isSameAs(vocab);
    }

    @Test
    void a_category_is_one_int64_number() {
        CategoryBlock<String> block = CategoryBlock.of(text -> text, o -> o.vocab = List.of("low", "mid", "high"));
        Tensor high = block.pipeline().run("high", Draw.NONE);
        assertThat(high.describe()).isEqualTo(Tensor.zeros(DType.INT64).describe());
        assertThat(high.itemLong()).isEqualTo(2);
        assertThat(block.vocab().name(2)).isEqualTo("high");
        assertThat(block.classes()).containsExactly("low", "mid", "high");
    }

    @Test
    void a_block_that_knows_no_labels_yet_says_what_to_do() {
        assertThat(CategoryBlock.of().classes()).isEmpty();
        assertThatIllegalStateException()
                .isThrownBy(() -> CategoryBlock.of().pipeline().run("a", Draw.NONE))
                .withMessageContaining("fit the block to the training items first");
    }

    @Test
    void a_missing_label_is_an_error_that_names_the_item_unless_it_has_a_class() {
        List<String> items = List.of("a", "b");
        Function<String, String> label = item -> item.equals("b") ? null : item;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CategoryBlock.of(label).fit(items))
                .withMessageStartingWith("wanted a label, but got null, of: b;");
        Block<String> withNa = CategoryBlock.of(label, o -> o.addNa = true).fit(items);
        assertThat(withNa.classes()).containsExactly(Vocab.NA, "a");
        assertThat(withNa.pipeline().run("b", Draw.NONE).itemLong()).isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MultiCategoryBlock.<String>of(item -> null).fit(items))
                .withMessageContaining("of: a");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MultiCategoryBlock.<String>of(item -> Arrays.asList("x", null))
                        .fit(items));
    }

    @Test
    void labels_of_the_validation_part_alone_are_errors_that_name_label_item_and_what_is_known() {
        Block<String> fitted =
                CategoryBlock.<String>of(text -> text.substring(0, 1)).fit(List.of("a1", "b1"));
        fitted.check(List.of("a2", "b3"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> fitted.check(List.of("a2", "c7")))
                .withMessage(
                        "wanted one of the 2 known labels, but got 'c', of: c7; known are: a, b; split so that each"
                                + " label is trained on, or give all labels: o -> o.vocab = …");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CategoryBlock.<String>of(text -> text, o -> o.vocab = List.of("a"))
                        .fit(List.of("a", "z")))
                .withMessageContaining("got 'z'")
                .withMessageEndingWith("add it to the vocabulary");
    }

    @Test
    void items_without_any_label_are_fine_among_others_that_have_some() {
        MultiCategoryBlock<String> block = MultiCategoryBlock.of(Labels.delimited(text -> text, ","));
        Pipeline<String, Tensor> steps = block.fit(List.of("b,a", "", "a")).pipeline();
        assertThat(steps.run("", Draw.NONE).toFloats()).containsExactly(0, 0);
        assertThat(steps.run("b,b", Draw.NONE).toFloats()).containsExactly(0, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> block.fit(List.of("", "")))
                .withMessageContaining("none of the 2 items");
    }

    @Test
    void numbers_are_float32_with_one_dimension() {
        Pipeline<String, Tensor> one =
                RegressionBlock.<String>of(Double::parseDouble).pipeline();
        assertThat(one.run("2.5", Draw.NONE).describe()).isEqualTo("float32[1]");
        Pipeline<Double, Tensor> two =
                RegressionBlock.of(2, (Double x) -> new double[] {x, x * x}).pipeline();
        assertThat(two.run(3.0, Draw.NONE).toFloats()).containsExactly(3, 9);
    }

    @Test
    void numbers_that_are_missing_or_too_many_are_errors_that_name_the_item() {
        Pipeline<String, Tensor> one =
                RegressionBlock.<String>of(Double::parseDouble).pipeline();
        for (String wrong : List.of("NaN", "Infinity", "1e300")) { // the last is infinite in float32
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> one.run(wrong, Draw.NONE))
                    .withMessageStartingWith("wanted 1 finite number, but got [" + Double.parseDouble(wrong))
                    .withMessageContaining("of: " + wrong);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RegressionBlock.of(2, (String s) -> new double[3])
                        .pipeline()
                        .run("x", Draw.NONE))
                .withMessageContaining("wanted 2 finite numbers");
        assertThatIllegalArgumentException().isThrownBy(() -> RegressionBlock.of(0, item -> new double[0]));
    }
}
