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
import java.util.stream.IntStream;

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
            entry("momentum_step", Steps.momentumStep()),
            entry("momentum_step_book", Steps.momentumStep()),
            entry("adam_step", Steps.adamStep()),
            entry("step_stat", u -> {})); // the optimizer itself counts

    /** What PyTorch's optimizers are in the names of the steps; their weight decay is L2 but for AdamW. */
    private static final Map<String, List<String>> TORCH = Map.of(
            "torch.optim.SGD", List.of("l2_reg", "average_grad", "momentum_step"),
            "torch.optim.Adam", List.of("l2_reg", "average_grad(dampening=True)", "average_sqr_grad", "adam_step"),
            "torch.optim.AdamW",
                    List.of("weight_decay", "average_grad(dampening=True)", "average_sqr_grad", "adam_step"));

    private static final Map<String, Hyper> HYPERS = Map.of(
            "lr", Hyper.LR,
            "wd", Hyper.WD,
            "weight_decay", Hyper.WD,
            "mom", Hyper.MOM,
            "momentum", Hyper.MOM,
            "sqr_mom", Hyper.SQR_MOM,
            "eps", Hyper.EPS);

    private static final Map<String, Slot> SLOTS = Map.of(
            "grad_avg", Slot.GRAD_AVG,
            "momentum_buffer", Slot.GRAD_AVG,
            "exp_avg", Slot.GRAD_AVG,
            "sqr_avg", Slot.SQR_AVG,
            "exp_avg_sq", Slot.SQR_AVG);

    private final Map<String, Object> json;
    private final List<List<Parameter>> params;
    private final List<List<ParamGroup>> groups = new ArrayList<>();
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
        optimizer = Optimizer.ofGroups(split(), steps());
        setHypers();
    }

    /** Parameters that are not to decay get a group of their own: that is how it is said here. */
    private List<List<Parameter>> split() {
        List<List<Parameter>> split = new ArrayList<>();
        for (int g = 0; g < params.size(); g++) {
            for (boolean decay : new boolean[] {true, false}) {
                int group = g;
                split.add(IntStream.range(0, params.get(g).size())
                        .filter(p -> decays(group, p) == decay)
                        .mapToObj(params.get(g)::get)
                        .toList());
            }
        }
        return split;
    }

    private boolean decays(int group, int param) {
        return json.get("do_wd") == null
                || (Boolean) lists(json.get("do_wd")).get(group).get(param);
    }

    private Step[] steps() {
        Object names = json.getOrDefault("steppers", TORCH.get(json.get("optimizer")));
        return ((List<?>) names).stream().map(STEPS::get).toArray(Step[]::new);
    }

    private void setHypers() {
        List<Map<String, Object>> hypers = Golden.maps(json.get("hypers"));
        for (int g = 0; g < hypers.size(); g++) {
            groups.add(optimizer.groups().subList(2 * g, 2 * g + 2));
            for (Map.Entry<String, Object> hyper : hypers.get(g).entrySet()) {
                set(groups.get(g), hyper.getKey(), hyper.getValue());
            }
            groups.get(g).get(1).set(Hyper.wd(0));
        }
    }

    private static void set(List<ParamGroup> groups, String name, Object value) {
        if (name.equals("betas")) {
            set(groups, "mom", ((List<?>) value).get(0));
            set(groups, "sqr_mom", ((List<?>) value).get(1));
        } else if (HYPERS.containsKey(name)) {
            groups.forEach(group -> group.set(HYPERS.get(name).is(Golden.number(value))));
        } else {
            assertThat(value).as("%s, which is not read here", name).isIn(0, false);
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
        Golden.map(step.getOrDefault("set_hypers", Map.of())).forEach(this::schedule);
        each(step.get("grads"), (p, grad) -> {
            p.zeroGrad();
            if (grad != null) {
                p.setGrad(Golden.tensor(grad));
            }
        });
        optimizer.step();
        each(step.get("params"), (p, want) -> assertSame(where + ", parameter", p, want));
        each(
                step.get("state"),
                (p, want) -> Golden.map(want).forEach((name, value) -> {
                    if (name.equals("step")) {
                        assertThat(optimizer.steps(p)).as(where + ", step").isEqualTo(((Number) value).longValue());
                    } else if (!name.equals("do_wd")) {
                        assertSame(
                                where + ", " + name,
                                optimizer.state(p).get(SLOTS.get(name).name()),
                                value);
                    }
                }));
    }

    private void schedule(String name, Object value) {
        for (int g = 0; g < groups.size(); g++) {
            set(groups.get(g), name, value instanceof List<?> each ? each.get(g) : value);
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
