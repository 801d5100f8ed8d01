package dev.cadenza.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Hold what was recorded of one epoch.
 *
 * @param epoch which one of its fit, from 0
 * @param values by name, in the order of the table: {@code train_loss}, {@code valid_loss}, then the metrics; what had
 *     no batch is absent
 * @param seconds how long it took
 * @param secondsWaiting how much of it was spent waiting for batches: for the loader's workers or, without them, for
 *     making the batches; see {@code Epoch.secondsWaiting}
 */
public record EpochRecord(int epoch, Map<String, Double> values, double seconds, double secondsWaiting) {
    /** Copy the map, so that the record cannot change. */
    public EpochRecord {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Hold what was recorded of an epoch that did not wait. */
    public EpochRecord(int epoch, Map<String, Double> values, double seconds) {
        this(epoch, values, seconds, 0);
    }

    /**
     * Return a value by its name.
     *
     * @throws IllegalArgumentException if there is none of this name: lists the names
     */
    public double get(String name) {
        Double value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "nothing is recorded as '" + name + "' in epoch " + epoch + "; there is " + values.keySet());
        }
        return value;
    }

    void save(StateDict state, String prefix) {
        state.put(prefix + "number", epoch);
        state.put(prefix + "seconds", seconds);
        state.put(prefix + "waiting", secondsWaiting);
        state.put(prefix + "names", String.join("\n", values.keySet()));
        state.put(
                prefix + "values",
                values.values().stream().mapToDouble(Double::doubleValue).toArray());
    }

    static EpochRecord load(StateDict state, String prefix) {
        String[] names = state.getString(prefix + "names").split("\n", -1);
        double[] numbers = state.getDoubles(prefix + "values");
        if (names.length != Math.max(1, numbers.length)) { // of nothing there is one empty name
            throw new IllegalArgumentException(
                    "wanted as many names as values of " + prefix + ", but got " + names.length);
        }
        Map<String, Double> values = new LinkedHashMap<>();
        for (int i = 0; i < numbers.length; i++) {
            values.put(names[i], numbers[i]);
        }
        return new EpochRecord(
                state.getInt(prefix + "number"),
                values,
                state.getDouble(prefix + "seconds"),
                state.getDouble(prefix + "waiting"));
    }
}
