package dev.cadenza.lessons;

import dev.cadenza.data.Batch;
import dev.cadenza.data.Dataset;
import dev.cadenza.data.Datasets;
import dev.cadenza.data.Digits;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Train a network by hand: four tensors, a loss, their gradients, and a loop.
 *
 * <p>All of training is in {@link #train}: predict, compute the loss, go backward, step, zero the gradients. The steps
 * that follow only give these five lines better places to stand in.
 */
public final class Step1Sgd {
    static final int BATCH = 64;
    static final double LR = 0.5;

    // He's initialisation: what goes through a layer with ReLU keeps its size.
    private final Parameter w1 = new Parameter(Tensor.randn(784, 50).mul(Math.sqrt(2.0 / 784)));
    private final Parameter b1 = new Parameter(Tensor.zeros(50));
    private final Parameter w2 = new Parameter(Tensor.randn(50, 10).mul(Math.sqrt(2.0 / 50)));
    private final Parameter b2 = new Parameter(Tensor.zeros(10));

    /** Run the lesson. */
    public static void main(String[] args) {
        Rng.global().seed(1);
        Datasets digits = Digits.make(1);
        Batch train = all(digits.train());
        Batch valid = all(digits.valid());
        Step1Sgd network = new Step1Sgd();
        System.out.printf("accuracy before %.4f%n", network.validate(valid));
        network.train(train);
        System.out.printf("accuracy after one epoch %.4f%n", network.validate(valid));
    }

    /** Everything at once, {@code [N, 784]} with {@code [N]}. */
    static Batch all(Dataset dataset) {
        return dataset.batch(IntStream.range(0, dataset.size()).toArray());
    }

    private Tensor predict(Tensor x) {
        return x.matmul(w1).add(b1).relu().matmul(w2).add(b2);
    }

    /** One epoch: once through all samples, as they stand. */
    void train(Batch all) {
        for (long start = 0; start < all.size(); start += BATCH) {
            try (Scope scope = Scope.open()) { // owns all that this batch makes, and frees it
                long length = Math.min(BATCH, all.size() - start);
                Tensor x = all.input().narrow(0, start, length);
                Tensor y = all.target().narrow(0, start, length);

                Tensor pred = predict(x);
                Tensor loss = nll(logSoftmax(pred), y);
                loss.backward();
                step();
                zeroGrad();
            }
        }
    }

    private List<Parameter> parameters() {
        return List.of(w1, b1, w2, b2);
    }

    private void step() {
        try (NoGrad off = NoGrad.open()) { // the step itself is nothing to differentiate
            parameters().forEach(p -> p.sub_(p.grad().mul(LR)));
        }
    }

    /** Without it the next gradients would add to these. */
    private void zeroGrad() {
        parameters().forEach(Tensor::zeroGrad);
    }

    double validate(Batch all) {
        try (NoGrad off = NoGrad.open();
                Scope scope = Scope.open()) {
            return accuracy(predict(all.input()), all.target()).item();
        }
    }

    /** Scores {@code [N, C]} as probabilities; of a score above 88 it makes ∞ / ∞, since e⁸⁹ is no float32 any more. */
    static Tensor softmax(Tensor scores) {
        Tensor e = scores.exp();
        return e.div(e.sum(true, 1));
    }

    /** The logarithm of {@link #softmax}, for scores of any size: log(eˣ / Σeˣ) = x - log Σeˣ. */
    static Tensor logSoftmax(Tensor scores) {
        return scores.sub(scores.logsumexp(1).unsqueeze(1));
    }

    /**
     * How unlikely the right classes are. It takes logarithms of probabilities, as PyTorch's does; from probabilities
     * it is {@code nll(softmax(scores).log(), target)}, the same number as long as nothing overflows.
     */
    static Tensor nll(Tensor logProbabilities, Tensor target) {
        return logProbabilities.gather(1, target.unsqueeze(1)).mean().neg(); // no product with one-hot rows: look it up
    }

    static Tensor accuracy(Tensor pred, Tensor target) {
        return pred.argmax(1).eq(target).to(DType.FLOAT64).mean();
    }
}
