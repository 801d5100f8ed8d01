package dev.cadenza.data;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.Golden;
import dev.cadenza.testing.InScope;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Compares splitters, labellers, vocabularies and normalization with what fastai 2.0.2 gave. */
@ExtendWith(InScope.class)
class GoldenBlocksTest {
    private final Map<String, Object> golden = Golden.read("data.json");

    private List<Map<String, Object>> cases(String section, String fn) {
        List<Map<String, Object>> cases = Golden.maps(golden.get(section)).stream()
                .filter(each -> ((String) each.get("fn")).startsWith(fn))
                .toList();
        assertThat(cases).as(fn).isNotEmpty();
        return cases;
    }

    private static List<Integer> ints(Object json) {
        return Arrays.stream(Golden.longs(json)).mapToObj(i -> (int) i).toList();
    }

    @SuppressWarnings("unchecked")
    private static List<String> strings(Object json) {
        return (List<String>) json;
    }

    private static List<Path> paths(Object json) {
        return strings(json).stream().map(Path::of).toList();
    }

    private static void assertSplit(Split split, Map<String, Object> want) {
        assertThat(split.train()).as("%s", want).isEqualTo(ints(want.get("train")));
        assertThat(split.valid()).as("%s", want).isEqualTo(ints(want.get("valid")));
    }

    @Test
    void a_random_split_validates_on_the_first_of_the_permutation() {
        for (Map<String, Object> want : cases("splitters", "RandomSplitter")) {
            List<Integer> order = ints(want.get("permutation"));
            double share = Golden.number(want.get("valid_pct"));
            if (share > 0 && ints(want.get("valid")).isEmpty()) { // fastai goes on without validation
                assertThatIllegalArgumentException().isThrownBy(() -> Splits.random(order, share));
            } else {
                assertSplit(Splits.random(order, share), want);
            }
        }
    }

    @Test
    void a_random_subset_takes_both_parts_from_the_front_of_the_permutation() {
        for (Map<String, Object> want : cases("splitters", "RandomSubsetSplitter")) {
            assertSplit(
                    Splits.subset(
                            ints(want.get("permutation")),
                            Golden.number(want.get("train_sz")),
                            Golden.number(want.get("valid_sz"))),
                    want);
        }
    }

    @Test
    void indices_masks_and_functions_split_as_fastais() {
        Map<String, Object> index = cases("splitters", "IndexSplitter").get(0);
        int[] valid = ints(index.get("valid_idx")).stream().mapToInt(i -> i).toArray();
        assertSplit(Splitter.<Integer>index(valid).split(Splits.range(0, ((Number) index.get("n")).intValue())), index);

        Map<String, Object> mask = cases("splitters", "MaskSplitter").get(0);
        double[] marks = Golden.doubles(mask.get("mask"));
        boolean[] isValid = new boolean[marks.length];
        for (int i = 0; i < marks.length; i++) {
            isValid[i] = marks[i] == 1;
        }
        assertSplit(Splitter.<Integer>mask(isValid).split(Splits.range(0, marks.length)), mask);

        Map<String, Object> function = cases("splitters", "FuncSplitter").get(0);
        assertSplit(
                Splitter.<String>function(path -> path.startsWith("data/valid") || path.startsWith("x/val"))
                        .split(strings(function.get("paths"))),
                function);
    }

    @Test
    void grandparents_split_as_fastais() {
        List<Map<String, Object>> cases = cases("splitters", "GrandparentSplitter");
        assertSplit(
                Splitter.grandparent("train", "valid").split(paths(cases.get(0).get("paths"))), cases.get(0));
        assertSplit(
                Splitter.grandparent("train", "test").split(paths(cases.get(1).get("paths"))), cases.get(1));
    }

    @Test
    void labels_of_files_are_fastais() {
        Map<String, Object> parent = cases("labellers", "parent_label").get(0);
        assertThat(paths(parent.get("paths")).stream().map(Labels.parent()))
                .containsExactlyElementsOf(strings(parent.get("labels")));
        for (Map<String, Object> regex : cases("labellers", "RegexLabeller")) {
            assertThat(paths(regex.get("paths")).stream().map(Labels.regex((String) regex.get("pattern"))))
                    .containsExactlyElementsOf(strings(regex.get("labels")));
        }
    }

    @Test
    void vocabularies_are_fastais() {
        for (Map<String, Object> want : cases("vocab", "CategoryMap")) {
            if (((List<?>) want.get("values")).get(0) instanceof Number) {
                continue; // labels are names here
            }
            Map<String, Object> args = Golden.map(want.get("args"));
            CategoryBlock<String> block = CategoryBlock.of(label -> label, o -> {
                o.sort = !Boolean.FALSE.equals(args.get("sort"));
                o.addNa = Boolean.TRUE.equals(args.get("add_na"));
            });
            List<String> values = strings(want.get("values"));
            Block<String> fitted = block.fit(values);
            assertThat(fitted.classes()).isEqualTo(strings(want.get("vocab")));
            assertThat(values.stream().map(value ->
                            (int) fitted.pipeline().run(value, Draw.NONE).itemLong()))
                    .isEqualTo(ints(want.get("encoded")));
        }
    }

    @Test
    void several_labels_are_encoded_as_fastais() {
        Map<String, Object> want = cases("vocab", "MultiCategorize").get(0);
        List<List<String>> values = ((List<?>) want.get("values"))
                .stream().map(GoldenBlocksTest::strings).toList();
        Block<List<String>> fitted =
                MultiCategoryBlock.<List<String>>of(all -> all).fit(values);
        assertThat(fitted.classes()).isEqualTo(strings(want.get("vocab")));
        for (int i = 0; i < values.size(); i++) {
            Tensor row = fitted.pipeline().run(values.get(i), Draw.NONE);
            assertThat(row.dtype()).isEqualTo(DType.FLOAT32);
            assertThat(row.toDoubles()).containsExactly(Golden.doubles(((List<?>) want.get("one_hot")).get(i)));
        }
    }

    @Test
    void statistics_of_a_batch_are_fastais() {
        Map<String, Object> want = cases("normalize", "Normalize()").get(0);
        Tensor x = Golden.tensor(want.get("x"));
        double[] mean = Golden.doubles(Golden.map(want.get("mean")).get("data"));
        double[] std = Golden.doubles(Golden.map(want.get("std")).get("data"));
        for (int batchSize : new int[] {4, 1, 3}) { // in several batches they are those of all
            int size = batchSize;
            DataLoader loader = new DataLoader(new TensorDataset(x, Tensor.zeros(4)), o -> o.batchSize = size);
            Normalize measured = Normalize.measure(loader, 4);
            for (int c = 0; c < 3; c++) {
                assertThat(measured.mean()[c]).isCloseTo(mean[c], within(1e-6));
                assertThat(measured.std()[c]).isCloseTo(std[c], within(1e-6));
            }
            assertClose("normalized", measured.apply(x), Golden.tensor(want.get("normalized")), 1e-6, 2e-6);
        }
    }

    @Test
    void imagenets_numbers_are_fastais() {
        Map<String, Object> want = cases("normalize", "Normalize.from_stats").get(0);
        assertThat(Normalize.imagenet().mean()).containsExactly(Golden.doubles(want.get("mean")));
        Tensor x = Golden.tensor(want.get("x"));
        assertClose("exact", Normalize.imagenet().apply(x), Golden.tensor(want.get("normalized_exact")), 0, 1e-9);
        Tensor narrow = Normalize.imagenet().apply(x.to(DType.FLOAT32));
        assertThat(narrow.dtype()).isEqualTo(DType.FLOAT32);
        assertClose("float32", narrow, Golden.tensor(want.get("normalized")), 1e-6, 1e-6);
    }
}
