package dev.cadenza.optim;

import dev.cadenza.tensor.Buffer;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Copy what an optimizer remembers, and its hyper-parameters, to bring both back if a step goes wrong.
 *
 * <pre>{@code
 * try (OptimizerCopy before = new OptimizerCopy()) {
 *     before.take(optimizer);
 *     optimizer.step();
 *     before.restore();                            // as if there had been no step, but for the parameters
 * }
 * }</pre>
 *
 * <p>Parameters and their gradients are not copied. Each {@link #take} uses the memory of the one before again.
 */
public final class OptimizerCopy implements AutoCloseable {
    /** What was remembered of a parameter: the tensors themselves, by the names of their slots. */
    private record Remembered(Parameter parameter, long steps, Map<String, Tensor> slots) {}

    private final IdentityHashMap<Tensor, Buffer> copies = new IdentityHashMap<>();
    private final List<Remembered> remembered = new ArrayList<>();
    private final List<Map<Hyper, Double>> hypers = new ArrayList<>();
    private Optimizer optimizer;

    /** Hold nothing yet. */
    public OptimizerCopy() {}

    /** Copy how an optimizer is now; forgets what was copied before. */
    public void take(Optimizer source) {
        optimizer = source;
        remembered.clear();
        hypers.clear();
        try (NoGrad off = NoGrad.open();
                Scope scope = Scope.open()) {
            for (ParamGroup group : source.groups()) {
                hypers.add(group.hypers());
                group.parameters().forEach(this::take);
            }
        }
        freeForgotten();
    }

    private void freeForgotten() {
        copies.forEach((slot, copy) -> {
            if (slot.isClosed()) {
                copy.close();
            }
        });
        copies.keySet().removeIf(Tensor::isClosed);
    }

    private void take(Parameter parameter) {
        Map<String, Tensor> slots = optimizer.state(parameter);
        remembered.add(new Remembered(parameter, optimizer.steps(parameter), slots));
        slots.values().forEach(slot -> {
            Buffer copy = copies.get(slot);
            if (copy == null) {
                copies.put(slot, new Buffer(slot.clone()));
            } else {
                copy.copy_(slot);
            }
        });
    }

    /**
     * Bring back what was copied last; as often as wanted.
     *
     * @throws IllegalStateException if nothing was
     */
    public void restore() {
        if (optimizer == null) {
            throw new IllegalStateException("there is nothing to bring back; call take first");
        }
        for (int i = 0; i < hypers.size(); i++) {
            optimizer.groups().get(i).restore(hypers.get(i));
        }
        try (NoGrad off = NoGrad.open();
                Scope scope = Scope.open()) {
            for (Remembered each : remembered) {
                Map<String, Buffer> slots = new TreeMap<>();
                each.slots().forEach((name, slot) -> slots.put(name, restored((Buffer) slot)));
                optimizer.memory().restore(each.parameter(), each.steps(), slots);
            }
        }
    }

    /** Kept is the tensor itself, unless it was forgotten meanwhile. */
    private Buffer restored(Buffer slot) {
        Buffer copy = copies.get(slot);
        return slot.isClosed() ? new Buffer(copy.clone()) : (Buffer) slot.copy_(copy);
    }

    /** Free the copies. */
    @Override
    public void close() {
        copies.values().forEach(Tensor::close);
        copies.clear();
        remembered.clear();
        hypers.clear();
        optimizer = null;
    }
}
