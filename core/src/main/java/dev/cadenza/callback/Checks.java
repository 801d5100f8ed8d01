package dev.cadenza.callback;

import dev.cadenza.tensor.Tensor;
import java.util.Map;
import java.util.function.Consumer;

/** Take options, and refuse wrong values where they are given. */
final class Checks {
    private Checks() {}

    /** The options, once they were chosen. */
    static <O> O chosen(O options, Consumer<? super O> choose) {
        choose.accept(options);
        return options;
    }

    /** The tensor of this name from a checkpoint, which must be like one of ours. */
    static Tensor saved(Map<String, Tensor> saved, String name, Tensor like) {
        Tensor tensor = saved.get(name);
        if (tensor == null || !tensor.describe().equals(like.describe())) {
            throw new IllegalArgumentException("wanted " + like.describe() + " saved as '" + name + "', but got "
                    + (tensor == null ? "nothing" : tensor.describe()));
        }
        return tensor;
    }

    static void require(boolean holds, String wanted, Object value) {
        if (!holds) {
            throw new IllegalArgumentException("wanted " + wanted + ", but got: " + value);
        }
    }
}
