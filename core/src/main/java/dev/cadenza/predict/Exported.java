package dev.cadenza.predict;

import dev.cadenza.data.BatchTransform;
import dev.cadenza.data.Block;
import dev.cadenza.data.Transforms;
import dev.cadenza.io.DataException;
import dev.cadenza.io.Described;
import dev.cadenza.io.Safetensors;
import dev.cadenza.io.Spec;
import dev.cadenza.io.Types;
import dev.cadenza.nn.Layers;
import dev.cadenza.nn.Loss;
import dev.cadenza.nn.Module;
import dev.cadenza.tensor.Scope;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a file of a predictor holds.
 *
 * @param input null if inputs are tensors
 * @param loss null if outputs are numbers
 */
record Exported(Module model, Block<?> input, List<BatchTransform> transforms, List<String> classes, Loss loss) {
    private static final String KEY = "cadenza.predictor";
    private static final int FORMAT = 1;

    /** All but the model, which is made of its spec and the weights. */
    private record Parts(Spec model, Block<?> input, List<BatchTransform> transforms, List<String> classes, Loss loss) {
        static Parts of(Spec spec) {
            requireFormat(spec);
            return new Parts(
                    spec.spec("model"),
                    spec.has("input") ? spec.part("input", Block.class) : null,
                    spec.parts("transforms", BatchTransform.class),
                    spec.texts("classes"),
                    spec.has("loss") ? spec.part("loss", Loss.class) : null);
        }

        private static void requireFormat(Spec spec) {
            if (spec.whole("format") != FORMAT) {
                throw new IllegalArgumentException("it is written in format " + spec.whole("format")
                        + ", this version of Cadenza reads format " + FORMAT);
            }
        }
    }

    static void write(Path file, Module model, ExportOptions o) {
        Block<?> input = o.input == null ? null : o.input.ofRawValue();
        Spec spec = Spec.of("Predictor")
                .with("format", FORMAT)
                .with("model", Layers.spec(model))
                .with("input", input instanceof Described ? input : null)
                .with("transforms", o.transforms)
                .with("classes", o.classes)
                .with("loss", o.loss);
        Safetensors.write(file, model.stateDict(), Map.of(KEY, spec.toString()));
    }

    static Exported read(Path file, Types more) {
        try (Scope scope = Scope.open()) {
            Safetensors.Content content = Safetensors.content(file);
            String json = content.metadata().get(KEY);
            if (json == null) {
                throw new DataException(
                        file,
                        "has weights, but no description of a model",
                        "write it by learn.export, or load weights by learn.load");
            }
            return read(Spec.parse(json), content, more);
        } catch (IllegalArgumentException e) {
            throw new DataException(
                    file,
                    "its model cannot be made: " + e.getMessage(),
                    "load it with what knows its types, as ImagePredictor.load for images, or export it again",
                    e);
        }
    }

    private static Exported read(Spec spec, Safetensors.Content content, Types more) {
        Types types = new Types()
                .add(Layers.types())
                .add(Transforms.types())
                .add("Predictor", Parts::of)
                .add(more);
        Parts parts = types.make(spec, Parts.class);
        Module model = Layers.build(parts.model, content.tensors(), types);
        return new Exported(model, parts.input, parts.transforms, parts.classes, parts.loss);
    }
}
