package dev.cadenza.train;

import dev.cadenza.data.Batch;
import dev.cadenza.nn.Hook;
import dev.cadenza.nn.Modes;
import dev.cadenza.nn.Module;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Show the layers of a model, what shape each gives for a batch, and what there is to train ({@code Learner.summary}).
 *
 * <pre>{@code
 * System.out.println(learn.summary());
 * }</pre>
 *
 * @param layers the modules that hold no others, or parameters of their own, in the order of their names
 * @param loss what computes the loss
 * @param callbacks the names of the callbacks, in the order of adding
 */
public record ModelSummary(List<LayerRow> layers, String loss, List<String> callbacks) {
    /**
     * One layer.
     *
     * @param name in the model, as in {@link Module#namedModules}
     * @param type the name of its class
     * @param output the shape that it gave last for the batch, or null if it was not reached
     * @param parameters how many numbers it has to train or freeze; what another layer had before counts there only
     * @param trainable how many of them are trained
     */
    public record LayerRow(String name, String type, List<Long> output, long parameters, long trainable) {}

    /** Copy the lists, so that the record cannot change. */
    public ModelSummary {
        layers = List.copyOf(layers);
        callbacks = List.copyOf(callbacks);
    }

    static ModelSummary of(Learner learn, Batch batch, List<Callback> callbacks) {
        Map<Module, List<Long>> shapes = shapes(learn.model(), batch);
        Set<Parameter> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<LayerRow> rows = new ArrayList<>();
        learn.model().namedModules().forEach((name, module) -> {
            List<Parameter> own = own(module).stream().filter(seen::add).toList();
            if (module.namedChildren().isEmpty() || !own.isEmpty()) {
                rows.add(new LayerRow(
                        name.isEmpty() ? "(model)" : name,
                        module.getClass().getSimpleName(),
                        shapes.get(module),
                        count(own, false),
                        count(own, true)));
            }
        });
        return new ModelSummary(rows, learn.lossFunction().toString(), Lineup.names(callbacks));
    }

    /** The parameters that a module holds itself, and not in a module below. */
    private static List<Parameter> own(Module module) {
        Set<Parameter> below = Collections.newSetFromMap(new IdentityHashMap<>());
        module.namedChildren().values().forEach(child -> below.addAll(child.parameters()));
        return module.parameters().stream().filter(p -> !below.contains(p)).toList();
    }

    private static long count(List<Parameter> parameters, boolean onlyTrained) {
        return parameters.stream()
                .filter(p -> !onlyTrained || p.requiresGrad())
                .mapToLong(Parameter::numel)
                .sum();
    }

    /** Runs the model once, and leaves no trace of that. */
    private static Map<Module, List<Long>> shapes(Module model, Batch batch) {
        Map<Module, List<Long>> shapes = Collections.synchronizedMap(new IdentityHashMap<>());
        List<Hook> hooks = new ArrayList<>();
        byte[] random = Rng.global().state();
        try (Modes modes = new Modes(model);
                NoGrad off = NoGrad.open();
                Scope scope = Scope.open()) {
            model.namedModules()
                    .values()
                    .forEach(module -> hooks.add(module.onForward((m, inputs, output) -> {
                        shapes.put(m, Arrays.stream(output.shape()).boxed().toList());
                        return output;
                    })));
            model.eval().forward(batch.inputs());
        } finally {
            hooks.forEach(Hook::close);
            Rng.global().setState(random);
        }
        return shapes;
    }

    /** Return how many numbers the model has to train or freeze. */
    public long parameters() {
        return layers.stream().mapToLong(LayerRow::parameters).sum();
    }

    /** Return how many of them are trained. */
    public long trainable() {
        return layers.stream().mapToLong(LayerRow::trainable).sum();
    }

    /** Write it as a table. */
    @Override
    public String toString() {
        int width = layers.stream().mapToInt(row -> row.name().length()).max().orElse(0);
        String format = "%-" + Math.max(width, 5) + "s  %-14s  %-20s  %12s  %s%n";
        String rows = layers.stream()
                .map(row -> String.format(
                        Locale.ROOT,
                        format,
                        row.name(),
                        row.type(),
                        row.output() == null ? "-" : row.output(),
                        String.format(Locale.ROOT, "%,d", row.parameters()),
                        row.parameters() == 0 ? "" : row.trainable() == 0 ? "frozen" : "trained"))
                .collect(Collectors.joining());
        return String.format(Locale.ROOT, format, "layer", "type", "output", "parameters", "")
                + rows
                + String.format(
                        Locale.ROOT,
                        "%,d parameters, %,d to train; loss %s; callbacks %s",
                        parameters(),
                        trainable(),
                        loss,
                        callbacks);
    }
}
