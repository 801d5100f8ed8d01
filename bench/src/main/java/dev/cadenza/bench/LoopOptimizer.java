package dev.cadenza.bench;

import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.util.List;

/** Optimizers as a user writes them by hand: one parameter after another, with operations of {@code Tensor}. */
final class LoopOptimizer {
    static final double LR = 1e-3;
    static final double MOM = 0.9;
    static final double SQR_MOM = 0.99;
    static final double EPS = 1e-5;
    static final double WD = 0.01;

    private final List<Parameter> parameters;
    private final List<Tensor> averages;
    private final List<Tensor> squares;
    private int step;

    LoopOptimizer(List<Parameter> parameters) {
        this.parameters = parameters;
        averages = parameters.stream().map(Tensor::zerosLike).toList();
        squares = parameters.stream().map(Tensor::zerosLike).toList();
    }

    void adam() {
        step++;
        double unbiasAverage = 1 - Math.pow(MOM, step);
        double unbiasSquare = 1 - Math.pow(SQR_MOM, step);
        try (NoGrad off = NoGrad.open()) {
            for (int i = 0; i < parameters.size(); i++) {
                // A scope for each parameter, as its temporary is then in the cache for the next one: the better loop.
                try (Scope scope = Scope.open()) {
                    Tensor p = parameters.get(i);
                    Tensor g = p.grad();
                    Tensor average = averages.get(i);
                    Tensor square = squares.get(i);
                    p.mul_(1 - LR * WD);
                    average.mul_(MOM).add_(g, 1 - MOM);
                    square.mul_(SQR_MOM).addcmul_(g, g, 1 - SQR_MOM);
                    p.addcdiv_(average, square.div(unbiasSquare).sqrt_().add_(EPS), -LR / unbiasAverage);
                }
            }
        }
    }

    void sgd() {
        try (NoGrad off = NoGrad.open()) {
            for (int i = 0; i < parameters.size(); i++) {
                try (Scope scope = Scope.open()) {
                    Tensor p = parameters.get(i);
                    p.add_(averages.get(i).mul_(MOM).add_(p.grad(), 1), -LR);
                }
            }
        }
    }
}
