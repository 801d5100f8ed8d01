package dev.cadenza.optim;

import static dev.cadenza.testing.Close.assertClose;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.Golden;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** One case of {@code optimizers.json}: the optimizer that its names describe, played step by step. */
final class GoldenCase {
    private static final Map<String, Step> STEPS = Map.ofEntries(
            entry("weight_decay", Steps.weightDecay()),
            entry("l2_reg", Steps.l2Reg()),
            entry("sgd_step", Steps.sgdStep()),
            entry("sgd_cb", Steps.sgdStep()),
            entry("average_grad", Steps.averageGrad(false)),
            entry("average_grad_book", Steps.averageGrad(false)),
            entry("average_grad(dampening=True)", Steps.averageGrad(true)),
            entry("average_sqr_grad", Steps.averageSqrGrad()),
            entry("average_sqr_grad_book", Steps.averageSqrGrad()),
            entry("average_sqr_grad(dampening=True)", Steps.averageSqrGrad()),
            entry("momentum_step", Steps.momentumStep()),
            entry("momentum_step_book", Steps.momentumStep()),
            entry("nesterov_step", Steps.nesterovStep()),
            entry("rms_prop_step", Steps.rmsPropStep()),
            entry("rms_prop_step_book", Steps.rmsPropStep()),
            entry("adam_step", Steps.adamStep()),
            entry("ams_grad_step", Steps.amsGradStep()),
            entry("radam_step", Steps.rAdamStep()),
            entry("qhadam_step", Steps.qHAdamStep()),
            entry("larc_layer_lr(clip=True)", Steps.larcLayerLr(true)),
            entry("larc_layer_lr(clip=False)", Steps.larcLayerLr(false)),
            entry("larc_step", Steps.larcStep()),
            entry("lamb_step", Steps.lambStep()),
            entry("step_stat", u -> {})); // the optimizer itself counts

    private static final Map<String, Hyper> HYPERS = Map.ofEntries(
            entry("lr", Hyper.LR),
            entry("wd", Hyper.WD),
            entry("weight_decay", Hyper.WD),
            entry("mom", Hyper.MOM),
            entry("momentum", Hyper.MOM),
            entry("sqr_mom", Hyper.SQR_MOM),
            entry("alpha", Hyper.SQR_MOM),
            entry("dampening", TorchSteps.DAMPENING),
            entry("nu_1", Hyper.NU_1),
            entry("nu_2", Hyper.NU_2),
            entry("beta", Hyper.BETA),
            entry("trust_coeff", Hyper.TRUST),
            entry("eps", Hyper.EPS));

    private static final Map<String, String> SLOTS = Map.ofEntries(
            entry("momentum_buffer", "grad_avg"),
            entry("exp_avg", "grad_avg"),
            entry("square_avg", "sqr_avg"),
            entry("exp_avg_sq", "sqr_avg"),
            entry("max_exp_avg_sq", "max_sqr"));

    private final Map<String, Object> json;
    private final List<List<Parameter>> params;
    private final Optimizer optimizer;
    private final double rtol;
    private final double atol;

    GoldenCase(Map<String, Object> json) {
        this.json = json;
        boolean exact = json.get("dtype").equals("float64");
        rtol = exact ? 1e-9 : 2e-5;
        atol = exact ? 1e-12 : 1e-6;
        params = lists(json.get("init")).stream()
                .map(group ->
                        group.stream().map(p -> new Parameter(Golden.tensor(p))).toList())
                .toList();
        optimizer = Optimizer.ofGroups(params, steps()).noDecay(undecayed());
        setHypers();
    }

    private List<Parameter> undecayed() {
        List<Parameter> undecayed = new ArrayList<>();
        if (json.get("do_wd") != null) {
            each(json.get("do_wd"), (p, decays) -> {
                if (!(Boolean) decays) {
                    undecayed.add(p);
                }
            });
        }
        return undecayed;
    }

    private Step[] steps() {
        Step[] steps = json.containsKey("steppers")
                ? ((List<?>) json.get("steppers")).stream().map(STEPS::get).toArray(Step[]::new)
                : TorchSteps.of((String) json.get("id"));
        Object lookahead = json.get("lookahead");
        if (lookahead == null) {
            return steps;
        }
        Map<String, Object> options = Golden.map(lookahead);
        Step ahead = Steps.lookahead(steps);
        List<Hyper.Setting> defaults = new ArrayList<>(ahead.defaults());
        defaults.add(Hyper.K.is(Golden.number(options.get("k"))));
        defaults.add(Hyper.ALPHA.is(Golden.number(options.get("alpha"))));
        return new Step[] {ahead.with(defaults.toArray(Hyper.Setting[]::new))};
    }

    private void setHypers() {
        List<Map<String, Object>> hypers = Golden.maps(json.get("hypers"));
        for (int g = 0; g < hypers.size(); g++) {
            ParamGroup group = optimizer.groups().get(g);
            hypers.get(g).forEach((name, value) -> set(group, name, value));
        }
    }

    private static void set(ParamGroup group, String name, Object value) {
        if (name.equals("betas")) {
            set(group, "mom", ((List<?>) value).get(0));
            set(group, "sqr_mom", ((List<?>) value).get(1));
        } else if (!(value instanceof Boolean)) { // those choose steps
            group.set(HYPERS.get(name).is(Golden.number(value)));
        }
    }

    /** Play all steps; compare parameters and state after each. */
    void play() {
        List<Map<String, Object>> steps = Golden.maps(json.get("steps"));
        for (int t = 0; t < steps.size(); t++) {
            try (Scope scope = Scope.open()) {
                play(json.get("id") + ", step " + t, steps.get(t));
            }
        }
    }

    private void play(String where, Map<String, Object> step) {
        if (step.get("clear_state_before") instanceof Boolean clear && clear) {
            optimizer.clearState();
        }
        Golden.map(step.getOrDefault("set_hypers", Map.of())).forEach(this::schedule);
        each(step.get("grads"), (p, grad) -> {
            p.zeroGrad();
            if (grad != null) {
                p.setGrad(Golden.tensor(grad));
            }
        });
        optimizer.step();
        each(step.get("params"), (p, want) -> assertSame(where + ", parameter", p, want));
        each(step.get("state"), (p, want) -> Golden.map(want).forEach((name, value) -> compare(where, p, name, value)));
        if (step.containsKey("slow_weights")) {
            each(step.get("slow_weights"), (p, want) -> compare(where, p, "slow_weights", want));
        }
    }

    private void compare(String where, Parameter p, String name, Object want) {
        if (name.equals("step")) {
            assertThat(optimizer.steps(p)).as(where + ", step").isEqualTo(((Number) want).longValue());
        } else if (!name.equals("do_wd")) {
            Tensor got =
                    optimizer.state(p).get(SLOTS.getOrDefault(name, TorchSteps.slot((String) json.get("id"), name)));
            if (want instanceof Number number) {
                assertClose(
                        where + ", " + name,
                        new double[] {got.item()},
                        new double[] {number.doubleValue()},
                        rtol,
                        atol);
            } else {
                assertSame(where + ", " + name, got, want);
            }
        }
    }

    private void schedule(String name, Object value) {
        for (int g = 0; g < params.size(); g++) {
            set(optimizer.groups().get(g), name, value instanceof List<?> each ? each.get(g) : value);
        }
    }

    private void assertSame(String where, Tensor got, Object want) {
        assertClose(where, got, Golden.tensor(want), rtol, atol);
    }

    private void each(Object perParameter, BiConsumer<Parameter, Object> f) {
        List<List<Object>> values = lists(perParameter);
        for (int g = 0; g < params.size(); g++) {
            for (int p = 0; p < params.get(g).size(); p++) {
                f.accept(params.get(g).get(p), values.get(g).get(p));
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static List<List<Object>> lists(Object json) {
        return (List<List<Object>>) json;
    }
}
