package dev.cadenza.train;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.cadenza.callback.SkipToEpoch;
import dev.cadenza.data.DataLoader;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.nn.BatchNorm1d;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.optim.ParamGroup;
import dev.cadenza.optim.Rates;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.Golden;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Fits by every policy, and compares rate and momentum of each batch with what fastai computed. */
class FitPoliciesGoldenTest {
    /** What an inner fit set: a list for each batch. */
    private static final class Seen implements Callback {
        final List<List<double[]>> lrs = new ArrayList<>();
        final List<List<Double>> moms = new ArrayList<>();
        final List<List<Boolean>> requiresGrad = new ArrayList<>();

        @Override
        public void beforeFit(Learner learn) {
            lrs.add(new ArrayList<>());
            moms.add(new ArrayList<>());
            requiresGrad.add(learn.model().parameters().stream()
                    .map(Tensor::requiresGrad)
                    .toList());
        }

        @Override
        public void beforeStep(Learner learn) {
            List<ParamGroup> groups = learn.optimizer().groups();
            lrs.get(lrs.size() - 1)
                    .add(groups.stream()
                            .mapToDouble(group -> group.get(Hyper.LR))
                            .toArray());
            moms.get(moms.size() - 1).add(learn.optimizer().get(Hyper.MOM));
        }
    }

    @TestFactory
    Stream<DynamicTest> each_policy_sets_what_fastai_sets() {
        return cases().map(each -> dynamicTest((String) each.get("id"), () -> {
            try (Scope scope = Scope.open()) {
                Seen seen = new Seen();
                fit(each, seen);
                List<Map<String, Object>> fits = Golden.maps(each.get("fits"));
                assertThat(seen.lrs).hasSameSizeAs(fits);
                for (int i = 0; i < fits.size(); i++) {
                    compare(fits.get(i), seen, i);
                }
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> each_policy_can_start_at_a_later_epoch_and_sets_what_it_would_have_set_there() {
        return cases().filter(each -> !each.get("method").equals("fine_tune"))
                .map(each -> dynamicTest((String) each.get("id"), () -> {
                    try (Scope scope = Scope.open()) {
                        Seen whole = new Seen();
                        Seen late = new Seen();
                        int epochs = fit(each, whole);
                        int skipped = epochs / 2;
                        fit(each, late, new SkipToEpoch(skipped));
                        int batches = ((Number) each.get("n_batches")).intValue();
                        List<double[]> all = whole.lrs.get(0);
                        assertThat(late.lrs.get(0).toArray(double[][]::new))
                                .isDeepEqualTo(all.subList(skipped * batches, all.size())
                                        .toArray(double[][]::new));
                    }
                }));
    }

    private static Stream<Map<String, Object>> cases() {
        return Golden.maps(Golden.read("schedules.json").get("fits")).stream();
    }

    private static void compare(Map<String, Object> want, Seen seen, int fit) {
        List<?> lrs = (List<?>) want.getOrDefault("lr_exact", want.get("lr"));
        for (int group = 0; group < lrs.size(); group++) {
            int g = group;
            double[] got =
                    seen.lrs.get(fit).stream().mapToDouble(each -> each[g]).toArray();
            assertClose("lr of group " + g, got, numbers(lrs.get(g)), 1e-9, 1e-15);
        }
        double[] moms = seen.moms.get(fit).stream().mapToDouble(each -> each).toArray();
        assertClose("mom", moms, numbers(want.getOrDefault("mom_exact", want.get("mom"))), 1e-9, 1e-15);
        assertThat(seen.requiresGrad.get(fit)).isEqualTo(want.get("requires_grad"));
    }

    /** Fits by the policy of a case, and returns of how many epochs. */
    private static int fit(Map<String, Object> each, Callback... callbacks) {
        Map<String, Object> args = Golden.map(each.get("args"));
        Learner learn = learner(each);
        switch ((String) each.get("method")) {
            case "fit_one_cycle" -> oneCycle(learn, args, callbacks);
            case "fit_flat_cos" ->
                learn.fitFlatCos(
                        integer(args, "n_epoch"),
                        rates(args.get("lr")),
                        o -> {
                            o.pctStart = Golden.number(args.get("pct_start"));
                            o.divFinal = Golden.number(args.get("div_final"));
                        },
                        callbacks);
            case "fit_sgdr" ->
                learn.fitSgdr(
                        integer(args, "n_cycles"),
                        rates(args.get("lr_max")),
                        o -> {
                            o.cycleLength = integer(args, "cycle_len");
                            o.cycleMult = integer(args, "cycle_mult");
                        },
                        callbacks);
            case "fine_tune" ->
                learn.fineTune(
                        integer(args, "epochs"),
                        Golden.number(args.get("base_lr")),
                        o -> {
                            o.freezeEpochs = integer(args, "freeze_epochs");
                            o.lrMult = Golden.number(args.get("lr_mult"));
                            o.pctStart = Golden.number(args.get("pct_start"));
                            o.div = Golden.number(args.get("div"));
                        },
                        callbacks);
            default -> learn.fit(integer(args, "n_epoch"), rates(args.get("lr")), callbacks);
        }
        return learn.epochs();
    }

    private static void oneCycle(Learner learn, Map<String, Object> args, Callback... callbacks) {
        if (args.get("lr_max") == null) {
            learn.fitOneCycle(integer(args, "n_epoch"), callbacks); // with the defaults
            return;
        }
        learn.fitOneCycle(
                integer(args, "n_epoch"),
                rates(args.get("lr_max")),
                o -> {
                    o.pctStart = Golden.number(args.get("pct_start"));
                    o.div = Golden.number(args.get("div"));
                    o.divFinal = Golden.number(args.get("div_final"));
                    o.moms = args.get("moms") == null ? null : numbers(args.get("moms"));
                },
                callbacks);
    }

    private static int integer(Map<String, Object> args, String name) {
        return ((Number) args.get(name)).intValue();
    }

    private static double[] numbers(Object list) {
        return ((List<?>) list).stream().mapToDouble(Golden::number).toArray();
    }

    private static Rates rates(Object value) {
        if (!(value instanceof Map)) {
            return Rates.of(Golden.number(value));
        }
        List<?> slice = (List<?>) Golden.map(value).get("slice");
        return slice.get(0) == null
                ? Rates.lastAnd10th(Golden.number(slice.get(1)))
                : Rates.between(Golden.number(slice.get(0)), Golden.number(slice.get(1)));
    }

    /** Layers in as many groups as the case has; with the name "bn" a normalising one stands in the first. */
    private static Learner learner(Map<String, Object> each) {
        int count = integer(each, "n_groups");
        List<Module> layers = new ArrayList<>(
                IntStream.range(0, count).mapToObj(i -> new Linear(2, 2)).toList());
        List<List<Parameter>> groups = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            groups.add(layers.get(i).parameters());
        }
        if (((String) each.get("id")).endsWith("_bn")) {
            BatchNorm1d norm = new BatchNorm1d(2);
            layers.add(1, norm);
            List<Parameter> first = new ArrayList<>(groups.get(0));
            first.addAll(norm.parameters());
            groups.set(0, first);
        }
        int batches = integer(each, "n_batches");
        Tensor x = Tensor.zeros(2L * batches, 2).uniform_(-1, 1, new dev.cadenza.tensor.Rng(1));
        DataLoader loader = new DataLoader(new TensorDataset(x, x.mul(2)), o -> o.batchSize = 2);
        double lr = each.containsKey("learner")
                ? Golden.number(Golden.map(each.get("learner")).get("lr"))
                : 1e-3;
        return new Learner(new DataLoaders(loader, loader), Sequential.of(layers.toArray(Module[]::new)), Losses.mse())
                .optimizer(Optimizers.adam(o -> o.lr = lr))
                .groups(groups);
    }
}
