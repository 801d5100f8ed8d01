package dev.cadenza.optim;

import static dev.cadenza.optim.Hyper.EPS;
import static dev.cadenza.optim.Hyper.LR;
import static dev.cadenza.optim.Hyper.MOM;
import static dev.cadenza.optim.Hyper.SQR_MOM;
import static dev.cadenza.optim.Hyper.WD;
import static dev.cadenza.optim.Slot.GRAD_AVG;
import static dev.cadenza.optim.Slot.SQR_AVG;

import dev.cadenza.tensor.TensorList;

/**
 * Compose optimizers from these parts; formulas are fastai's. In them p is a parameter, g its gradient.
 *
 * <p>Each says which hyper-parameters it reads and what they are unless set.
 */
public final class Steps {
    private Steps() {}

    /** Go against the gradient: {@code p -= lr·g}. Reads lr. */
    public static Step sgdStep() {
        return u -> u.params().add_(u.grads(), -u.get(LR));
    }

    /**
     * Shrink parameters, apart from the gradient: {@code p *= 1 - lr·wd}. Reads lr and wd (default 0).
     *
     * <p>Decoupled weight decay, <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter 2017</a>; goes before
     * the step that uses the gradient.
     */
    public static Step weightDecay() {
        Step step = u -> {
            if (u.get(WD) != 0) {
                u.params().mul_(1 - u.get(LR) * u.get(WD));
            }
        };
        return step.with(WD.is(0));
    }

    /** Add the gradient of an L2 penalty: {@code g += wd·p}. Reads wd (default 0); what PyTorch's SGD calls so. */
    public static Step l2Reg() {
        Step step = u -> {
            if (u.get(WD) != 0) {
                u.grads().add_(u.params(), u.get(WD));
            }
        };
        return step.with(WD.is(0));
    }

    /**
     * Average gradients over time: {@code grad_avg = mom·grad_avg + d·g}. Reads mom (default 0.9).
     *
     * @param dampening whether d is {@code 1 - mom}, Adam's average, or 1, the momentum of SGD
     */
    public static Step averageGrad(boolean dampening) {
        Step step = u -> u.state(GRAD_AVG).mul_(u.get(MOM)).add_(u.grads(), dampening ? 1 - u.get(MOM) : 1);
        return step.with(MOM.is(0.9));
    }

    /** Average squares of gradients: {@code sqr_avg = sqr_mom·sqr_avg + (1 - sqr_mom)·g²}. Reads sqr_mom (0.99). */
    public static Step averageSqrGrad() {
        Step step = u -> u.state(SQR_AVG).mul_(u.get(SQR_MOM)).addcmul_(u.grads(), u.grads(), 1 - u.get(SQR_MOM));
        return step.with(SQR_MOM.is(0.99));
    }

    /** Go against the averaged gradient: {@code p -= lr·grad_avg}. Reads lr; needs {@link #averageGrad}. */
    public static Step momentumStep() {
        return u -> u.params().add_(u.state(GRAD_AVG), -u.get(LR));
    }

    /**
     * Go against the averaged gradient, scaled by the averaged square, both corrected for their start at 0:
     * {@code p -= lr/d₁ · grad_avg / (√(sqr_avg/d₂) + eps)} with {@code d = 1 - mom^t} at update t.
     *
     * <p>Reads lr, mom, sqr_mom and eps (default 1e-5, which caps the rate); needs {@link #averageGrad} with dampening
     * and {@link #averageSqrGrad}. <a href="https://arxiv.org/abs/1412.6980">Kingma and Ba 2014</a>.
     */
    public static Step adamStep() {
        Step step = u -> {
            double unbiasGrad = 1 - Math.pow(u.get(MOM), u.step());
            double unbiasSqr = 1 - Math.pow(u.get(SQR_MOM), u.step());
            TensorList scale =
                    u.state(SQR_AVG).map(sqr -> sqr.div(unbiasSqr).sqrt_().add_(u.get(EPS)));
            u.params().addcdiv_(u.state(GRAD_AVG), scale, -u.get(LR) / unbiasGrad);
        };
        return step.with(EPS.is(1e-5));
    }
}
