package dev.cadenza.cli;

import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.Optimizer;
import dev.cadenza.optim.Optimizers;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The optimizers by the names that {@code --opt} takes. */
enum OptimizerOption {
    SGD(0.5, mom -> Optimizers.sgd(o -> o.mom = or(mom, o.mom))),
    RMSPROP(1e-3, mom -> Optimizers.rmsProp(o -> o.mom = or(mom, o.mom))),
    ADAGRAD(0.01, OptimizerOption::adagrad),
    ADAM(1e-3, mom -> Optimizers.adam(o -> o.mom = or(mom, o.mom))),
    RADAM(1e-3, mom -> Optimizers.rAdam(o -> o.mom = or(mom, o.mom))),
    QHADAM(1e-3, mom -> Optimizers.qHAdam(o -> o.mom = or(mom, o.mom))),
    RANGER(1e-3, mom -> Optimizers.ranger(o -> o.mom = or(mom, o.mom))),
    LARC(0.1, mom -> Optimizers.larc(o -> o.mom = or(mom, o.mom))),
    LAMB(0.01, mom -> Optimizers.lamb(o -> o.mom = or(mom, o.mom))),
    LION(1e-4, mom -> Optimizers.lion(o -> o.mom = or(mom, o.mom))),
    ADAN(1e-3, mom -> Optimizers.adan(o -> o.mom = or(mom, o.mom)));

    /** The rate where none is given. */
    final double lr;

    @SuppressWarnings("ImmutableEnumChecker") // lambdas that hold nothing
    private final Function<Double, Optimizer.Factory> maker;

    OptimizerOption(double lr, Function<Double, Optimizer.Factory> maker) {
        this.lr = lr;
        this.maker = maker;
    }

    private static Optimizer.Factory adagrad(Double mom) {
        if (mom != null) {
            throw BadInputException.option("--mom", "none with --opt adagrad, which has no momentum", mom);
        }
        return Optimizers.adagrad(o -> {});
    }

    /** Makes it; where wd or mom is null it has its own. */
    Optimizer.Factory make(Double wd, Double mom) {
        Optimizer.Factory factory = maker.apply(mom);
        return groups -> {
            Optimizer optimizer = factory.ofGroups(groups).set(Hyper.lr(lr));
            return wd == null ? optimizer : optimizer.set(Hyper.wd(wd));
        };
    }

    static double or(Double value, double otherwise) {
        return value == null ? otherwise : value;
    }

    static OptimizerOption of(String name) {
        return Arrays.stream(values())
                .filter(each -> each.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> BadInputException.option("--opt", "one of " + names(), name));
    }

    private static String names() {
        return Arrays.stream(values()).map(OptimizerOption::toString).collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
