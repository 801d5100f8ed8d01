package dev.cadenza.optim;

import dev.cadenza.tensor.Parameter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Hold parameters that share the values of their hyper-parameters ({@code optimizer.param_groups[i]}). */
public final class ParamGroup {
    private final List<Parameter> parameters;
    private final Map<Hyper, Double> hypers = new LinkedHashMap<>();

    ParamGroup(List<Parameter> parameters) {
        this.parameters = List.copyOf(parameters);
    }

    /** Return the parameters. */
    public List<Parameter> parameters() {
        return parameters;
    }

    /** Set hyper-parameters of this group. */
    public ParamGroup set(Hyper.Setting... settings) {
        for (Hyper.Setting setting : settings) {
            hypers.put(setting.hyper(), setting.value());
        }
        return this;
    }

    /** Has exactly these values again. */
    void restore(Map<Hyper, Double> values) {
        hypers.clear();
        hypers.putAll(values);
    }

    /**
     * Return the value of a hyper-parameter.
     *
     * @throws IllegalArgumentException if it is not set: lists those that are
     */
    public double get(Hyper hyper) {
        Double value = hypers.get(hyper);
        if (value == null) {
            throw new IllegalArgumentException("hyper-parameter '" + hyper + "' is not set; this group has "
                    + hypers.keySet() + "; set it with optimizer.set(…)");
        }
        return value;
    }

    /** Return all values, by hyper-parameter. */
    public Map<Hyper, Double> hypers() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(hypers));
    }
}
