package dev.cadenza.data;

import dev.cadenza.io.Types;

/**
 * Make transforms again from what they say of themselves.
 *
 * <pre>{@code
 * Normalize imagenet = Transforms.types().make(Normalize.imagenet().spec(), Normalize.class);
 * }</pre>
 */
public final class Transforms {
    private Transforms() {}

    /** Return what makes the transforms of this package. */
    public static Types types() {
        return new Types()
                .add("Normalize", s -> Normalize.of(s.numbers("mean"), s.numbers("std")))
                .add("Reshape", Reshape::of);
    }
}
