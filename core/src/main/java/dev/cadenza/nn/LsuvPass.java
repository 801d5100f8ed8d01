package dev.cadenza.nn;

import dev.cadenza.nn.Lsuv.Scaled;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/** One pass through a model, in which each layer is scaled as it is reached. */
final class LsuvPass {
    private final Lsuv.Options options;
    private final IdentityHashMap<Module, String> pending = new IdentityHashMap<>();
    private final List<Scaled> done = new ArrayList<>();

    LsuvPass(Lsuv.Options options) {
        this.options = options;
    }

    List<Scaled> run(Module model, List<Tensor> inputs) {
        try (NoGrad off = NoGrad.open();
                Scope scope = Scope.open();
                Untouched before = new Untouched(model)) {
            model.namedModules().values().forEach(module -> module.setTraining(module instanceof BatchNorm));
            pass(model, inputs);
            before.acceptWeights();
        }
        return List.copyOf(done);
    }

    private void pass(Module model, List<Tensor> inputs) {
        List<Hook> hooks = new ArrayList<>();
        model.namedModules().forEach((name, module) -> {
            if (weight(module) != null && weight(module).requiresGrad()) {
                pending.put(module, name.isEmpty() ? "(model)" : name);
                hooks.add(module.onForward(this::scale));
            }
        });
        try {
            model.forward(inputs);
        } finally {
            hooks.forEach(Hook::close);
        }
        if (done.isEmpty()) {
            throw new IllegalArgumentException("Lsuv: wanted a model that runs a Linear or a Conv2d whose weight is"
                    + " trained, but got: " + model.name() + ", which ran none of its "
                    + hooks.size() + "; unfreeze some, or fill weights by Init");
        }
    }

    /** Mends a layer's output before the next layer is reached: one pass through the model is enough. */
    private Tensor scale(Module layer, List<Tensor> inputs, Tensor output) {
        String name = pending.remove(layer);
        if (name == null) {
            return output;
        }
        Moments now = moments(name, output);
        double before = now.std;
        int times = 0;
        for (; times < options.most && !isGood(layer, now); times++) {
            weight(layer).div_(now.std);
            if (isCentered(layer)) {
                bias(layer).sub_(now.mean);
            }
            try (Scope scope = Scope.open()) {
                now = moments(name, layer.forward(inputs));
            }
        }
        done.add(new Scaled(name, before, now.std, times));
        return times == 0 ? output : layer.forward(inputs);
    }

    private record Moments(double mean, double std) {}

    private static Moments moments(String name, Tensor output) {
        Moments moments = new Moments(output.mean().item(), output.std(false).item());
        if (!(moments.std > 0 && Double.isFinite(moments.std))) {
            throw new IllegalArgumentException("Lsuv: wanted an output that varies and is finite, but got: std "
                    + moments.std + " of " + output.describe() + " from layer " + name
                    + "; give samples that differ, and weights that are finite and not all 0");
        }
        return moments;
    }

    private boolean isGood(Module layer, Moments now) {
        return Math.abs(now.std - 1) <= options.tolerance
                && (!isCentered(layer) || Math.abs(now.mean) <= options.tolerance);
    }

    private boolean isCentered(Module layer) {
        return options.center && bias(layer) != null && bias(layer).requiresGrad();
    }

    private static Parameter weight(Module layer) {
        return layer instanceof Linear linear ? linear.weight() : layer instanceof Conv2d conv ? conv.weight() : null;
    }

    private static Parameter bias(Module layer) {
        return layer instanceof Linear linear ? linear.bias() : layer instanceof Conv2d conv ? conv.bias() : null;
    }
}
