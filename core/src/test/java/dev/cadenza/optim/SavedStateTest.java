package dev.cadenza.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** State goes by name: the order and the groups of parameters do not matter, and what does not fit is told. */
class SavedStateTest {
    private final Parameter a = new Parameter(Tensor.of(new double[] {1, 2, 3}));
    private final Parameter b = new Parameter(Tensor.of(new double[] {4}));
    private final Map<String, Parameter> names = new LinkedHashMap<>(Map.of("a", a, "b", b));

    private static void steps(Optimizer optimizer, int count, Parameter... parameters) {
        for (int t = 1; t <= count; t++) {
            for (Parameter p : parameters) {
                p.setGrad(p.onesLike().mul(t));
            }
            optimizer.step();
        }
    }

    private static Map<String, Tensor> copies(Map<String, Tensor> state) {
        Map<String, Tensor> copies = new LinkedHashMap<>(state);
        copies.replaceAll((name, tensor) -> tensor.clone());
        return copies;
    }

    @Test
    void every_optimizer_goes_on_from_its_saved_state_as_if_never_stopped() {
        List<Optimizer.Factory> all = List.of(
                Optimizers.sgd(o -> o.mom = 0.9),
                Optimizers.rmsProp(o -> o.mom = 0.9),
                Optimizers.adagrad(o -> {}),
                Optimizers.adam(o -> {}),
                Optimizers.rAdam(o -> o.beta = 50),
                Optimizers.qHAdam(o -> {}),
                Optimizers.larc(o -> {}),
                Optimizers.lamb(o -> {}),
                Optimizers.ranger(o -> o.k = 2),
                Optimizers.lion(o -> {}),
                Optimizers.adan(o -> {}));
        for (Optimizer.Factory factory : all) {
            Optimizer whole = factory.create(List.of(a, b));
            steps(whole, 3, a, b);
            Map<String, Tensor> saved = copies(whole.stateDict(names));
            Parameter a2 = new Parameter(a.detach().clone());
            Parameter b2 = new Parameter(b.detach().clone());
            Optimizer resumed = factory.create(List.of(b2, a2)); // in another order
            resumed.loadStateDict(Map.of("b", b2, "a", a2), saved);
            steps(whole, 4, a, b);
            steps(resumed, 4, a2, b2);
            assertThat(a2.equal(a)).isTrue();
            assertThat(b2.equal(b)).isTrue();
            assertThat(resumed.steps(a2)).isEqualTo(7);
        }
    }

    @Test
    void its_own_state_can_be_loaded_though_those_are_the_tensors_themselves() {
        Optimizer adam = Optimizers.adam(o -> {}).create(List.of(a, b));
        steps(adam, 2, a, b);
        double[] before = adam.state(a).get("grad_avg").toDoubles();
        adam.loadStateDict(names, adam.stateDict(names));
        assertThat(adam.state(a).get("grad_avg").toDoubles()).isEqualTo(before);
        assertThat(adam.steps(a)).isEqualTo(2);
    }

    @Test
    void hyper_parameters_of_each_group_are_part_of_it() {
        Optimizer one = Optimizer.ofGroups(List.of(List.of(a), List.of(b)), Steps.sgdStep());
        one.set(Hyper.LR, Rates.each(0.25, 0.5));
        Optimizer other = Optimizer.ofGroups(List.of(List.of(a), List.of(b)), Steps.sgdStep())
                .set(Hyper.lr(0));
        other.loadStateDict(names, one.stateDict(names));
        assertThat(other.groups().get(0).get(Hyper.LR)).isEqualTo(0.25);
        assertThat(other.groups().get(1).get(Hyper.LR)).isEqualTo(0.5);
    }

    @Test
    void the_state_of_another_model_is_refused_with_all_that_does_not_fit_and_nothing_is_changed() {
        Optimizer adam = Optimizers.adam(o -> {}).create(List.of(a, b));
        steps(adam, 2, a, b);
        Parameter c = new Parameter(Tensor.of(new double[] {1, 2}));
        Optimizer sgd = Optimizers.sgd(o -> o.mom = 0.5).create(List.of(c));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sgd.loadStateDict(Map.of("a", c), adam.stateDict(names)))
                .withMessageStartingWith(
                        "the saved optimizer state is not of this model and optimizer, nothing was loaded: ")
                .withMessageContaining("wanted 'a#grad_avg' of shape [2], but got float64[3]")
                .withMessageContaining("no step of this optimizer keeps 'sqr_avg', as 'a#sqr_avg' is")
                .withMessageContaining("there is no parameter 'b' for 'b#grad_avg'")
                .withMessageContaining("this optimizer has no hyper-parameter 'eps' for '#0#eps'")
                .withMessageEndingWith("; loadWhatFits takes the rest");
        assertThat(sgd.steps(c)).isZero();
        assertThat(sgd.get(Hyper.MOM)).isEqualTo(0.5);
    }

    @Test
    void what_fits_can_be_taken_alone_and_the_rest_is_reported() {
        Optimizer adam = Optimizers.adam(o -> {}).create(List.of(a, b));
        steps(adam, 2, a, b);
        Map<String, Tensor> saved = copies(adam.stateDict(names));
        Parameter fresh = new Parameter(Tensor.of(new double[] {0}));
        Optimizer other = Optimizers.adam(o -> {}).create(List.of(fresh, a));
        List<String> misfits = other.loadWhatFits(Map.of("head", fresh, "a", a), saved);
        assertThat(misfits).contains("nothing is saved of parameter 'head'");
        assertThat(misfits).allMatch(line -> line.contains("'head'") || line.contains("'b'"));
        assertThat(other.steps(a)).isEqualTo(2);
        assertThat(other.steps(fresh)).isZero();
    }

    @Test
    void a_parameter_without_a_name_is_refused_when_saving() {
        Optimizer adam = Optimizers.adam(o -> {}).create(List.of(a, b));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> adam.stateDict(Map.of("a", a)))
                .withMessage("wanted a name for each parameter of the optimizer, but 1 have none; pass"
                        + " model.namedParameters() of the model that it trains");
    }
}
