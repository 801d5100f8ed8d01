package dev.cadenza.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class LoadReportTest {
    private final Module model = Sequential.of(new Linear(3, 2), new BatchNorm1d(2));
    private final Map<String, Tensor> state = new LinkedHashMap<>();

    @BeforeEach
    void fill() {
        model.stateDict().forEach((name, tensor) -> state.put(name, tensor.onesLike()));
    }

    @Test
    void loads_what_fits_and_tells_the_rest() {
        state.remove("0.bias");
        state.remove("1.running_var");
        state.put("0.weight", Tensor.ones(5, 3));
        state.put("head.weight", Tensor.ones(1));
        state.put("head.bias", Tensor.ones(1));
        Tensor before = model.stateDict().get("0.weight").clone();

        LoadReport report = model.loadWhatFits(state);

        assertThat(report.loaded()).containsExactly("1.weight", "1.bias", "1.running_mean", "1.num_batches_tracked");
        assertThat(report.missing()).containsExactly("0.bias", "1.running_var");
        assertThat(report.unexpected()).containsExactly("head.bias", "head.weight");
        assertThat(report.wrongShape()).containsExactly("0.weight: wanted float32[2, 3], but got float32[5, 3]");
        assertThat(report.isComplete()).isFalse();
        assertThat(report).hasToString("""
                loaded 4: 1.weight, 1.bias, 1.running_mean, 1.num_batches_tracked
                missing 2: 0.bias, 1.running_var
                unexpected 2: head.bias, head.weight
                wrong shape 1: 0.weight: wanted float32[2, 3], but got float32[5, 3]""");
        assertThat(model.stateDict().get("1.bias").toFloats()).containsExactly(1, 1);
        assertThat(model.stateDict().get("1.num_batches_tracked").itemLong()).isEqualTo(1);
        assertThat(model.stateDict().get("0.weight").equal(before)).isTrue();
    }

    @Test
    void what_fits_whole_is_complete_as_the_strict_way_would_have_it() {
        LoadReport report = model.loadWhatFits(state);
        assertThat(report.isComplete()).isTrue();
        assertThat(report.loaded()).containsExactlyElementsOf(model.stateDict().keySet());
        assertThat(report.toString()).endsWith("\nmissing 0\nunexpected 0\nwrong shape 0");
        model.loadStateDict(state);
    }

    @Test
    void nothing_that_fits_is_nothing_loaded() {
        LoadReport report = model.loadWhatFits(Map.of("module.0.weight", Tensor.ones(2, 3)));
        assertThat(report.loaded()).isEmpty();
        assertThat(report.missing()).hasSize(7);
        assertThat(report.toString())
                .startsWith("loaded 0\nmissing 7: 0.weight, 0.bias, 1.weight, 1.bias,")
                .contains("1.running_mean, … 2 more\n");
    }

    @Test
    void the_strict_way_names_the_other() {
        state.remove("0.bias");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.loadStateDict(state))
                .withMessage("the state does not fit Sequential: missing: 0.bias; loadWhatFits takes the rest");
    }

    @Test
    void the_lists_are_copies() {
        List<String> names = new java.util.ArrayList<>(List.of("a"));
        LoadReport report = new LoadReport(names, List.of(), List.of(), List.of());
        names.clear();
        assertThat(report.loaded()).containsExactly("a");
    }
}
