package dev.cadenza.optim;

import java.util.Map;

/**
 * The optimizers of {@code torch.optim} by the ids of their golden cases; what only PyTorch has is a lambda here, as a
 * user would write it.
 */
final class TorchSteps {
    static final Hyper DAMPENING = new Hyper("dampening", 0, 1);
    private static final Slot MEAN = new Slot("mean");

    /** The gradient is ascended. */
    private static final Step MAXIMIZE = u -> u.grads().mul_(-1);

    /** The first gradient begins the average undamped. */
    private static final Step DAMPED = u -> {
        double share = u.step() == 1 ? 1 : 1 - u.get(DAMPENING);
        u.state(Slot.GRAD_AVG).mul_(u.get(Hyper.MOM)).add_(u.grads(), share);
    };

    /** Momentum comes after the division. */
    private static Step rmsProp(boolean centered, boolean momentum) {
        return u -> {
            var squares = u.state(Slot.SQR_AVG).map(s -> s.clone());
            if (centered) {
                var mean = u.state(MEAN).lerp_(u.grads(), 1 - u.get(Hyper.SQR_MOM));
                squares.addcmul_(mean, mean, -1);
            }
            var root = squares.sqrt().add_(u.get(Hyper.EPS));
            if (momentum) {
                u.state(Slot.GRAD_AVG).mul_(u.get(Hyper.MOM)).addcdiv_(u.grads(), root, 1);
                u.params().add_(u.state(Slot.GRAD_AVG), -u.get(Hyper.LR));
            } else {
                u.params().addcdiv_(u.grads(), root, -u.get(Hyper.LR));
            }
        };
    }

    private static final Step L2 = Steps.l2Reg();
    private static final Step AVERAGE = Steps.averageGrad(false);
    private static final Step DAMPED_AVERAGE = Steps.averageGrad(true);
    private static final Step SQUARES = Steps.averageSqrGrad();

    private static final Map<String, Step[]> BY_ID = Map.ofEntries(
            Map.entry("torch/sgd", steps(L2, Steps.sgdStep())),
            Map.entry("torch/sgd_momentum", steps(L2, AVERAGE, Steps.momentumStep())),
            Map.entry("torch/sgd_momentum_wd", steps(L2, AVERAGE, Steps.momentumStep())),
            Map.entry("torch/sgd_dampening", steps(L2, DAMPED, Steps.momentumStep())),
            Map.entry("torch/sgd_nesterov_wd", steps(L2, AVERAGE, Steps.nesterovStep())),
            Map.entry("torch/sgd_maximize", steps(MAXIMIZE, L2, AVERAGE, Steps.momentumStep())),
            Map.entry("torch/adam", steps(L2, DAMPED_AVERAGE, SQUARES, Steps.adamStep())),
            Map.entry("torch/adam_f32", steps(L2, DAMPED_AVERAGE, SQUARES, Steps.adamStep())),
            Map.entry("torch/adam_wd", steps(L2, DAMPED_AVERAGE, SQUARES, Steps.adamStep())),
            Map.entry("torch/adam_amsgrad", steps(L2, DAMPED_AVERAGE, SQUARES, Steps.amsGradStep())),
            Map.entry("torch/adamw", steps(Steps.weightDecay(), DAMPED_AVERAGE, SQUARES, Steps.adamStep())),
            Map.entry("torch/adamw_wd", steps(Steps.weightDecay(), DAMPED_AVERAGE, SQUARES, Steps.adamStep())),
            Map.entry("torch/adamw_amsgrad", steps(Steps.weightDecay(), DAMPED_AVERAGE, SQUARES, Steps.amsGradStep())),
            Map.entry("torch/rmsprop", steps(L2, SQUARES, Steps.rmsPropStep())),
            Map.entry("torch/rmsprop_momentum_wd", steps(L2, SQUARES, rmsProp(false, true))),
            Map.entry("torch/rmsprop_centered", steps(L2, SQUARES, rmsProp(true, false))),
            Map.entry("torch/rmsprop_centered_momentum", steps(L2, SQUARES, rmsProp(true, true))));

    private TorchSteps() {}

    private static Step[] steps(Step... steps) {
        return steps;
    }

    static Step[] of(String id) {
        return BY_ID.get(id);
    }

    /** Centered RMSProp calls the mean of gradients what we call their average. */
    static String slot(String id, String name) {
        return id.startsWith("torch/rmsprop_centered") && name.equals("grad_avg") ? MEAN.name() : name;
    }
}
