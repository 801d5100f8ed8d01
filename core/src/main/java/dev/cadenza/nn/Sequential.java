package dev.cadenza.nn;

import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Apply layers one after another ({@code torch.nn.Sequential}).
 *
 * <pre>{@code
 * Module model = Sequential.of(new Linear(784, 50), Tensor::relu, new Linear(50, 10));
 * }</pre>
 *
 * <p>State is named by position: {@code 0.weight}, {@code 0.bias}, {@code 2.weight}, {@code 2.bias}. Layers that are
 * plain functions count but hold nothing. A subclass gives a chain a name of its own; its fields are no members.
 */
public class Sequential extends Module implements Described {
    private final List<Layer> layers;

    /** Chain the layers of a list in its order. */
    protected Sequential(List<? extends Layer> layers) {
        this.layers = List.copyOf(layers);
    }

    /** Chain layers in this order; none at all gives back the input. */
    public static Sequential of(Layer... layers) {
        return of(List.of(layers));
    }

    /** Chain the layers of a list in its order. */
    public static Sequential of(List<? extends Layer> layers) {
        return new Sequential(layers);
    }

    /** Return the layers in order. */
    public final List<Layer> layers() {
        return layers;
    }

    /** Return what this is as plain data. */
    @Override
    public Spec spec() {
        return Spec.of("Sequential").with("layers", layers);
    }

    @Override
    protected final Tensor compute(Tensor x) {
        Tensor out = x;
        for (Layer layer : layers) {
            out = layer.forward(out);
        }
        return out;
    }

    @Override
    final Map<String, Object> members() {
        return byPosition(true);
    }

    @Override
    final Map<String, Object> printedChildren() {
        return byPosition(false);
    }

    private Map<String, Object> byPosition(boolean modulesOnly) {
        Map<String, Object> named = new LinkedHashMap<>();
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            if (layer instanceof Module) {
                named.put(Integer.toString(i), layer);
            } else if (!modulesOnly) {
                named.put(Integer.toString(i), "Layer(function)");
            }
        }
        return named;
    }
}
