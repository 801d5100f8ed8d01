package dev.cadenza.io;

import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;

/**
 * Read weights from a file of any kind that Cadenza knows: {@link Safetensors} or {@link TorchFile}.
 *
 * <pre>{@code
 * model.loadStateDict(Weights.read(Path.of("resnet18.pth")));
 * }</pre>
 */
public final class Weights {
    private static final int HEAD = 9;

    private Weights() {}

    /**
     * Read all weights of a file, whose kind is seen from its first bytes, whatever its name.
     *
     * @return the tensors by name; the open {@link Scope} owns them
     * @throws DataException if the file is missing, is damaged or is of no known kind
     */
    public static Map<String, Tensor> read(Path file) {
        return TensorReader.open(file, reader -> {
            byte[] head = reader.bytes(0, HEAD);
            if (head.length == HEAD && head[HEAD - 1] == '{') {
                return Safetensors.read(reader);
            }
            if (TorchFile.isZip(head) || TorchFile.isPickle(head)) {
                return TorchFile.read(reader);
            }
            throw new DataException(
                    file,
                    "is no file of weights: it begins neither as safetensors nor as torch.save writes",
                    "check that this is the right file, and that it is complete");
        });
    }

    /**
     * Refuse what is no sound TorchScript program, a file of {@code torch.jit.save}; nothing of it is run.
     *
     * @throws DataException if the file is missing, damaged or of another kind
     */
    public static void requireScript(Path file) {
        TensorReader.open(file, reader -> {
            TorchFileScript.check(reader);
            return null;
        });
    }
}
