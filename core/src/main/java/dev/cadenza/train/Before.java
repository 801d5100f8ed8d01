package dev.cadenza.train;

import dev.cadenza.data.DataLoaders;
import dev.cadenza.nn.Loss;
import dev.cadenza.optim.OptimizerCopy;
import dev.cadenza.tensor.Buffer;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/** How all was before a training batch, in memory that is used again for the next one. */
final class Before implements AutoCloseable {
    private final Learner learn;
    private final List<Callback> callbacks;
    private final OptimizerCopy optimizer = new OptimizerCopy();
    private final IdentityHashMap<Tensor, Buffer> model = new IdentityHashMap<>();
    private final IdentityHashMap<Tensor, Buffer> grads = new IdentityHashMap<>();
    private final List<Tensor> state = new ArrayList<>();
    private final List<Tensor> withGrad = new ArrayList<>();
    private List<Runnable> undo = List.of();
    private byte[] random;
    private int iteration;
    private double progress;
    private Loss lossFunction;
    private DataLoaders data;

    Before(Learner learn, List<Callback> callbacks) {
        this.learn = learn;
        this.callbacks = callbacks;
    }

    /** Looks at how all is now. */
    void remember() {
        iteration = learn.state.iteration;
        progress = learn.state.progress;
        lossFunction = learn.lossFunction();
        data = learn.data();
        random = Rng.global().state();
        state.clear();
        withGrad.clear();
        state.addAll(learn.model().stateDict().values());
        optimizer.take(learn.optimizer());
        try (NoGrad off = NoGrad.open();
                Scope scope = Scope.open()) {
            undo = callbacks.stream().map(callback -> callback.undo(learn)).toList();
            state.forEach(tensor -> copy(model, tensor, tensor));
            learn.optimizer()
                    .params()
                    .forEach(
                            parameter -> { // usually none: gradients live in a batch only
                                copy(grads, parameter, parameter.grad());
                                withGrad.add(parameter);
                            });
        }
    }

    private static void copy(IdentityHashMap<Tensor, Buffer> copies, Tensor owner, Tensor values) {
        Buffer copy = copies.get(owner);
        if (copy == null || !copy.describe().equals(values.describe())) {
            copies.put(owner, new Buffer(values.clone()));
        } else {
            copy.copy_(values);
        }
    }

    /** Makes all as it was. */
    void restore() {
        learn.state.iteration = iteration;
        learn.state.progress = progress;
        if (learn.lossFunction() != lossFunction) {
            learn.lossFunction(lossFunction);
        }
        if (!learn.data().equals(data)) {
            learn.data(data);
        }
        learn.optimizer().zeroGrad();
        optimizer.restore();
        try (NoGrad off = NoGrad.open();
                Scope scope = Scope.open()) {
            state.forEach(tensor -> tensor.copy_(model.get(tensor)));
            withGrad.forEach(parameter -> parameter.setGrad(grads.get(parameter).clone()));
            undo.forEach(Runnable::run);
        }
        Rng.global().setState(random);
    }

    @Override
    public void close() {
        optimizer.close();
        model.values().forEach(Tensor::close);
        grads.values().forEach(Tensor::close);
    }
}
