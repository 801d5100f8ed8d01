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
 */
public record EpochRecord(int epoch, Map<String, Double> values, double seconds) {
    /** Copy the map, so that the record cannot change. */
    public EpochRecord {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
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
}
