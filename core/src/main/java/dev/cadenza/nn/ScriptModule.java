package dev.cadenza.nn;

import dev.cadenza.io.DataException;
import dev.cadenza.io.Weights;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import dev.cadenza.tensor.TorchScript;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compute with a model that was written and trained elsewhere, and saved by Python's {@code torch.jit.save}, scripted or
 * traced: to predict with, or as a body with a new head.
 *
 * <pre>{@code
 * ScriptModule body = ScriptModule.load(dir.resolve("body.pt"));            // gives features [N, 512]
 * Module model = Sequential.of(body, new Linear(512, 10));
 * new Learner(data, model, Losses.crossEntropy()).fit(3, 1e-3);             // trains the head alone
 * }</pre>
 *
 * <p>Its parameters and buffers are the program's own, by their names in PyTorch ({@code layer1.0.conv1.weight}): they
 * are moved, saved and loaded as those of any module. At first the parameters are frozen, and as long as all of them are,
 * the program runs in inference mode whatever {@code train()} says, so that batch norms stay as they came.
 * {@code requiresGrad_(true)} lets it be trained. What was traced keeps the mode that it was traced in.
 *
 * <p><b>A program is code.</b> TorchScript can compute for ever or read files: load it from people you trust. What is
 * damaged is refused before libtorch sees it.
 *
 * <p>It cannot be a part of an exported model, since a description has no code: keep its file, or export a model of
 * ready layers that loads the same weights.
 */
public final class ScriptModule extends Module {
    private final TorchScript script;

    private ScriptModule(TorchScript script) {
        this.script = script;
        requiresGrad_(false);
    }

    /**
     * Load a program on the CPU.
     *
     * @throws DataException if the file is missing, damaged or no TorchScript program, or libtorch cannot load it
     */
    public static ScriptModule load(Path file) {
        Weights.requireScript(file);
        try {
            return new ScriptModule(TorchScript.load(file));
        } catch (TensorException e) {
            throw new DataException(
                    file,
                    "libtorch cannot load this program: " + e.getMessage(),
                    "save it again, with a PyTorch that is not newer than libtorch (cadenza doctor shows it)",
                    e);
        }
    }

    @Override
    Map<String, Object> members() {
        return new LinkedHashMap<>(script.state());
    }

    /**
     * Run the program.
     *
     * @throws TensorException if it fails, or gives anything but one tensor
     */
    @Override
    protected Tensor compute(Tensor x) {
        return compute(List.of(x));
    }

    /** Run the program with several inputs. */
    @Override
    protected Tensor compute(List<Tensor> inputs) {
        boolean trains = isTraining() && script.state().values().stream().anyMatch(Tensor::requiresGrad);
        return script.forward(inputs, trains);
    }

    @Override
    protected String extraRepr() {
        return "TorchScript, " + script.state().size() + " tensors";
    }
}
