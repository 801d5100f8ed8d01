package dev.cadenza.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.io.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitterTest {
    private static final List<Path> FILES = Stream.of("train/ant/a.jpg", "val/ant/b.jpg", "train/bee/c.jpg", "odd.jpg")
            .map(Path::of)
            .toList();

    private static List<Integer> items(int n) {
        return Splits.range(0, n);
    }

    @Test
    void a_random_split_has_each_item_once_and_depends_on_the_seed_alone() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            int n = 10 + random.nextInt(100);
            double share = 0.1 + 0.8 * random.nextDouble();
            Splitter<Integer> splitter = Splitter.random(share, seed);
            Split split = splitter.split(items(n));
            assertThat(split.valid()).as("seed %d", seed).hasSize((int) (share * n));
            assertThat(Stream.concat(split.train().stream(), split.valid().stream()))
                    .as("seed %d", seed)
                    .containsExactlyInAnyOrderElementsOf(items(n));
            assertThat(splitter.split(items(n)).valid()).isEqualTo(split.valid());
        }
        assertThat(Splitter.<Integer>random(0.5, 1).split(items(20)).valid())
                .isNotEqualTo(Splitter.<Integer>random(0.5, 2).split(items(20)).valid());
    }

    @Test
    void a_random_split_has_not_changed() {
        // Whoever validates with a newer version must not find items that were trained on.
        assertThat(Splitter.<Integer>random(0.3, 42).split(items(10)).valid()).containsExactly(0, 9, 6);
    }

    @Test
    void a_part_without_items_is_refused_with_the_counts_unless_asked_for() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Splitter.<Integer>random(0.2, 1).split(items(4)))
                .withMessage("wanted at least one item in each part, but a share of 0.2 of 4 items is none; give more"
                        + " items or a larger share (0: no validation)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Splitter.<Integer>function(i -> false).split(items(4)))
                .withMessageStartingWith(
                        "wanted items to train on and items to validate on, but the split has 4 and 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Splitter.<Integer>mask(true, true).split(items(2)))
                .withMessageContaining("0 and 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Splitter.<Integer>none().split(List.of()))
                .withMessageContaining("there are 0");
        assertThat(Splitter.<Integer>none().split(items(3)).train()).containsExactly(0, 1, 2);
        assertThat(Splitter.<Integer>none().split(items(3)).valid()).isEmpty();
        assertThat(Splitter.<Integer>random(0, 1).split(items(3)).valid()).isEmpty();
        assertThat(Splitter.<Integer>end(0).split(items(3)).valid()).isEmpty();
        assertThat(Splitter.<Integer>randomSubset(0.5, 0, 1).split(items(4)).valid())
                .isEmpty();
    }

    @Test
    void shares_out_of_range_are_refused_where_they_are_given() {
        for (double share : new double[] {-0.1, 1, 20, Double.NaN}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Splitter.random(share, 1))
                    .withMessage("wanted a validShare from 0 to below 1, but got: " + share);
            assertThatIllegalArgumentException().isThrownBy(() -> Splitter.end(share));
            assertThatIllegalArgumentException().isThrownBy(() -> Splitter.stratified(share, 1, item -> item));
            assertThatIllegalArgumentException().isThrownBy(() -> Splitter.randomSubset(0.5, share, 1));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Splitter.randomSubset(0.8, 0.3, 1))
                .withMessageEndingWith("0.8 and 0.3");
        assertThatIllegalArgumentException().isThrownBy(() -> Splitter.randomSubset(0, 0.3, 1));
    }

    @Test
    void wrong_indices_are_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Splitter.index()).withMessageContaining("got none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Splitter.index(-1))
                .withMessageContaining("-1 is negative");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Splitter.index(2, 2))
                .withMessageContaining("2 comes twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Splitter.<Integer>index(1, 5).split(items(5)))
                .withMessage("wanted indices from 0 to 4, for 5 items, but the splitter gave 5 to validate on");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Split.of(List.of(0, 1), List.of(1)))
                .withMessageContaining("1 comes twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Splitter.<Integer>mask(true).split(items(2)))
                .withMessage("wanted a mask of 2, one for each item, but got 1");
    }

    @Test
    void the_end_is_the_last_items_in_order() {
        Split split = Splitter.<Integer>end(0.3).split(items(10));
        assertThat(split.train()).containsExactly(0, 1, 2, 3, 4, 5, 6);
        assertThat(split.valid()).containsExactly(7, 8, 9);
    }

    @Test
    void grandparents_leave_other_files_out_and_say_which_folders_there_are() {
        Split split = Splitter.grandparent("train", "val").split(FILES);
        assertThat(split.train()).containsExactly(0, 2);
        assertThat(split.valid()).containsExactly(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Splitter.grandparent("train", "valid").split(FILES))
                .withMessage(
                        "wanted items in train/<class> and in valid/<class>, but got 2 and 0 of 4 items; two folders"
                                + " up there are: {train=2, val=1}");
        assertThatIllegalArgumentException().isThrownBy(() -> Splitter.grandparent("a", "a"));
    }

    @Test
    void a_stratified_split_gives_each_class_its_share_and_leaves_it_something_to_train_on() {
        for (long seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            List<Integer> labels = IntStream.range(0, 30 + random.nextInt(100))
                    .mapToObj(i -> random.nextInt(5))
                    .toList();
            Split split =
                    Splitter.<Integer>stratified(0.25, seed, label -> label).split(labels);
            assertThat(split.valid()).as("seed %d", seed).hasSize(labels.size() / 4);
            assertThat(split.train().size() + split.valid().size()).isEqualTo(labels.size());
            for (int label = 0; label < 5; label++) {
                long all = count(labels, items(labels.size()), label);
                assertThat(count(labels, split.valid(), label))
                        .as("seed %d, class %d of %d", seed, label, all)
                        .isBetween(all / 4, all / 4 + 1);
            }
        }
    }

    private static long count(List<Integer> labels, List<Integer> indices, int label) {
        return indices.stream().filter(i -> labels.get(i) == label).count();
    }

    @Test
    void a_class_of_one_item_is_trained_on() {
        List<String> labels = List.of("rare", "a", "a", "a", "a", "b", "b", "b", "b", "b");
        for (long seed = 0; seed < 20; seed++) {
            Split split = Splitter.<String>stratified(0.5, seed, label -> label).split(labels);
            assertThat(split.train()).as("seed %d", seed).contains(0);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        Splitter.<String>stratified(0.5, 1, label -> label).split(List.of("a", "b", "c")))
                .withMessageContaining("none of the 3 classes has one to spare");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Splitter.<String>stratified(0.5, 1, label -> null).split(List.of("a", "b", "c")))
                .withMessageContaining("item 0 is null");
    }

    @Test
    void a_file_lists_names_or_ends_of_paths(@TempDir Path dir) throws IOException {
        Path list = dir.resolve("valid.txt");
        Files.writeString(list, "b.jpg\r\n\n bee/c.jpg \n");
        Split split = Splitter.file(list).split(FILES);
        assertThat(split.valid()).containsExactly(1, 2);
        assertThat(split.train()).containsExactly(0, 3);

        Path absolute = dir.resolve("train/x.jpg").toAbsolutePath();
        Files.writeString(list, absolute + "\n");
        assertThat(Splitter.file(list).split(List.of(FILES.get(0), absolute)).valid())
                .containsExactly(1);
    }

    @Test
    void a_list_that_names_no_item_or_cannot_be_read_is_an_error_that_names_it(@TempDir Path dir) throws IOException {
        Path list = dir.resolve("valid.txt");
        assertThatThrownBy(() -> Splitter.file(list))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("valid.txt");
        Files.writeString(list, "b.jpg\nB.jpg\nx.jpg\n");
        assertThatThrownBy(() -> Splitter.file(list).split(FILES))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("2 of 3 lines name none, such as 'B.jpg'");
        Files.writeString(list, "\n");
        assertThatThrownBy(() -> Splitter.file(list).split(FILES))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("it is empty");
    }

    @Test
    void a_predicate_that_fails_names_the_item() {
        assertThatThrownBy(() ->
                        Splitter.<String>function(text -> text.charAt(2) == 'x').split(List.of("aax", "b")))
                .isInstanceOf(StringIndexOutOfBoundsException.class)
                .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("while splitting b"));
    }
}
