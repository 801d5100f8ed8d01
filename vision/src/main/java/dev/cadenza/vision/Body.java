package dev.cadenza.vision;

import dev.cadenza.nn.AdaptiveAvgPool2d;
import dev.cadenza.nn.AdaptiveConcatPool2d;
import dev.cadenza.nn.AdaptiveMaxPool2d;
import dev.cadenza.nn.AvgPool2d;
import dev.cadenza.nn.Conv2d;
import dev.cadenza.nn.Hook;
import dev.cadenza.nn.Layer;
import dev.cadenza.nn.MaxPool2d;
import dev.cadenza.nn.Modes;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The part of an architecture before its last pool, as a chain; and what one image through both tells: that they compute
 * the same, how many features there are, how many classes.
 */
final class Body {
    private static final Set<Class<?>> POOLS = Set.of(
            MaxPool2d.class,
            AvgPool2d.class,
            AdaptiveAvgPool2d.class,
            AdaptiveMaxPool2d.class,
            AdaptiveConcatPool2d.class);

    private final Module arch;
    private final Map<String, Layer> children = new LinkedHashMap<>();
    private final int cut;
    private final Sequential chain;
    private long features;
    private long[] scores;

    /** Takes the parts of arch themselves, not copies; {@code cut} is how many, or null for those before its last pool. */
    Body(Module arch, Integer cut) {
        this.arch = arch;
        if (arch instanceof Sequential sequential) { // has functions too, which are no children
            List<Layer> layers = sequential.layers();
            IntStream.range(0, layers.size()).forEach(i -> children.put(Integer.toString(i), layers.get(i)));
        } else {
            children.putAll(arch.namedChildren());
        }
        List<Layer> layers = List.copyOf(children.values());
        this.cut = cut == null ? lastPool(layers) : cut;
        if (this.cut < 1 || this.cut > layers.size()) {
            throw new IllegalArgumentException("wanted cut from 1 to " + layers.size()
                    + ", the number of parts that the architecture has, but got: " + this.cut);
        }
        chain = Sequential.of(layers.subList(0, this.cut));
    }

    private static int lastPool(List<Layer> layers) {
        for (int i = layers.size() - 1; i >= 0; i--) {
            if (layers.get(i) instanceof Module module
                    && module.namedModules().values().stream().anyMatch(m -> POOLS.contains(m.getClass()))) {
                return i;
            }
        }
        throw new IllegalArgumentException("found no pool to cut the architecture at, among its parts "
                + layers.stream().map(layer -> layer.getClass().getSimpleName()).toList()
                + "; say where: o -> o.cut = 4");
    }

    /** Sends an image of this size through, in inference mode; neither modes nor random state change. */
    void measure(int size) {
        Tensor first = firstConvolution();
        try (Modes modes = new Modes(arch);
                NoGrad off = NoGrad.open();
                Scope scope = Scope.open()) {
            arch.eval();
            Tensor image = Tensor.zeros(1, channels(), size, size)
                    .normal_(0, 1, new Rng(0))
                    .to(first.dtype())
                    .to(first.device());
            compare(image);
        }
    }

    private void compare(Tensor image) {
        List<Tensor> seen = new ArrayList<>();
        Layer next = cut < children.size() ? List.copyOf(children.values()).get(cut) : null;
        Hook.Forward look = (module, inputs, output) -> {
            seen.add(inputs.get(0).clone()); // a copy: what comes later may write over it
            return output;
        };
        try (Hook hook = next instanceof Module module ? module.onForward(look) : null) {
            scores = arch.forward(image).shape();
        } catch (TensorException e) {
            throw new IllegalArgumentException(
                    "the architecture cannot take a try image of " + image.size(2) + "×" + image.size(3)
                            + " pixels; say what it takes: o -> o.trySize = 224",
                    e);
        }
        Tensor maps = throughChain(image);
        if (maps.dim() != 4) {
            throw new IllegalArgumentException("wanted a body that gives feature maps [N, C, H, W], but after " + cut
                    + " parts of the architecture there is " + maps.describe() + "; cut it earlier: o -> o.cut = 4");
        }
        boolean same = seen.isEmpty()
                || (Arrays.equals(seen.get(0).shape(), maps.shape())
                        && seen.get(0).allclose(maps, 1e-3, 1e-4));
        if (!same) {
            throw noChain(null);
        }
        features = maps.size(1);
    }

    private Tensor throughChain(Tensor image) {
        try {
            return chain.forward(image);
        } catch (TensorException e) {
            throw noChain(e);
        }
    }

    private IllegalArgumentException noChain(TensorException cause) {
        return new IllegalArgumentException(
                "the architecture " + arch.getClass().getSimpleName() + " does more than apply its parts "
                        + children.keySet() + " one after another, so that it cannot be cut after " + cut
                        + " of them; cut it earlier, as with o -> o.cut = 1",
                cause);
    }

    private Tensor firstConvolution() {
        return convolution().weight();
    }

    private Conv2d convolution() {
        return chain.namedModules().values().stream()
                .filter(Conv2d.class::isInstance)
                .map(Conv2d.class::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "wanted an architecture that begins with a Conv2d before its last pool, but there is none"));
    }

    private long channels() {
        return convolution().weight().size(1);
    }

    /**
     * Takes weights into the body. What lies behind the cut is left out, whatever its shape; counts of batches, which old
     * files lack, start at 0.
     */
    void load(Map<String, ? extends Tensor> weights) {
        Set<String> gone = children.keySet().stream().skip(cut).collect(Collectors.toSet());
        Map<String, Tensor> state = new LinkedHashMap<>();
        arch.stateDict().forEach((name, own) -> {
            if (belongs(name, gone) || name.endsWith(".num_batches_tracked")) {
                state.put(name, own);
            }
        });
        weights.forEach((name, value) -> {
            if (!belongs(name, gone)) {
                state.put(name, value);
            }
        });
        arch.loadStateDict(state);
    }

    private static boolean belongs(String name, Set<String> parts) {
        return parts.stream().anyMatch(part -> name.startsWith(part + "."));
    }

    Sequential chain() {
        return chain;
    }

    long features() {
        return features;
    }

    /** The number of scores that arch gives, or an error that tells how to say it. */
    long classes() {
        if (scores.length != 2) {
            throw new IllegalArgumentException("wanted an architecture that gives scores [N, classes], but it gives "
                    + scores.length + " dimensions; say how many classes there are: o -> o.classes = 10");
        }
        return scores[1];
    }

    /** The parameters of the parts from one on and before another. */
    List<Parameter> parameters(int from, int to) {
        return Sequential.of(chain.layers().subList(from, to)).parameters();
    }
}
