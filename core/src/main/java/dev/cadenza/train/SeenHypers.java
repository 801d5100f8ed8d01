package dev.cadenza.train;

import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.ParamGroup;

/** The values of a group's hyper-parameters when they were last looked at; made to cost next to nothing. */
final class SeenHypers {
    /** What is done with a change. */
    interface Change {
        void apply(String what, double from, double to);
    }

    private final ParamGroup group;
    private final String suffix;
    private final Hyper[] hypers;
    private final double[] values;

    SeenHypers(ParamGroup group, String suffix) {
        this.group = group;
        this.suffix = suffix;
        hypers = group.hypers().keySet().toArray(Hyper[]::new);
        values = new double[hypers.length];
        changes((what, from, to) -> {});
    }

    /** Looks again. */
    void changes(Change change) {
        for (int i = 0; i < hypers.length; i++) {
            double value = group.get(hypers[i]);
            if (value != values[i]) {
                change.apply(hypers[i].name() + suffix, values[i], value);
                values[i] = value;
            }
        }
    }
}
