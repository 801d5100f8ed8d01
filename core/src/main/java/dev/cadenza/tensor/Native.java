package dev.cadenza.tensor;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The one way from the facade to libtorch: pin the operands, call, unpin, wrap the result, translate the error.
 *
 * <p>While a handle is pinned nobody can free it, so that a tensor that another thread closes in the middle of an
 * operation is freed after it.
 */
final class Native {
    static final ScalarTypeOptional SAME_TYPE;
    static final MemoryFormatOptional SAME_LAYOUT;
    static final TensorOptional NO_TENSOR;
    private static final ScalarType[] TYPES;
    private static final String[] ADVICE_FOR_PYTHON = {
        "(could this error message be improved", "specify retain_graph=true", "hint: "
    };

    static {
        Engine.load();
        SAME_TYPE = new ScalarTypeOptional();
        SAME_LAYOUT = new MemoryFormatOptional();
        NO_TENSOR = new TensorOptional();
        TYPES = new ScalarType[] {
            ScalarType.Float,
            ScalarType.Double,
            ScalarType.Half,
            ScalarType.BFloat16,
            ScalarType.Byte,
            ScalarType.Char,
            ScalarType.Short,
            ScalarType.Int,
            ScalarType.Long,
            ScalarType.Bool
        };
    }

    private Native() {}

    static ScalarType type(DType dtype) {
        return TYPES[dtype.ordinal()];
    }

    static DType dtype(org.bytedeco.pytorch.Tensor handle) {
        ScalarType type = handle.scalar_type();
        for (int i = 0; i < TYPES.length; i++) {
            if (TYPES[i].value == type.value) { // JavaCPP makes a new object of the enum each time
                return DType.values()[i];
            }
        }
        throw new TensorException("Cadenza has no dtype for libtorch's " + type);
    }

    static long[] shape(org.bytedeco.pytorch.Tensor handle) {
        long[] shape = new long[(int) handle.dim()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = handle.size(i);
        }
        return shape;
    }

    static Device device(org.bytedeco.pytorch.Tensor handle) {
        if (!handle.is_cuda()) {
            return Device.CPU;
        }
        try (org.bytedeco.pytorch.Device device = handle.device()) {
            return Device.cuda(device.index());
        }
    }

    /** Make a tensor where there is none yet. */
    static Tensor create(String op, Supplier<org.bytedeco.pytorch.Tensor> f) {
        try {
            return new Tensor(f.get(), Scope.current());
        } catch (RuntimeException e) {
            throw translate(op, e);
        }
    }

    /** Make a tensor of a dtype on a device where there is none yet. */
    static Tensor create(String op, DType dtype, Function<TensorOptions, org.bytedeco.pytorch.Tensor> f) {
        try (TensorOptions options = new TensorOptions(type(dtype))) {
            return create(op, () -> f.apply(options));
        }
    }

    static Tensor call(String op, Tensor a, UnaryOperator<org.bytedeco.pytorch.Tensor> f) {
        return new Tensor(read(op, a, f), Scope.current());
    }

    static Tensor call(String op, Tensor a, Tensor b, BinaryOperator<org.bytedeco.pytorch.Tensor> f) {
        return new Tensor(read(op, a, b, f), Scope.current());
    }

    /** Call with any number of operands; an absent one is null and stays null. */
    static Tensor call(
            String op, Function<org.bytedeco.pytorch.Tensor[], org.bytedeco.pytorch.Tensor> f, Tensor... in) {
        return new Tensor(read(op, f, in), Scope.current());
    }

    /** Read a fact, not a new tensor. */
    static <R> R read(String op, Handle a, Function<org.bytedeco.pytorch.Tensor, R> f) {
        org.bytedeco.pytorch.Tensor x = a.pin();
        try {
            return f.apply(x);
        } catch (RuntimeException e) {
            throw translate(op, e, a);
        } finally {
            a.unpin();
        }
    }

    static <R> R read(
            String op, Handle a, Handle b, BiFunction<org.bytedeco.pytorch.Tensor, org.bytedeco.pytorch.Tensor, R> f) {
        org.bytedeco.pytorch.Tensor x = a.pin();
        try {
            org.bytedeco.pytorch.Tensor y = b.pin();
            try {
                return f.apply(x, y);
            } catch (RuntimeException e) {
                throw translate(op, e, a, b);
            } finally {
                b.unpin();
            }
        } finally {
            a.unpin();
        }
    }

    static <R> R read(String op, Function<org.bytedeco.pytorch.Tensor[], R> f, Handle... in) {
        org.bytedeco.pytorch.Tensor[] handles = new org.bytedeco.pytorch.Tensor[in.length];
        int pinned = 0;
        try {
            for (; pinned < in.length; pinned++) {
                handles[pinned] = in[pinned] == null ? null : in[pinned].pin();
            }
            return f.apply(handles);
        } catch (RuntimeException e) {
            throw pinned < in.length ? e : translate(op, e, in);
        } finally {
            for (int i = 0; i < pinned; i++) {
                if (in[i] != null) {
                    in[i].unpin();
                }
            }
        }
    }

    /** Change the tensor in place. */
    static Tensor change(String op, Tensor a, Consumer<org.bytedeco.pytorch.Tensor> f) {
        read(op, a, x -> {
            f.accept(x);
            return null;
        });
        return a;
    }

    /** Change the first tensor in place by the second. */
    static Tensor change(
            String op, Tensor a, Tensor b, BiConsumer<org.bytedeco.pytorch.Tensor, org.bytedeco.pytorch.Tensor> f) {
        read(op, a, b, (x, y) -> {
            f.accept(x, y);
            return null;
        });
        return a;
    }

    /** Change the first of several tensors in place. */
    static Tensor changeAll(String op, Consumer<org.bytedeco.pytorch.Tensor[]> f, Tensor... in) {
        read(
                op,
                handles -> {
                    f.accept(handles);
                    return null;
                },
                in);
        return in[0];
    }

    /**
     * A number as libtorch takes it. PyTorch keeps {@code ints + 1} integer and turns {@code ints + 1.0} into floats;
     * Java has one {@code double} for both, so a whole number keeps an integer tensor integer.
     */
    static Scalar scalar(org.bytedeco.pytorch.Tensor like, double value) {
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1L << 53;
        return whole && !like.is_floating_point() ? new Scalar((long) value) : new Scalar(value);
    }

    static Tensor withScalar(
            String op,
            Tensor a,
            double value,
            BiFunction<org.bytedeco.pytorch.Tensor, Scalar, org.bytedeco.pytorch.Tensor> f) {
        return call(op, a, x -> {
            try (Scalar scalar = scalar(x, value)) {
                return f.apply(x, scalar);
            }
        });
    }

    static Tensor changeByScalar(String op, Tensor a, double value, BiConsumer<org.bytedeco.pytorch.Tensor, Scalar> f) {
        return change(op, a, x -> {
            try (Scalar scalar = scalar(x, value)) {
                f.accept(x, scalar);
            }
        });
    }

    static boolean hasGrad(org.bytedeco.pytorch.Tensor handle) {
        if (!handle.is_leaf()) {
            return false; // asking it would make libtorch warn on standard error
        }
        try (org.bytedeco.pytorch.Tensor grad = handle.grad()) {
            return grad.defined();
        }
    }

    /** What back-propagation needs; libtorch's own words for it help nobody. */
    static org.bytedeco.pytorch.Tensor requireRecorded(org.bytedeco.pytorch.Tensor handle) {
        if (!handle.requires_grad()) {
            throw new TensorException("backward: wanted a tensor that depends on one with requiresGrad, but nothing was"
                    + " recorded: all parameters are frozen, NoGrad was open, or it came through detach() or argmax");
        }
        return handle;
    }

    /** An optional operand; close it unless it is {@link #NO_TENSOR}. */
    static TensorOptional optional(org.bytedeco.pytorch.Tensor handle) {
        return handle == null ? NO_TENSOR : new TensorOptional(handle);
    }

    static void close(TensorOptional optional) {
        if (optional.has_value()) { // the shared empty one stays
            optional.close();
        }
    }

    private static RuntimeException translate(String op, RuntimeException e, Handle... in) {
        if (e instanceof TensorException || e instanceof IllegalStateException) {
            return e;
        }
        String operands =
                Arrays.stream(in).filter(Objects::nonNull).map(Handle::describe).collect(Collectors.joining(", "));
        return new TensorException(op + ": " + firstLine(e) + (operands.isEmpty() ? "" : "; operands: " + operands), e);
    }

    private static String firstLine(RuntimeException e) {
        String message = (e.getMessage() == null ? e.toString() : e.getMessage()).strip();
        for (String frames : new String[] {"\nException raised from ", "\nframe #0: "}) { // the second: out of memory
            int at = message.indexOf(frames);
            message = (at < 0 ? message : message.substring(0, at)).strip();
        }
        for (String advice : ADVICE_FOR_PYTHON) {
            int at = message.toLowerCase(Locale.ROOT).indexOf(advice);
            message = at < 0 ? message : message.substring(0, at).strip();
        }
        return message.replace('\n', ' ');
    }
}
