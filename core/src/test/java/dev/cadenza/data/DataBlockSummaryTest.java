package dev.cadenza.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class DataBlockSummaryTest {
    private static final List<String> WORDS = List.of("ant", "bee", "ape", "bat", "asp", "boa");

    /** The length of a word, as many ones as it has letters. */
    private static final Block<String> ONES =
            () -> Pipeline.of("length", String::length).then("ones", n -> Tensor.ones(n));

    private static DataBlock<String> words(Splitter<String> splitter, BatchTransform... transforms) {
        return DataBlock.of(ONES, CategoryBlock.of(word -> word.substring(0, 1)), o -> {
            o.splitter = splitter;
            o.batchTransforms = List.of(transforms);
        });
    }

    @Test
    void a_summary_tells_what_becomes_of_an_item_step_by_step() {
        Normalize normalize = Normalize.of(new double[] {1}, new double[] {2});
        assertThat(words(items -> Split.of(List.of(0, 1, 2), List.of(4)), normalize)
                        .summary(WORDS))
                .isEqualTo("""
                6 items: 3 to train on, 1 to validate on, 2 in neither
                CategoryBlock, vocabulary of 2: a, b

                Item 0: ant
                  input: lambda
                    length               3
                    ones                 float32[3]
                  target: CategoryBlock
                    label                [a]
                    category             int64[] 0

                A batch of 3
                  ant: float32[3] → int64[]
                  bee: float32[3] → int64[]
                  ape: float32[3] → int64[]
                    stacked              float32[3, 3] → int64[3]
                    Normalize(mean=[1.0], std=[2.0]) float32[3, 3] → int64[3]

                The model gets float32[3, 3], the loss int64[3]
                """);
    }

    @Test
    void another_item_is_told_of_when_asked_for() {
        assertThat(words(Splitter.none()).summary(WORDS, 3)).contains("Item 3: bat\n", "int64[] 1\n");
        assertThat(words(Splitter.none()).summary(WORDS, 6))
                .contains("FAILED looking for item 6: ")
                .doesNotContain("A batch");
    }

    @Test
    void a_split_that_fails_is_told() {
        assertThat(words(Splitter.random(0.1, 1)).summary(WORDS))
                .isEqualTo(
                        "FAILED splitting the items: IllegalArgumentException: wanted at least one item in each part, but"
                                + " a share of 0.1 of 6 items is none; give more items or a larger share (0: no validation)\n");
        assertThat(words(Splitter.none()).summary(List.of())).startsWith("FAILED splitting the items: ");
    }

    @Test
    void labels_that_cannot_be_learnt_or_are_new_in_validation_are_told() {
        assertThat(words(Splitter.none()).summary(List.of("ant", "")))
                .contains("2 items: 2 to train on, 0 to validate on\n")
                .contains("FAILED learning from the items to train on: StringIndexOutOfBoundsException: ")
                .contains("while labelling ");
        assertThat(words(Splitter.index(1)).summary(List.of("ant", "cat")))
                .contains("FAILED checking the items to validate on: ")
                .contains("got 'c', of: cat");
    }

    @Test
    void a_step_that_fails_is_named() {
        Block<String> parsing = RegressionBlock.<Double>of(x -> x).from("parse", Double::valueOf);
        DataBlock<String> block = DataBlock.of(parsing, CategoryBlock.of(), o -> o.splitter = Splitter.none());
        assertThat(block.summary(WORDS))
                .contains("  input: RegressionBlock of parse\n")
                .contains("FAILED at the input's step parse: NumberFormatException: ");
        assertThat(block.summary(List.of("1", "x")))
                .contains("parse                1.0\n")
                .contains("FAILED making sample 1 of 2: x: NumberFormatException: ")
                .contains("at step parse");
    }

    @Test
    void samples_that_cannot_be_stacked_are_shown_with_their_items() {
        assertThat(words(Splitter.none()).summary(List.of("ant", "boa", "beetle")))
                .contains("  ant: float32[3] → int64[]\n", "  beetle: float32[6] → int64[]\n")
                .contains("FAILED stacking these samples: TensorException: collate: sample 0 of the batch");
    }

    @Test
    void a_batch_transform_that_fails_is_named() {
        Normalize three = Normalize.of(new double[] {1, 1}, new double[] {2, 2});
        assertThat(words(Splitter.none(), three).summary(WORDS))
                .contains(
                        "FAILED at the batch transform Normalize(mean=[1.0, 1.0], std=[2.0, 2.0]): TensorException: ");
        assertThat(words(Splitter.none(), (batch, draws) -> {
                            throw new IllegalStateException("broken");
                        })
                        .summary(WORDS))
                .contains("FAILED at the batch transform lambda: IllegalStateException: broken");
    }

    @Test
    void several_inputs_are_numbered() {
        DataBlock<String> block = DataBlock.of(List.of(ONES, ONES), List.of(), o -> o.splitter = Splitter.none());
        assertThat(block.summary(WORDS))
                .contains("  input 0: lambda\n", "  input 1: lambda\n")
                .contains("The model gets float32[4, 3], float32[4, 3], the loss nothing\n");
    }
}
