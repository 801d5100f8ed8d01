package dev.cadenza.tensor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.NamedTensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.named_buffer_iterator;
import org.bytedeco.pytorch.named_buffer_list;
import org.bytedeco.pytorch.named_parameter_iterator;
import org.bytedeco.pytorch.named_parameter_list;

/**
 * Run a TorchScript program; {@code nn.ScriptModule} is what models are made of.
 *
 * <p>Its parameters and buffers are the program's own: what is changed in them, the program computes with. Several threads
 * may run it at once, in one mode.
 */
public final class TorchScript {
    private static final String ERROR = "Error: ";

    private final JitModule module;
    private final Map<String, Tensor> state = new LinkedHashMap<>();
    private volatile boolean training;

    private TorchScript(JitModule module) {
        this.module = module;
        module.train(false);
        readParameters();
        readBuffers();
    }

    /**
     * Load a file that Python's {@code torch.jit.save} wrote, in inference mode and on the CPU.
     *
     * <p>Check the file before: libtorch does not see damage in the weights.
     *
     * @throws TensorException if libtorch cannot load it: says why
     */
    public static TorchScript load(Path file) {
        Engine.load();
        try (BytePointer path = new BytePointer(file.toString(), UTF_8)) {
            return new TorchScript(torch.load(path));
        } catch (RuntimeException e) {
            throw new TensorException(line(e), e);
        }
    }

    private void readParameters() {
        try (named_parameter_list list = module.named_parameters(true);
                named_parameter_iterator at = list.begin()) {
            for (long i = list.size(); i > 0; i--) {
                try (NamedTensor each = at.access()) {
                    state.put(name(each), new Parameter(own(each)));
                }
                at.increment();
            }
        }
    }

    private void readBuffers() {
        try (named_buffer_list list = module.named_buffers(true);
                named_buffer_iterator at = list.begin()) {
            for (long i = list.size(); i > 0; i--) {
                try (NamedTensor each = at.access()) {
                    state.put(name(each), new Buffer(own(each)));
                }
                at.increment();
            }
        }
    }

    private static String name(NamedTensor tensor) {
        try (BytePointer name = tensor.name()) {
            return name.getString(UTF_8);
        }
    }

    /** A handle of its own to the same tensor: what was got is only borrowed. */
    private static org.bytedeco.pytorch.Tensor own(NamedTensor named) {
        try (org.bytedeco.pytorch.Tensor borrowed = named.value()) {
            return new org.bytedeco.pytorch.Tensor(borrowed);
        }
    }

    /** Return its parameters, and then its buffers, by their names in PyTorch: {@code layer1.0.weight}. */
    public Map<String, Tensor> state() {
        return Collections.unmodifiableMap(state);
    }

    /**
     * Run it.
     *
     * @param inputs as many as it takes
     * @param train whether to run it in training mode
     * @throws TensorException if it fails, or what it gives is not one tensor
     */
    public Tensor forward(List<Tensor> inputs, boolean train) {
        if (training != train) {
            setTraining(train);
        }
        return Native.call("TorchScript", this::run, inputs.toArray(Tensor[]::new));
    }

    private synchronized void setTraining(boolean train) {
        module.train(train);
        training = train;
    }

    private org.bytedeco.pytorch.Tensor run(org.bytedeco.pytorch.Tensor... inputs) {
        IValue[] values = Arrays.stream(inputs).map(IValue::new).toArray(IValue[]::new);
        try (IValueVector all = new IValueVector(values);
                IValue output = module.forward(all)) {
            return tensor(output);
        } catch (TensorException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new TensorException("the TorchScript program failed: " + line(e) + "; inputs: " + shapes(inputs), e);
        } finally {
            Arrays.stream(values).forEach(IValue::close);
        }
    }

    private static org.bytedeco.pytorch.Tensor tensor(IValue output) {
        if (output.isTensor()) {
            try (org.bytedeco.pytorch.Tensor borrowed = output.toTensor()) {
                return new org.bytedeco.pytorch.Tensor(borrowed);
            }
        }
        try (BytePointer kind = output.tagKind()) {
            throw new TensorException("wanted a TorchScript program that gives one tensor, but it gives a "
                    + kind.getString() + "; script a module that returns the one you need");
        }
    }

    private static String shapes(org.bytedeco.pytorch.Tensor... inputs) {
        return Arrays.stream(inputs)
                .map(x -> Native.dtype(x) + Arrays.toString(Native.shape(x)))
                .collect(Collectors.joining(", "));
    }

    /** The one line of libtorch's message that says what is wrong: the last error that it names, or else the first line. */
    private static String line(RuntimeException e) {
        String message = String.valueOf(e.getMessage());
        int frames = message.indexOf("\nException raised from ");
        String text = (frames < 0 ? message : message.substring(0, frames)).strip();
        int error = text.lastIndexOf(ERROR);
        String from = error < 0 ? text : text.substring(error + ERROR.length());
        return from.lines().findFirst().orElse(text);
    }
}
