package dev.cadenza.nn;

import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.tensor.Tensor;
import java.util.function.UnaryOperator;

/** A loss of {@link Losses}: a formula for every reduction, the options chosen, and what the predictions mean. */
record ReadyLoss(
        String name,
        LossOptions options,
        Formula formula,
        UnaryOperator<Tensor> activated,
        UnaryOperator<Tensor> decided)
        implements Loss, Described {
    /** One of {@link LossFunctions}, its options given. */
    @FunctionalInterface
    interface Formula {
        Tensor apply(Tensor pred, Tensor target, Reduction reduction);
    }

    static Loss ofNumbers(String name, LossOptions options, Formula formula) {
        return new ReadyLoss(name, options, formula, x -> x, x -> x);
    }

    static Loss ofClasses(String name, LossOptions.Classes options, Formula formula, UnaryOperator<Tensor> activated) {
        return new ReadyLoss(name, options, formula, activated, x -> x.argmax(options.classDim(x)));
    }

    static Loss ofScores(String name, LossOptions.Classes options, Formula formula) {
        return ofClasses(name, options, formula, x -> x.softmax(options.classDim(x)));
    }

    static Loss ofTruths(String name, LossOptions.Bce options, Formula formula, UnaryOperator<Tensor> activated) {
        return new ReadyLoss(name, options, formula, activated, x -> x.gt(options.threshold));
    }

    @Override
    public Tensor apply(Tensor pred, Tensor target) {
        return formula.apply(pred, target, options.reduction);
    }

    @Override
    public Tensor perSample(Tensor pred, Tensor target) {
        Checks.samples("perSample", pred, target);
        Tensor losses = rows(formula.apply(pred, target, Reduction.NONE));
        if (options.reduction == Reduction.SUM) {
            return losses.sum(1);
        }
        Tensor counted = options.counted(target);
        if (counted == null) {
            return losses.mean(1);
        }
        Tensor count = rows(counted).sum(1);
        return losses.sum(1).div(count.maximum(count.onesLike()));
    }

    /** Any {@code [N, *]} as {@code [N, M]}. */
    private static Tensor rows(Tensor x) {
        return x.unsqueeze(-1).flatten(1);
    }

    @Override
    public Reduction reduction() {
        return options.reduction;
    }

    @Override
    public Tensor activation(Tensor pred) {
        return activated.apply(pred);
    }

    @Override
    public Tensor decode(Tensor activated) {
        return decided.apply(activated);
    }

    /** What matters for predictions: what they mean. */
    @Override
    public Spec spec() {
        Spec spec = Spec.of(name);
        if (options instanceof LossOptions.Classes classes) {
            spec.with("classesLast", classes.classesLast);
        } else if (options instanceof LossOptions.Bce bce) {
            spec.with("threshold", bce.threshold);
        }
        return spec;
    }

    @Override
    public String toString() {
        return name + "()";
    }
}
