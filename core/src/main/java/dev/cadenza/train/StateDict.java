package dev.cadenza.train;

import dev.cadenza.tensor.Buffer;
import dev.cadenza.tensor.Device;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Hold numbers, texts and tensors by name: what a {@link Stateful} puts down for a checkpoint and takes over from it.
 *
 * <pre>{@code
 * StateDict state = new StateDict();
 * state.put("best", 0.93);
 * state.put("average", learn.model().stateDict());
 * double best = state.getDouble("best");
 * }</pre>
 *
 * <p>Floating-point numbers come back to the bit, NaN too. Tensors are copied to the CPU, and live until {@link #close}.
 */
public final class StateDict implements AutoCloseable {
    private final Map<String, Object> values = new LinkedHashMap<>();
    private final Map<String, Buffer> tensors = new LinkedHashMap<>();

    /** Begin with nothing. */
    public StateDict() {}

    /** Takes over what a checkpoint holds. */
    StateDict(Map<String, ?> values, Map<String, Buffer> tensors) {
        this.values.putAll(values);
        this.tensors.putAll(tensors);
    }

    /** Put a truth value. */
    public void put(String name, boolean value) {
        values.put(name, value);
    }

    /** Put a whole number. */
    public void put(String name, long value) {
        values.put(name, value);
    }

    /** Put a number; JSON knows neither NaN nor infinity, so that they are written as texts. */
    public void put(String name, double value) {
        values.put(name, Double.isFinite(value) ? (Object) value : Double.toString(value));
    }

    /** Put a text. */
    public void put(String name, String value) {
        values.put(name, value);
    }

    /** Put many numbers. */
    public void put(String name, double[] value) {
        try (Scope scope = Scope.open()) {
            put(name, Tensor.of(value, value.length));
        }
    }

    /** Put a copy of a tensor. */
    public void put(String name, Tensor tensor) {
        Buffer before = tensors.put(name, copy(tensor));
        if (before != null) {
            before.close();
        }
    }

    /** Put a copy of each tensor, by {@code name/KEY}. */
    public void put(String name, Map<String, ? extends Tensor> named) {
        named.forEach((key, tensor) -> put(name + "/" + key, tensor));
    }

    /** A copy that no scope owns, so that another thread can write it while training goes on. */
    static Buffer copy(Tensor tensor) {
        try (NoGrad off = NoGrad.open();
                Scope scope = Scope.open()) {
            Tensor here = tensor.detach().to(Device.CPU);
            return new Buffer(tensor.device().equals(Device.CPU) ? here.clone() : here);
        }
    }

    /**
     * Return a truth value.
     *
     * @throws IllegalArgumentException if there is none of this name; so do the others
     */
    public boolean getBoolean(String name) {
        return get(name, Boolean.class, "true or false");
    }

    /** Return a whole number. */
    public long getLong(String name) {
        Number number = get(name, Number.class, "a whole number");
        if (number instanceof Integer || number instanceof Long) {
            return number.longValue();
        }
        throw wrong(name, "a whole number", number);
    }

    /** Return a whole number that is an index or a count: from -1 on. */
    int getInt(String name) {
        long number = getLong(name);
        if (number < -1 || number > Integer.MAX_VALUE) {
            throw wrong(name, "an index", number);
        }
        return (int) number;
    }

    /** Return a number. */
    public double getDouble(String name) {
        Object value = values.get(name);
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        if (value instanceof String text && text.matches("NaN|-?Infinity")) {
            return Double.parseDouble(text);
        }
        throw wrong(name, "a number", value);
    }

    /** Return a text. */
    public String getString(String name) {
        return get(name, String.class, "a text");
    }

    /** Return many numbers. */
    public double[] getDoubles(String name) {
        return getTensor(name).toDoubles();
    }

    /** Return a tensor, on the CPU, which lives as long as this. */
    public Tensor getTensor(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw wrong(name, "a tensor", values.get(name));
        }
        return tensor;
    }

    /** Return the tensors that were put as a map under a name; empty if there are none. */
    public Map<String, Tensor> getTensors(String name) {
        Map<String, Tensor> found = new LinkedHashMap<>();
        tensors.forEach((key, tensor) -> {
            if (key.startsWith(name + "/")) {
                found.put(key.substring(name.length() + 1), tensor);
            }
        });
        return found;
    }

    private <T> T get(String name, Class<T> type, String wanted) {
        Object value = values.get(name);
        if (!type.isInstance(value)) {
            throw wrong(name, wanted, value);
        }
        return type.cast(value);
    }

    private IllegalArgumentException wrong(String name, String wanted, Object got) {
        return new IllegalArgumentException("wanted " + wanted + " as '" + name + "' of a saved state, but got " + got
                + "; it has " + values.keySet() + " and tensors " + tensors.keySet());
    }

    Map<String, Object> values() {
        return Collections.unmodifiableMap(values);
    }

    Map<String, Buffer> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /** Free the tensors. */
    @Override
    public void close() {
        tensors.values().forEach(Buffer::close);
        tensors.clear();
    }
}
