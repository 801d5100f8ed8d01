package dev.cadenza.lessons;

import dev.cadenza.data.Batch;
import dev.cadenza.data.Datasets;
import dev.cadenza.data.Digits;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Loss;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.util.List;

/**
 * Let modules hold the parameters, and an optimizer change them.
 *
 * <p>A {@link Module} knows its parameters, however deep they are, so that nobody lists them by hand. An optimizer owns
 * those that it was given, and only those: {@code zeroGrad} belongs to it, and a part of the network that is frozen is
 * simply not in its list. {@link Losses#crossEntropy} is the loss of the step before.
 */
public final class Step2Modules {
    private Step2Modules() {}

    /** An optimizer from nothing. Cadenza's own does the same, for any list of steps. */
    record Sgd(List<Parameter> parameters, double lr) {
        void step() {
            try (NoGrad off = NoGrad.open()) {
                parameters.forEach(p -> p.sub_(p.grad().mul(lr)));
            }
        }

        /** Not a part of {@link #step}: whoever leaves it out now and then adds up the gradients of several batches. */
        void zeroGrad() {
            parameters.forEach(Tensor::zeroGrad);
        }
    }

    /** Run the lesson. */
    public static void main(String[] args) {
        Rng.global().seed(1);
        Datasets digits = Digits.make(1);
        Batch train = Step1Sgd.all(digits.train());
        Batch valid = Step1Sgd.all(digits.valid());
        Module model = model();
        System.out.println(model);
        fit(model, Losses.crossEntropy(), new Sgd(model.parameters(), Step1Sgd.LR), train);
        System.out.printf("accuracy after one epoch %.4f%n", validate(model, valid));
    }

    /** The network of all lessons. */
    static Module model() {
        return Sequential.of(new Linear(784, 50), Tensor::relu, new Linear(50, 10));
    }

    static void fit(Module model, Loss lossFunction, Sgd optimizer, Batch all) {
        for (long start = 0; start < all.size(); start += Step1Sgd.BATCH) {
            try (Scope scope = Scope.open()) {
                long length = Math.min(Step1Sgd.BATCH, all.size() - start);
                Tensor x = all.input().narrow(0, start, length);
                Tensor y = all.target().narrow(0, start, length);

                Tensor loss = lossFunction.apply(model.forward(x), y);
                loss.backward();
                optimizer.step();
                optimizer.zeroGrad();
            }
        }
    }

    static double validate(Module model, Batch all) {
        try (NoGrad off = NoGrad.open();
                Scope scope = Scope.open()) {
            return Step1Sgd.accuracy(model.forward(all.input()), all.target()).item();
        }
    }
}
