package dev.cadenza.optim;

import static dev.cadenza.optim.Hyper.BETA;
import static dev.cadenza.optim.Hyper.DIFF_MOM;
import static dev.cadenza.optim.Hyper.EPS;
import static dev.cadenza.optim.Hyper.LR;
import static dev.cadenza.optim.Hyper.MOM;
import static dev.cadenza.optim.Hyper.NU_1;
import static dev.cadenza.optim.Hyper.NU_2;
import static dev.cadenza.optim.Hyper.SQR_MOM;
import static dev.cadenza.optim.Hyper.TRUST;
import static dev.cadenza.optim.Hyper.WD;
import static dev.cadenza.optim.Slot.DIFF_AVG;
import static dev.cadenza.optim.Slot.GRAD_AVG;
import static dev.cadenza.optim.Slot.GRAD_BEFORE;
import static dev.cadenza.optim.Slot.LOCAL_LR;
import static dev.cadenza.optim.Slot.SQR_AVG;

import dev.cadenza.tensor.Kernels;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the longer of {@link Steps} do; there stand the formulas. */
final class PaperSteps {
    private PaperSteps() {}

    /** The defaults of steps and then some more. */
    static List<Hyper.Setting> defaults(List<Step> steps, Hyper.Setting... more) {
        List<Hyper.Setting> all = new ArrayList<>();
        steps.forEach(step -> all.addAll(step.defaults()));
        all.addAll(Arrays.asList(more));
        return List.copyOf(all);
    }

    static void rAdam(Update u) {
        double beta2 = u.get(SQR_MOM);
        double limit = 2 / (1 - beta2) - 1;
        double power = Math.pow(beta2, u.step());
        double r = limit - 2 * u.step() * power / (1 - power);
        double rate = -u.get(LR) / u.debias(MOM);
        if (r <= 5) {
            u.params().add_(u.state(GRAD_AVG), rate);
            return;
        }
        double v = Math.sqrt((r - 4) * (r - 2) * limit / ((limit - 4) * (limit - 2) * r));
        u.params()
                .addcdiv_(
                        u.state(GRAD_AVG),
                        softened(unbiasedRoot(u), u.get(BETA)).add_(u.get(EPS)),
                        rate * v);
    }

    private static TensorList unbiasedRoot(Update u) {
        return u.state(SQR_AVG).map(sqr -> sqr.div(u.debias(SQR_MOM)).sqrt_());
    }

    private static TensorList softened(TensorList roots, double beta) {
        return beta == 0
                ? roots
                : roots.map(root -> Kernels.softplus(root.mul_(beta)).div_(beta));
    }

    static void qHAdam(Update u) {
        double nu1 = u.get(NU_1);
        double nu2 = u.get(NU_2);
        TensorList up = u.grads().map(g -> g.mul(1 - nu1)).add_(u.state(GRAD_AVG), nu1 / u.debias(MOM));
        TensorList down = u.grads().map(g -> g.square().mul_(1 - nu2)).add_(u.state(SQR_AVG), nu2 / u.debias(SQR_MOM));
        u.params().addcdiv_(up, down.map(Tensor::sqrt_).add_(u.get(EPS)), -u.get(LR));
    }

    static void larcLayerLr(Update u, boolean clip) {
        double lr = u.get(LR);
        TensorList rates = u.params().map(u.grads(), (p, g) -> {
            Tensor size = p.norm();
            return size.mul(lr * u.get(TRUST))
                    .div_(g.norm().add_(size, u.get(WD)).add_(u.get(EPS)));
        });
        u.state(LOCAL_LR).copy_(clip ? rates.clamp_(0, lr) : rates);
    }

    static void lamb(Update u) {
        TensorList step = u.state(GRAD_AVG).map(unbiasedRoot(u).add_(u.get(EPS)), (avg, root) -> avg.div(root));
        step.mul_(1 / u.debias(MOM));
        u.params().add_(step.map(u.params(), (v, p) -> v.mul_(trust(p, v))), -u.get(LR));
    }

    private static Tensor trust(Tensor p, Tensor v) {
        Tensor ratio = p.norm().div(v.norm()); // both have as many elements: that of the root mean squares
        return Tensor.where(p.norm().mul(v.norm()).eq(0), ratio.onesLike(), ratio.clamp(0, 10));
    }

    static void lion(Update u) {
        TensorList average = u.state(GRAD_AVG);
        TensorList mixed = average.map(a -> a.mul(u.get(MOM))).add_(u.grads(), 1 - u.get(MOM));
        u.params().add_(mixed.sign(), -u.get(LR));
        average.lerp_(u.grads(), 1 - u.get(SQR_MOM));
    }

    static void adan(Update u) {
        TensorList before = u.state(GRAD_BEFORE);
        if (u.step() == 1) {
            before.copy_(u.grads());
        }
        TensorList change = u.grads().map(before, (g, b) -> g.sub(b));
        before.copy_(u.grads());
        double diffMom = u.get(DIFF_MOM);
        TensorList average = u.state(GRAD_AVG).lerp_(u.grads(), 1 - u.get(MOM));
        TensorList diffs = u.state(DIFF_AVG).lerp_(change, 1 - diffMom);
        TensorList ahead = u.grads().map(change, (g, d) -> g.add(d, diffMom));
        u.state(SQR_AVG).mul_(u.get(SQR_MOM)).addcmul_(ahead, ahead, 1 - u.get(SQR_MOM));
        TensorList root = unbiasedRoot(u).add_(u.get(EPS));
        double lr = u.get(LR);
        u.params()
                .addcdiv_(average, root, -lr / u.debias(MOM))
                .addcdiv_(diffs, root, -lr * diffMom / u.debias(DIFF_MOM));
    }
}
