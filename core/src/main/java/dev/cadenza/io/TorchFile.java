package dev.cadenza.io;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Read the weights that Python's {@code torch.save} wrote: {@code .pt} and {@code .pth} files, of all versions of
 * PyTorch since 0.4.
 *
 * <p>Such a file is a Python pickle, which may name any Python code. Here only data is read, and every name beyond the
 * few that tensors need is refused: it is safe to read a file from anywhere. A whole pickled module cannot be read,
 * since it is code; save its weights, in Python: {@code torch.save(model.state_dict(), path)}.
 *
 * <p>Tensors come as they were saved, on the CPU: views keep their strides, and those that shared memory share it here.
 * Parameters come as plain tensors.
 *
 * <pre>{@code
 * model.loadStateDict(TorchFile.read(Path.of("resnet18.pth")));
 * Map<String, Tensor> ema = TorchFile.read(Path.of("checkpoint.pt"), "ema");
 * }</pre>
 */
public final class TorchFile {
    private TorchFile() {}

    /**
     * Read the state dict in a file: what was saved, if it is a dict of tensors, or else the only value of it that is
     * one, as in {@code {"model": model.state_dict(), "epoch": 3}}.
     *
     * @return the tensors by name, in their order; the open {@link Scope} owns them
     * @throws DataException if the file is missing, is damaged, is of another kind, was written on a big-endian machine,
     *     needs Python code, has a dtype that {@link DType} lacks, or holds no such dict or several
     */
    public static Map<String, Tensor> read(Path file) {
        return TensorReader.open(file, TorchFile::read);
    }

    /**
     * Read all tensors below a name in a file, from dicts and lists that hold each other, and leave out what is no
     * tensor.
     *
     * @param name keys joined by dots: {@code "model"}, {@code "optimizer.state.0"}; empty for everything
     * @return the tensors by their names below it, joined by dots: {@code layer1.weight}; the open {@link Scope} owns
     *     them
     * @throws DataException as {@link #read(Path)} does, or if there is no tensor below the name
     */
    public static Map<String, Tensor> read(Path file, String name) {
        return TensorReader.open(file, reader -> {
            TorchFileContent content = content(reader);
            return content.tensors(TorchFileTree.under(content, name));
        });
    }

    static Map<String, Tensor> read(TensorReader reader) throws IOException {
        TorchFileContent content = content(reader);
        return content.tensors(TorchFileTree.stateDict(content));
    }

    private static TorchFileContent content(TensorReader reader) throws IOException {
        byte[] head = reader.bytes(0, 4);
        if (isZip(head)) {
            return TorchFileZip.read(reader);
        }
        if (isPickle(head)) {
            return TorchFileLegacy.read(reader);
        }
        throw new DataException(
                reader.file(),
                "is no file of torch.save: it begins neither as a zip file nor as a pickle",
                "check that this is the right file; for .safetensors use Safetensors.read");
    }

    static boolean isZip(byte[] head) {
        return head.length >= 4 && head[0] == 'P' && head[1] == 'K' && head[2] == 3 && head[3] == 4;
    }

    /** A pickle of version 2 or later. */
    static boolean isPickle(byte[] head) {
        return head.length >= 2 && (head[0] & 0xFF) == 0x80 && head[1] >= 2 && head[1] <= 5;
    }
}
