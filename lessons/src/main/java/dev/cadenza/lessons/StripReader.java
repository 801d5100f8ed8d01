package dev.cadenza.lessons;

import dev.cadenza.nn.Dropout;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Recurrent;
import dev.cadenza.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads an image as a text of seven strips, from top to bottom, and then says which digit it was: Elman's network of 1990,
 * for techniques that want something recurrent to work on.
 */
final class StripReader extends Module implements Recurrent {
    private static final int STRIPS = 7;
    private static final int PIXELS = 784 / STRIPS;

    private final Linear input = new Linear(PIXELS, 50);
    private final Linear hidden = new Linear(50, 50);
    private final Dropout dropout = new Dropout(0.1);
    private final Linear head = new Linear(50, 10);
    private Tensor raw;
    private Tensor dropped;

    /** From images {@code [N, 784]} to scores {@code [N, 10]}. */
    @Override
    protected Tensor compute(Tensor x) {
        List<Tensor> states = new ArrayList<>();
        Tensor state = Tensor.zeros(x.size(0), 50);
        for (int strip = 0; strip < STRIPS; strip++) {
            Tensor pixels = x.narrow(1, (long) strip * PIXELS, PIXELS);
            state = input.forward(pixels).add(hidden.forward(state)).tanh();
            states.add(state);
        }
        raw = Tensor.stack(states, 1);
        dropped = dropout.forward(raw);
        return head.forward(dropped.select(1, STRIPS - 1));
    }

    /** Each image is a text of its own, so that only the outputs of the last batch are to be forgotten. */
    @Override
    public void reset() {
        raw = null;
        dropped = null;
    }

    @Override
    public Tensor rawOutput() {
        return raw;
    }

    @Override
    public Tensor droppedOutput() {
        return dropped;
    }
}
