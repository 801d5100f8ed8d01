package dev.cadenza.cli;

import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.Dataset;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.io.DataException;
import dev.cadenza.io.Safetensors;
import dev.cadenza.nn.Module;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.vision.VisionLearner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.jr.ob.JSON;

/**
 * A trained network in one file, {@code model.safetensors}: its weights, and in the metadata what it is and what images go
 * through before it.
 *
 * @param hidden units of the hidden layer, of the network that has one
 * @param size pixels of a side of the images
 * @param fineTuned whether it is the body of that network with a new head
 */
record ModelFile(ArchOption arch, int hidden, List<String> classes, Recipe recipe, int size, boolean fineTuned) {
    static final String NAME = "model.safetensors";
    private static final String VERSION = "1";

    void save(Path file, Module model) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("cadenza", VERSION);
        facts.put("arch", arch.toString());
        facts.put("hidden", String.valueOf(hidden));
        facts.put("classes", JSON.std.asString(classes));
        facts.put("recipe", recipe.toString());
        facts.put("size", String.valueOf(size));
        facts.put("fine_tuned", String.valueOf(fineTuned));
        Safetensors.write(file, model.stateDict(), facts);
    }

    /** Reads what a file, or the file in the folder of a run, says of its network. */
    static ModelFile read(Path file) {
        Map<String, String> facts = Safetensors.metadata(file);
        if (!VERSION.equals(facts.get("cadenza"))) {
            throw new DataException(
                    file,
                    "has no description of a network, only weights",
                    "give model.safetensors of a run of cadenza train, or its folder");
        }
        try {
            return new ModelFile(
                    ArchOption.of(facts.get("arch")),
                    Integer.parseInt(facts.get("hidden")),
                    List.of(JSON.std.arrayOfFrom(String.class, facts.get("classes"))),
                    Recipe.of(facts.get("recipe")),
                    Integer.parseInt(facts.get("size")),
                    Boolean.parseBoolean(facts.get("fine_tuned")));
        } catch (RuntimeException e) {
            throw new DataException(
                    file,
                    "its description cannot be understood (" + e.getMessage() + ")",
                    "train the network again",
                    e);
        }
    }

    static Path in(Path runOrFile) {
        return Files.isDirectory(runOrFile) ? runOrFile.resolve(NAME) : runOrFile;
    }

    /** Makes the network with its weights, ready to predict. */
    Module model(Path file) {
        Module model = make();
        try (Scope scope = Scope.open()) {
            model.loadStateDict(Safetensors.read(file));
        } catch (IllegalArgumentException e) {
            throw new DataException(
                    file, "its weights do not fit its description: " + e.getMessage(), "train it again", e);
        }
        return model.eval();
    }

    private Module make() {
        Module network = arch.make(classes.size(), hidden);
        if (!fineTuned) {
            return network;
        }
        Dataset none = new TensorDataset(Tensor.zeros(0), Tensor.zeros(0));
        return VisionLearner.of(DataLoaders.of(none, none, o -> {}), network).model();
    }
}
