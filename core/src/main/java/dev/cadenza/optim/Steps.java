package dev.cadenza.optim;

import static dev.cadenza.optim.Hyper.ALPHA;
import static dev.cadenza.optim.Hyper.BETA;
import static dev.cadenza.optim.Hyper.DIFF_MOM;
import static dev.cadenza.optim.Hyper.EPS;
import static dev.cadenza.optim.Hyper.K;
import static dev.cadenza.optim.Hyper.LR;
import static dev.cadenza.optim.Hyper.MOM;
import static dev.cadenza.optim.Hyper.NU_1;
import static dev.cadenza.optim.Hyper.NU_2;
import static dev.cadenza.optim.Hyper.SQR_MOM;
import static dev.cadenza.optim.Hyper.TRUST;
import static dev.cadenza.optim.Hyper.WD;
import static dev.cadenza.optim.Slot.GRAD_AVG;
import static dev.cadenza.optim.Slot.LOCAL_LR;
import static dev.cadenza.optim.Slot.MAX_SQR;
import static dev.cadenza.optim.Slot.SLOW;
import static dev.cadenza.optim.Slot.SQR_AVG;

import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorList;
import java.util.List;

/**
 * Compose optimizers from these parts; formulas are fastai's. In them p is a parameter, g its gradient.
 *
 * <p>Each says which hyper-parameters it reads and what they are unless set.
 *
 * <pre>{@code
 * Optimizer optimizer = Optimizer.of(model.parameters(), Steps.averageGrad(false), Steps.momentumStep()).set(lr(0.1));
 * }</pre>
 */
public final class Steps {
    private static final Step SGD = new ReadyStep("sgdStep", u -> u.params().add_(u.grads(), -u.get(LR)));

    private static final Step WEIGHT_DECAY = new ReadyStep(
            "weightDecay",
            u -> {
                if (u.get(WD) != 0) {
                    u.params().mul_(1 - u.get(LR) * u.get(WD));
                }
            },
            WD.is(0));

    private static final Step L2_REG = new ReadyStep(
            "l2Reg",
            u -> {
                if (u.get(WD) != 0) {
                    u.grads().add_(u.params(), u.get(WD));
                }
            },
            WD.is(0));

    private static final Step AVERAGE_GRAD =
            new ReadyStep("averageGrad", u -> u.state(GRAD_AVG).mul_(u.get(MOM)).add_(u.grads(), 1), MOM.is(0.9));

    private static final Step AVERAGE_GRAD_DAMPED = new ReadyStep(
            "averageGrad(dampening)", u -> u.state(GRAD_AVG).lerp_(u.grads(), 1 - u.get(MOM)), MOM.is(0.9));

    private static final Step AVERAGE_SQR_GRAD = new ReadyStep(
            "averageSqrGrad",
            u -> u.state(SQR_AVG).mul_(u.get(SQR_MOM)).addcmul_(u.grads(), u.grads(), 1 - u.get(SQR_MOM)),
            SQR_MOM.is(0.99));

    private static final Step MOMENTUM =
            new ReadyStep("momentumStep", u -> u.params().add_(u.state(GRAD_AVG), -u.get(LR)));

    private static final Step NESTEROV = new ReadyStep(
            "nesterovStep",
            u -> u.params()
                    .add_(u.grads().map(u.state(GRAD_AVG), (g, average) -> g.add(average, u.get(MOM))), -u.get(LR)),
            MOM.is(0.9));

    private static final Step ADAM = new ReadyStep("adamStep", u -> adam(u, u.state(SQR_AVG)), EPS.is(1e-5));

    private Steps() {}

    /** Go against the gradient: {@code p -= lr·g}. Reads lr. */
    public static Step sgdStep() {
        return SGD;
    }

    /**
     * Shrink parameters, apart from the gradient: {@code p *= 1 - lr·wd}. Reads lr and wd (default 0).
     *
     * <p>Decoupled weight decay, <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter 2017</a>; goes before
     * the step that uses the gradient.
     */
    public static Step weightDecay() {
        return WEIGHT_DECAY;
    }

    /**
     * Add the gradient of an L2 penalty: {@code g += wd·p}. Reads wd (default 0); what PyTorch's SGD calls so.
     *
     * <p>After the update {@code p.grad()} may or may not hold the penalty: a fused kernel adds it on the way.
     */
    public static Step l2Reg() {
        return L2_REG;
    }

    /**
     * Average gradients over time: {@code grad_avg = mom·grad_avg + d·g}. Reads mom (default 0.9).
     *
     * @param dampening whether d is {@code 1 - mom}, Adam's average, or 1, the momentum of SGD
     */
    public static Step averageGrad(boolean dampening) {
        return dampening ? AVERAGE_GRAD_DAMPED : AVERAGE_GRAD;
    }

    /** Average squares of gradients: {@code sqr_avg = sqr_mom·sqr_avg + (1 - sqr_mom)·g²}. Reads sqr_mom (0.99). */
    public static Step averageSqrGrad() {
        return AVERAGE_SQR_GRAD;
    }

    /** Add squares of gradients up: {@code sqr_avg += g²}, the sum of Adagrad. Reads nothing. */
    public static Step sumSqrGrad() {
        return new ReadyStep("sumSqrGrad", u -> u.state(SQR_AVG).addcmul_(u.grads(), u.grads(), 1));
    }

    /** Go against the averaged gradient: {@code p -= lr·grad_avg}. Reads lr; needs {@link #averageGrad}. */
    public static Step momentumStep() {
        return MOMENTUM;
    }

    /**
     * Go against the gradient as it will be, Nesterov's momentum in PyTorch's form: {@code p -= lr·(g + mom·grad_avg)}.
     * Reads lr and mom (default 0.9); needs {@link #averageGrad} without dampening.
     */
    public static Step nesterovStep() {
        return NESTEROV;
    }

    /**
     * Go against the gradient, averaged if a step averages it, over the root of its averaged square:
     * {@code p -= lr·(grad_avg or g) / (√sqr_avg + eps)}.
     *
     * <p>Reads lr and eps (default 1e-8); needs {@link #averageSqrGrad} (RMSProp, <a
     * href="https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf">Hinton 2012</a>) or
     * {@link #sumSqrGrad} (Adagrad, <a href="https://jmlr.org/papers/v12/duchi11a.html">Duchi et al. 2011</a>).
     */
    public static Step rmsPropStep() {
        return new ReadyStep(
                "rmsPropStep",
                u -> u.params().addcdiv_(u.direction(), u.state(SQR_AVG).sqrt().add_(u.get(EPS)), -u.get(LR)),
                EPS.is(1e-8));
    }

    /**
     * Go against the averaged gradient, scaled by the averaged square, both corrected for their start at 0:
     * {@code p -= lr/d₁ · grad_avg / (√(sqr_avg/d₂) + eps)} with {@code d = 1 - mom^t} at update t.
     *
     * <p>Reads lr, mom, sqr_mom and eps (default 1e-5, which caps the rate); needs {@link #averageGrad} with dampening
     * and {@link #averageSqrGrad}. <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba 2014</a>.
     */
    public static Step adamStep() {
        return ADAM;
    }

    /**
     * Do {@link #adamStep} with the greatest averaged square so far, so that a rate never grows again (AMSGrad, <a
     * href="https://arxiv.org/abs/1904.09237">Reddi et al. 2018</a>). Reads and needs what adamStep does.
     */
    public static Step amsGradStep() {
        return new ReadyStep(
                "amsGradStep",
                u -> {
                    TensorList greatest = u.state(MAX_SQR);
                    greatest.copy_(greatest.map(u.state(SQR_AVG), (a, b) -> a.maximum(b)));
                    adam(u, greatest);
                },
                EPS.is(1e-5));
    }

    /**
     * The root of squares over d is the root of squares over the root of d: one pass less. One tensor after another, so
     * that each root is freed before the next is made, and finds the memory warm.
     */
    private static void adam(Update u, TensorList squares) {
        double root = Math.sqrt(u.debias(SQR_MOM));
        double eps = u.get(EPS) * root;
        double rate = -u.get(LR) * root / u.debias(MOM);
        TensorList averages = u.state(GRAD_AVG);
        for (int i = 0; i < squares.size(); i++) {
            try (Tensor scale = squares.get(i).sqrt()) {
                u.params().get(i).addcdiv_(averages.get(i), scale.add_(eps), rate);
            }
        }
    }

    /**
     * Do {@link #adamStep} as soon as there are squares enough to trust their average, and plain momentum until then.
     *
     * <p>With {@code r∞ = 2/(1-β₂) - 1} and {@code r = r∞ - 2t·β₂^t/(1-β₂^t)}: above 5 the step is Adam's times
     * {@code √((r-4)(r-2)r∞ / ((r∞-4)(r∞-2)r))}, else it is {@code p -= lr/d₁ · grad_avg}. Reads lr, mom, sqr_mom, eps
     * (1e-5) and beta (0); above 0 the root is softened by {@code log(1 + e^(beta·x))/beta} (SAdam). <a
     * href="https://arxiv.org/abs/1908.03265">Liu et al. 2019</a>.
     */
    public static Step rAdamStep() {
        return new ReadyStep("rAdamStep", PaperSteps::rAdam, EPS.is(1e-5), BETA.is(0));
    }

    /**
     * Mix plain gradients into Adam: {@code p -= lr·((1-ν₁)g + ν₁·grad_avg/d₁) / (√((1-ν₂)g² + ν₂·sqr_avg/d₂) + eps)}.
     *
     * <p>Reads lr, mom, sqr_mom, nu_1 (0.7), nu_2 (1) and eps (1e-8). Quasi-hyperbolic, <a
     * href="https://arxiv.org/abs/1810.06801">Ma and Yarats 2018</a>.
     */
    public static Step qHAdamStep() {
        return new ReadyStep("qHAdamStep", PaperSteps::qHAdam, NU_1.is(0.7), NU_2.is(1), EPS.is(1e-8));
    }

    /**
     * Find a rate for each parameter tensor: {@code local_lr = lr·trust·|p| / (|g| + wd·|p| + eps)}, with 2-norms.
     *
     * <p>Reads lr, trust_coeff (0.02), wd (0) and eps (1e-8). <a href="https://arxiv.org/abs/1708.03888">You et al.
     * 2017</a>.
     *
     * @param clip whether lr is its upper bound (LARC), or none is (LARS)
     */
    public static Step larcLayerLr(boolean clip) {
        return new ReadyStep(
                "larcLayerLr", u -> PaperSteps.larcLayerLr(u, clip), TRUST.is(0.02), WD.is(0), EPS.is(1e-8));
    }

    /** Go against the gradient, averaged if a step averages it: {@code p -= local_lr·(grad_avg or g)}. Reads nothing. */
    public static Step larcStep() {
        return new ReadyStep("larcStep", u -> {
            TensorList by = u.direction().map(u.state(LOCAL_LR), (g, rate) -> g.mul(rate));
            u.params().add_(by, -1);
        });
    }

    /**
     * Scale Adam's step v so that it is in proportion to the parameter tensor: {@code p -= lr·q·v} with {@code q =
     * min(rms(p)/rms(v), 10)}, 1 where one of them is 0. Reads lr, mom, sqr_mom and eps (1e-5). <a
     * href="https://arxiv.org/abs/1904.00962">You et al. 2019</a>.
     */
    public static Step lambStep() {
        return new ReadyStep("lambStep", PaperSteps::lamb, EPS.is(1e-5));
    }

    /**
     * Go by the sign of a mix of gradient and average: {@code p -= lr·sign(mom·avg + (1-mom)·g)}, then {@code avg =
     * β₂·avg + (1-β₂)·g}. Reads lr, mom (0.9) and sqr_mom, which is β₂ here (0.99); a rate some 3 to 10 times smaller
     * than Adam's suits it. <a href="https://arxiv.org/abs/2302.06675">Chen et al. 2023</a>.
     */
    public static Step lionStep() {
        return new ReadyStep("lionStep", PaperSteps::lion, MOM.is(0.9), SQR_MOM.is(0.99));
    }

    /**
     * Look at how gradients change: Adam with averages of g, of {@code g - g_before} and of their combined square.
     *
     * <p>Reads lr, mom (0.98), diff_mom (0.92), sqr_mom (0.99) and eps (1e-8). <a
     * href="https://arxiv.org/abs/2208.06677">Xie et al. 2022</a>.
     */
    public static Step adanStep() {
        return new ReadyStep(
                "adanStep", PaperSteps::adan, MOM.is(0.98), DIFF_MOM.is(0.92), SQR_MOM.is(0.99), EPS.is(1e-8));
    }

    /**
     * Let other steps run ahead, and every k updates go a part of the way: {@code slow += alpha·(p - slow); p = slow}.
     *
     * <p>Reads k (6) and alpha (0.5) and what the others do. <a href="https://arxiv.org/abs/1907.08610">Zhang et al.
     * 2019</a>.
     */
    public static Step lookahead(Step... fast) {
        List<Step> steps = Fused.in(List.of(fast));
        Step step = u -> {
            if (u.step() == 1) {
                u.state(SLOW).copy_(u.params());
            }
            steps.forEach(each -> each.apply(u));
            if (u.step() % Math.round(u.get(K)) == 0) {
                u.params().copy_(u.state(SLOW).lerp_(u.params(), u.get(ALPHA)));
            }
        };
        return new ReadyStep("lookahead", step, PaperSteps.defaults(List.of(fast), K.is(6), ALPHA.is(0.5)));
    }
}
