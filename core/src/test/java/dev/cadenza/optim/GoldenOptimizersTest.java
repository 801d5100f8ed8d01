package dev.cadenza.optim;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.Golden;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Compares the steps with what fastai 2.0.2, the steppers of fastbook's chapter 16, and torch.optim computed. */
class GoldenOptimizersTest {
    @TestFactory
    Stream<DynamicTest> steps_give_the_numbers_of_fastai_and_pytorch() {
        return cases().stream().map(each -> dynamicTest((String) each.get("id"), () -> new GoldenCase(each).play()));
    }

    @Test
    void no_case_is_left_out() {
        assertThat(cases()).hasSize(63);
    }

    @TestFactory
    Stream<DynamicTest> rates_are_spread_over_groups_as_fastai_does() {
        return Golden.maps(Golden.read("optimizers.json").get("set_hyper")).stream()
                .map(each -> dynamicTest(each.get("kind") + " over " + each.get("n_groups"), () -> {
                    double[] want = numbers(each.get("lr_per_group"));
                    double[] got =
                            rates((String) each.get("kind"), each.get("value")).over(want.length);
                    assertClose("rates", got, want, 1e-9, 1e-12);
                }));
    }

    private static Rates rates(String kind, Object value) {
        return switch (kind) {
            case "scalar" -> Rates.of(Golden.number(value));
            case "list" -> Rates.each(numbers(value));
            case "slice_stop" -> Rates.lastAnd10th(Golden.number(((List<?>) value).get(1)));
            default -> Rates.between(numbers(value)[0], numbers(value)[1]);
        };
    }

    private static double[] numbers(Object list) {
        return ((List<?>) list).stream().mapToDouble(Golden::number).toArray();
    }

    @Test
    void values_for_another_number_of_groups_are_refused_in_one_line_that_says_what_fits() {
        Map<String, Object> wrong = Golden.map(Golden.read("optimizers.json").get("set_hyper_wrong_length"));
        int groups = ((Number) wrong.get("n_groups")).intValue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Rates.each(numbers(wrong.get("value"))).over(groups))
                .withMessage("wanted 4 values, one for each group of parameters, but got 3: [0.1, 0.2, 0.3];"
                        + " Rates.between(first, last) fits any number");
    }

    @Test
    void the_hyper_parameters_of_torch_have_the_names_that_fastai_gives_them() {
        List<Map<String, Object>> wrappers =
                Golden.maps(Golden.read("optimizers.json").get("optim_wrapper"));
        Parameter p = new Parameter(Tensor.of(new double[] {1}));
        List<Optimizer> ours = List.of(
                Optimizers.sgd(o -> {
                            o.mom = 0.9;
                            o.wd = 0.1;
                        })
                        .create(List.of(p)),
                Optimizers.adam(o -> {
                            o.mom = 0.7;
                            o.sqrMom = 0.8;
                            o.eps = 1e-8;
                            o.wd = 0.1;
                        })
                        .create(List.of(p)),
                Optimizers.rmsProp(o -> {
                            o.sqrMom = 0.95;
                            o.mom = 0.3;
                        })
                        .create(List.of(p)));
        for (int i = 0; i < wrappers.size(); i++) {
            Map<String, Double> got = new TreeMap<>();
            ours.get(i)
                    .set(Hyper.lr(0.1))
                    .groups()
                    .get(0)
                    .hypers()
                    .forEach((hyper, value) -> got.put(hyper.name(), value));
            Map<String, Double> want = new TreeMap<>();
            Golden.map(wrappers.get(i).get("fastai_hypers"))
                    .forEach((name, value) -> want.put(name, Golden.number(value)));
            assertThat(got).as("%s", wrappers.get(i).get("optimizer")).isEqualTo(want);
        }
    }

    private static List<Map<String, Object>> cases() {
        return Golden.maps(Golden.read("optimizers.json").get("cases"));
    }
}
