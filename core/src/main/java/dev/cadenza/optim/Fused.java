package dev.cadenza.optim;

import static dev.cadenza.optim.Hyper.EPS;
import static dev.cadenza.optim.Hyper.LR;
import static dev.cadenza.optim.Hyper.MOM;
import static dev.cadenza.optim.Hyper.SQR_MOM;
import static dev.cadenza.optim.Hyper.WD;
import static dev.cadenza.optim.Slot.GRAD_AVG;
import static dev.cadenza.optim.Slot.SQR_AVG;

import dev.cadenza.tensor.FusedKernels;
import dev.cadenza.tensor.TensorList;
import java.util.ArrayList;
import java.util.List;

/**
 * Recognise the recipes that libtorch has a kernel for at the end of a list of steps, where nothing comes after that could
 * see a gradient without its penalty, and let the kernel do them. Plain SGD is one pass as it is, and for a small network
 * the kernel takes longer.
 *
 * <p>What a kernel does not know (other dtypes, other layouts, no momentum) the steps do themselves, as if unrecognised.
 */
final class Fused {
    private static final List<Step> ADAM = List.of(Steps.averageGrad(true), Steps.averageSqrGrad(), Steps.adamStep());
    private static final List<Step> MOMENTUM = List.of(Steps.averageGrad(false), Steps.momentumStep());
    private static final List<Step> NESTEROV = List.of(Steps.averageGrad(false), Steps.nesterovStep());

    private static final List<Recipe> RECIPES = List.of( // the longer of two that end alike first
            new Recipe(with(Steps.weightDecay(), ADAM), u -> adam(u, u.get(WD), true)),
            new Recipe(with(Steps.l2Reg(), ADAM), u -> adam(u, u.get(WD), false)),
            new Recipe(ADAM, u -> adam(u, 0, true)),
            new Recipe(with(Steps.l2Reg(), MOMENTUM), u -> momentum(u, u.get(WD), false)),
            new Recipe(MOMENTUM, u -> momentum(u, 0, false)),
            new Recipe(with(Steps.l2Reg(), NESTEROV), u -> momentum(u, u.get(WD), true)),
            new Recipe(NESTEROV, u -> momentum(u, 0, true)));

    private interface Kernel {
        /** Does the work, unless it is not made for it: then it changes nothing and returns false. */
        boolean does(Update u);
    }

    private record Recipe(List<Step> steps, Kernel kernel) {
        boolean ends(List<Step> all) {
            return all.size() >= steps.size()
                    && all.subList(all.size() - steps.size(), all.size()).equals(steps);
        }

        void apply(Update u) {
            if (!kernel.does(u)) {
                steps.forEach(step -> step.apply(u));
            }
        }
    }

    private Fused() {}

    private static List<Step> with(Step first, List<Step> rest) {
        List<Step> all = new ArrayList<>(List.of(first));
        all.addAll(rest);
        return List.copyOf(all);
    }

    /** Replaces the end of the list by one step that does the same, where it is recognised. */
    static List<Step> in(List<Step> steps) {
        for (Recipe recipe : RECIPES) {
            if (recipe.ends(steps)) {
                List<Step> fused = new ArrayList<>(
                        steps.subList(0, steps.size() - recipe.steps().size()));
                fused.add(recipe::apply);
                return List.copyOf(fused);
            }
        }
        return steps;
    }

    private static boolean momentum(Update u, double wd, boolean nesterov) {
        if (u.isEmpty() || u.get(MOM) == 0) { // the kernel keeps no average without momentum
            return false;
        }
        FusedKernels.Sgd hypers = new FusedKernels.Sgd(u.get(LR), u.get(MOM), wd, nesterov);
        return FusedKernels.sgd_(u.params(), u.grads(), u.state(GRAD_AVG), hypers);
    }

    private static boolean adam(Update u, double wd, boolean decoupled) {
        if (u.isEmpty()) {
            return false;
        }
        List<TensorList> averages = List.of(u.state(GRAD_AVG), u.state(SQR_AVG));
        FusedKernels.Adam hypers =
                new FusedKernels.Adam(u.get(LR), u.get(MOM), u.get(SQR_MOM), u.get(EPS), wd, decoupled);
        return FusedKernels.adam_(u.params(), u.grads(), averages, u.step(), hypers);
    }
}
