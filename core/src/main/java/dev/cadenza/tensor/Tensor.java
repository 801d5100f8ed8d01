package dev.cadenza.tensor;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * Hold numbers in an array of any number of dimensions, on the CPU or a GPU, and compute with them
 * ({@code torch.Tensor}).
 *
 * <p>Operations are named as PyTorch's. They return a new tensor, which the innermost {@link Scope} owns; a trailing
 * underscore ({@code add_}) means that the tensor itself is changed and returned. Shapes are written
 * {@code [N, C, H, W]}; operands are broadcast as in PyTorch; a dimension may be negative, counting from the last.
 *
 * <pre>{@code
 * Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
 * Tensor y = x.matmul(x.t()).relu().mean();
 * System.out.println(y.item());
 * }</pre>
 *
 * <p><b>Errors.</b> A wrong shape, dtype, device or index is a {@link TensorException}; a tensor used after it was
 * closed is an {@link IllegalStateException} that says which one and by whom. With {@code -Dcadenza.trace=true} its
 * cause shows where the tensor was made.
 *
 * <p><b>Threads.</b> A tensor may be read by several threads. Closing it while another uses it is safe: it is freed
 * after that use. Changing it in place on two threads at once gives one of the two results, or a mix.
 */
public sealed class Tensor extends Handle permits Parameter, Buffer {
    /** Wraps a handle that this tensor owns from now on. */
    Tensor(org.bytedeco.pytorch.Tensor handle, Scope scope) {
        super(handle);
        this.scope = scope;
        if (scope != null) {
            scope.add(this);
        } else {
            Scope.countUnowned();
        }
    }

    /** Wraps a handle that is born kept: a parameter or a buffer. */
    Tensor(org.bytedeco.pytorch.Tensor handle) {
        super(handle);
    }

    /**
     * Hand this tensor up to the scope that encloses its own or, at the top, to the garbage collector.
     *
     * @return this tensor
     * @throws IllegalStateException if it is closed, or its scope belongs to another thread
     */
    public Tensor keep() {
        if (isClosed()) {
            throw closedException();
        }
        if (scope != null) {
            scope.handUp(this);
        }
        return this;
    }

    // Making tensors

    /** Copy numbers into a new float32 tensor; without a shape it has one dimension. Row-major, as all of these. */
    public static Tensor of(float[] data, long... shape) {
        return Memory.in(
                DType.FLOAT32, data.length, shape, (x, n) -> x.data_ptr_float().put(data, 0, n));
    }

    /** Copy numbers into a new float64 tensor; without a shape it has one dimension. */
    public static Tensor of(double[] data, long... shape) {
        return Memory.in(
                DType.FLOAT64, data.length, shape, (x, n) -> x.data_ptr_double().put(data, 0, n));
    }

    /** Copy numbers into a new int32 tensor; without a shape it has one dimension. */
    public static Tensor of(int[] data, long... shape) {
        return Memory.in(
                DType.INT32, data.length, shape, (x, n) -> x.data_ptr_int().put(data, 0, n));
    }

    /** Copy numbers into a new int64 tensor, the type of labels; without a shape it has one dimension. */
    public static Tensor of(long[] data, long... shape) {
        return Memory.in(
                DType.INT64, data.length, shape, (x, n) -> x.data_ptr_long().put(data, 0, n));
    }

    /** Copy bytes into a new uint8 tensor (the byte -1 is 255); without a shape it has one dimension. */
    public static Tensor of(byte[] data, long... shape) {
        return Memory.in(
                DType.UINT8, data.length, shape, (x, n) -> x.data_ptr_byte().put(data, 0, n));
    }

    /** Copy truth values into a new bool tensor; without a shape it has one dimension. */
    public static Tensor of(boolean[] data, long... shape) {
        return Memory.in(DType.BOOL, data.length, shape, (x, n) -> Memory.putBooleans(x, data));
    }

    /** Copy the buffer's remaining numbers (direct or not; its position stays) into a new float32 tensor. */
    public static Tensor of(FloatBuffer data, long... shape) {
        return Memory.in(DType.FLOAT32, data.remaining(), shape, (x, n) -> Memory.putFloats(x, data));
    }

    /**
     * Copy the buffer's remaining bytes, elements of {@code dtype} in this machine's byte order, into a new tensor.
     *
     * @throws TensorException if the bytes are not a whole number of elements, or do not fill the shape
     */
    public static Tensor of(ByteBuffer data, DType dtype, long... shape) {
        if (data.remaining() % dtype.bytes() != 0) {
            throw new TensorException("of: " + data.remaining() + " bytes are not a whole number of " + dtype);
        }
        return Memory.in(dtype, data.remaining() / dtype.bytes(), shape, (x, n) -> Memory.putBytes(x, data));
    }

    /** Make a float32 tensor of shape {@code []} with this number. */
    public static Tensor scalar(double value) {
        return full(value);
    }

    /** Make a float32 tensor of zeros. */
    public static Tensor zeros(long... shape) {
        return full(DType.FLOAT32, 0, shape);
    }

    /** Make a tensor of zeros of a dtype. */
    public static Tensor zeros(DType dtype, long... shape) {
        return full(dtype, 0, shape);
    }

    /** Make a float32 tensor of ones. */
    public static Tensor ones(long... shape) {
        return full(DType.FLOAT32, 1, shape);
    }

    /** Make a float32 tensor with the same number everywhere. */
    public static Tensor full(double value, long... shape) {
        return full(DType.FLOAT32, value, shape);
    }

    /** Make a tensor of a dtype with the same number everywhere. */
    public static Tensor full(DType dtype, double value, long... shape) {
        Shapes.numel(shape);
        return Native.create("full", dtype, options -> {
            try (Scalar scalar = new Scalar(value)) {
                return torch.full(shape, scalar, options);
            }
        });
    }

    /** Make the int64 tensor {@code [0, 1, …, end - 1]}. */
    public static Tensor arange(long end) {
        return Native.create("arange", DType.INT64, options -> {
            try (Scalar scalar = new Scalar(end)) {
                return torch.arange(scalar, options);
            }
        });
    }

    /** Make the float32 tensor of {@code start, start + step, …} up to and without {@code end}. */
    public static Tensor arange(double start, double end, double step) {
        return Native.create("arange", DType.FLOAT32, options -> {
            try (Scalar from = new Scalar(start);
                    Scalar to = new Scalar(end);
                    Scalar by = new Scalar(step)) {
                return torch.arange(from, to, by, options);
            }
        });
    }

    /** Make the float32 identity matrix {@code [n, n]}. */
    public static Tensor eye(long n) {
        return Native.create("eye", DType.FLOAT32, options -> torch.eye(n, options));
    }

    /** Draw a float32 tensor from N(0, 1) with the process-wide generator (see {@link Rng}). */
    public static Tensor randn(long... shape) {
        return zeros(shape).normal_(0, 1);
    }

    /** Draw a float32 tensor from U[0, 1) with the process-wide generator (see {@link Rng}). */
    public static Tensor rand(long... shape) {
        return zeros(shape).uniform_(0, 1);
    }

    /** Make a tensor of zeros with this one's shape, dtype and device. */
    public Tensor zerosLike() {
        return Native.call("zerosLike", this, torch::zeros_like);
    }

    /** Make a tensor of ones with this one's shape, dtype and device. */
    public Tensor onesLike() {
        return Native.call("onesLike", this, torch::ones_like);
    }

    /** Join tensors along an existing dimension: {@code [2, 3]} and {@code [4, 3]} along 0 give {@code [6, 3]}. */
    public static Tensor cat(List<? extends Tensor> tensors, long dim) {
        return join("cat", tensors, vector -> torch.cat(vector, dim));
    }

    /** Join tensors of one shape along a new dimension: two of {@code [3]} along 0 give {@code [2, 3]}. */
    public static Tensor stack(List<? extends Tensor> tensors, long dim) {
        return join("stack", tensors, vector -> torch.stack(vector, dim));
    }

    private static Tensor join(
            String op, List<? extends Tensor> tensors, Function<TensorVector, org.bytedeco.pytorch.Tensor> f) {
        if (tensors.isEmpty()) {
            throw new TensorException(op + ": wanted at least one tensor, but got none");
        }
        tensors.forEach(Objects::requireNonNull);
        return Native.call(
                op,
                handles -> {
                    try (TensorVector vector = new TensorVector(handles)) {
                        return f.apply(vector);
                    }
                },
                tensors.toArray(Tensor[]::new));
    }

    /** Take elements from {@code a} where {@code condition} (bool) is true, else from {@code b}; all broadcast. */
    public static Tensor where(Tensor condition, Tensor a, Tensor b) {
        return Native.call("where", in -> torch.where(in[0], in[1], in[2]), condition, a, b);
    }

    /** Print the elements as PyTorch does: four digits, the middle of more than 1000 left out. */
    @Override
    public String toString() {
        return isClosed() ? "Tensor(closed)" : Printer.print(this);
    }

    // Arithmetic

    /** Add element by element. */
    public Tensor add(Tensor other) {
        return Native.call("add", this, other, (x, y) -> x.add(y));
    }

    /** Add a number to each element; a whole number keeps integers integer, as in all of these. */
    public Tensor add(double other) {
        return Native.withScalar("add", this, other, (x, s) -> x.add(s));
    }

    /** Do {@link #add(Tensor)} in place. */
    public Tensor add_(Tensor other) {
        return Native.change("add_", this, other, (x, y) -> x.add_(y));
    }

    /** Do {@link #add(double)} in place. */
    public Tensor add_(double other) {
        return Native.changeByScalar("add_", this, other, (x, s) -> x.add_(s));
    }

    /** Subtract element by element. */
    public Tensor sub(Tensor other) {
        return Native.call("sub", this, other, (x, y) -> x.sub(y));
    }

    /** Subtract a number from each element. */
    public Tensor sub(double other) {
        return Native.withScalar("sub", this, other, (x, s) -> x.sub(s));
    }

    /** Do {@link #sub(Tensor)} in place. */
    public Tensor sub_(Tensor other) {
        return Native.change("sub_", this, other, (x, y) -> x.sub_(y));
    }

    /** Do {@link #sub(double)} in place. */
    public Tensor sub_(double other) {
        return Native.changeByScalar("sub_", this, other, (x, s) -> x.sub_(s));
    }

    /** Multiply element by element. */
    public Tensor mul(Tensor other) {
        return Native.call("mul", this, other, (x, y) -> x.mul(y));
    }

    /** Multiply each element by a number. */
    public Tensor mul(double other) {
        return Native.withScalar("mul", this, other, (x, s) -> x.mul(s));
    }

    /** Do {@link #mul(Tensor)} in place. */
    public Tensor mul_(Tensor other) {
        return Native.change("mul_", this, other, (x, y) -> x.mul_(y));
    }

    /** Do {@link #mul(double)} in place. */
    public Tensor mul_(double other) {
        return Native.changeByScalar("mul_", this, other, (x, s) -> x.mul_(s));
    }

    /** Divide element by element; integers give float32. */
    public Tensor div(Tensor other) {
        return Native.call("div", this, other, (x, y) -> x.div(y));
    }

    /** Divide each element by a number; integers give float32. */
    public Tensor div(double other) {
        return Native.withScalar("div", this, other, (x, s) -> x.div(s));
    }

    /** Do {@link #div(Tensor)} in place. */
    public Tensor div_(Tensor other) {
        return Native.change("div_", this, other, (x, y) -> x.div_(y));
    }

    /** Do {@link #div(double)} in place. */
    public Tensor div_(double other) {
        return Native.changeByScalar("div_", this, other, (x, s) -> x.div_(s));
    }

    /** Add {@code alpha · other} element by element. */
    public Tensor add(Tensor other, double alpha) {
        return Native.call("add", this, other, (x, y) -> {
            try (Scalar scalar = Native.scalar(x, alpha)) {
                return x.add(y, scalar);
            }
        });
    }

    /** Add {@code alpha · other} in place: {@code p.add_(grad, -lr)} is a step of gradient descent. */
    public Tensor add_(Tensor other, double alpha) {
        return Native.change("add_", this, other, (x, y) -> {
            try (Scalar scalar = Native.scalar(x, alpha)) {
                x.add_(y, scalar);
            }
        });
    }

    /** Add {@code value · a · b} in place. */
    public Tensor addcmul_(Tensor a, Tensor b, double value) {
        return Native.changeAll(
                "addcmul_",
                in -> {
                    try (Scalar scalar = Native.scalar(in[0], value)) {
                        in[0].addcmul_(in[1], in[2], scalar);
                    }
                },
                this,
                a,
                b);
    }

    /** Add {@code value · a / b} in place. */
    public Tensor addcdiv_(Tensor a, Tensor b, double value) {
        return Native.changeAll(
                "addcdiv_",
                in -> {
                    try (Scalar scalar = Native.scalar(in[0], value)) {
                        in[0].addcdiv_(in[1], in[2], scalar);
                    }
                },
                this,
                a,
                b);
    }

    /** Go the share {@code weight} of the way to {@code end} in place: {@code self + weight · (end - self)}. */
    public Tensor lerp_(Tensor end, double weight) {
        return Native.change("lerp_", this, end, (x, y) -> {
            try (Scalar scalar = new Scalar(weight)) {
                x.lerp_(y, scalar);
            }
        });
    }

    /** Raise each element to a power. */
    public Tensor pow(double exponent) {
        return Native.withScalar("pow", this, exponent, (x, s) -> x.pow(s));
    }

    /** Multiply matrices, batches of them, or a matrix and a vector; {@code [n, k] × [k, m]} give {@code [n, m]}. */
    public Tensor matmul(Tensor other) {
        return Native.call("matmul", this, other, (x, y) -> x.matmul(y));
    }

    /** Take the larger of two, element by element. */
    public Tensor maximum(Tensor other) {
        return Native.call("maximum", this, other, (x, y) -> x.maximum(y));
    }

    /** Take the smaller of two, element by element. */
    public Tensor minimum(Tensor other) {
        return Native.call("minimum", this, other, (x, y) -> x.minimum(y));
    }

    /** Limit each element to {@code [min, max]}. */
    public Tensor clamp(double min, double max) {
        return Native.call("clamp", this, x -> {
            try (Scalar low = Native.scalar(x, min);
                    Scalar high = Native.scalar(x, max);
                    ScalarOptional from = new ScalarOptional(low);
                    ScalarOptional to = new ScalarOptional(high)) {
                return x.clamp(from, to);
            }
        });
    }

    /** Change the sign of each element. */
    public Tensor neg() {
        return Native.call("neg", this, x -> x.neg());
    }

    /** Take the absolute value of each element. */
    public Tensor abs() {
        return Native.call("abs", this, x -> x.abs());
    }

    /** Take -1, 0 or 1 by the sign of each element. */
    public Tensor sign() {
        return Native.call("sign", this, x -> x.sign());
    }

    /** Take e to the power of each element. */
    public Tensor exp() {
        return Native.call("exp", this, x -> x.exp());
    }

    /** Take the natural logarithm of each element; NaN below 0, -inf at 0. */
    public Tensor log() {
        return Native.call("log", this, x -> x.log());
    }

    /** Take the square root of each element; NaN below 0. */
    public Tensor sqrt() {
        return Native.call("sqrt", this, x -> x.sqrt());
    }

    /** Do {@link #sqrt} in place. */
    public Tensor sqrt_() {
        return Native.change("sqrt_", this, x -> x.sqrt_());
    }

    /** Multiply each element by itself. */
    public Tensor square() {
        return Native.call("square", this, x -> x.square());
    }

    /** Replace negative elements by 0: {@code max(0, x)}. */
    public Tensor relu() {
        return Native.call("relu", this, x -> x.relu());
    }

    /** Do {@link #relu} in place. */
    public Tensor relu_() {
        return Native.change("relu_", this, x -> x.relu_());
    }

    /** Squash each element into (0, 1): {@code 1 / (1 + e^-x)}. */
    public Tensor sigmoid() {
        return Native.call("sigmoid", this, x -> x.sigmoid());
    }

    /** Squash each element into (-1, 1). */
    public Tensor tanh() {
        return Native.call("tanh", this, x -> x.tanh());
    }

    // Reducing

    /** Sum over all elements; shape {@code []}. */
    public Tensor sum() {
        return Native.call("sum", this, x -> x.sum());
    }

    /** Sum over one dimension, which goes away. */
    public Tensor sum(long dim) {
        return sum(false, dim);
    }

    /** Sum over some dimensions; {@code keepDim} leaves each with size 1. */
    public Tensor sum(boolean keepDim, long... dims) {
        return Native.call("sum", this, x -> x.sum(dims, keepDim, Native.SAME_TYPE));
    }

    /** Average over all elements; shape {@code []}. */
    public Tensor mean() {
        return Native.call("mean", this, x -> x.mean());
    }

    /** Average over one dimension, which goes away. */
    public Tensor mean(long dim) {
        return mean(false, dim);
    }

    /** Average over some dimensions; {@code keepDim} leaves each with size 1. */
    public Tensor mean(boolean keepDim, long... dims) {
        return Native.call("mean", this, x -> x.mean(dims, keepDim, Native.SAME_TYPE));
    }

    /** Take the standard deviation over all elements, dividing by n - 1 if {@code unbiased}, else by n. */
    public Tensor std(boolean unbiased) {
        return Native.call("std", this, x -> x.std(unbiased));
    }

    /** Take the variance over some dimensions, dividing by n - 1 if {@code unbiased}, else by n. */
    public Tensor var(boolean unbiased, boolean keepDim, long... dims) {
        return Native.call("var", this, x -> x.var(dims, unbiased, keepDim));
    }

    /** Take the largest element. */
    public Tensor max() {
        return Native.call("max", this, x -> x.max());
    }

    /** Take the smallest element. */
    public Tensor min() {
        return Native.call("min", this, x -> x.min());
    }

    /** Take the largest elements over some dimensions; {@code keepDim} leaves each with size 1. */
    public Tensor amax(boolean keepDim, long... dims) {
        return Native.call("amax", this, x -> x.amax(dims, keepDim));
    }

    /** Find the index (int64) of the largest element along a dimension, which goes away: the predicted class. */
    public Tensor argmax(long dim) {
        return Native.call("argmax", this, x -> {
            try (LongOptional along = new LongOptional(dim)) {
                return x.argmax(along, false);
            }
        });
    }

    /** Take {@code log(sum(exp(x)))} over a dimension, which goes away, without overflow at any size of x. */
    public Tensor logsumexp(long dim) {
        return Native.call("logsumexp", this, x -> x.logsumexp(new long[] {dim}, false));
    }

    /** Turn scores into probabilities that sum to 1 along a dimension: {@code e^x / sum(e^x)}. */
    public Tensor softmax(long dim) {
        return Native.call("softmax", this, x -> x.softmax(dim));
    }

    /** Take the 2-norm of all elements, {@code sqrt(sum(x²))}; shape {@code []}. */
    public Tensor norm() {
        return Native.call("norm", this, x -> x.norm());
    }

    /** Tell whether all elements are true (not 0), as a bool tensor of shape {@code []}. */
    public Tensor all() {
        return Native.call("all", this, x -> x.all());
    }

    // Shape

    /** See the elements in another shape without a copy; one size may be -1 and is worked out. */
    public Tensor view(long... shape) {
        return Native.call("view", this, x -> x.view(shape));
    }

    /** Give the elements another shape, copying only if memory order demands it; one size may be -1. */
    public Tensor reshape(long... shape) {
        return Native.call("reshape", this, x -> x.reshape(shape));
    }

    /** Join all dimensions from {@code startDim} on into one: 1 turns {@code [N, C, H, W]} into {@code [N, C·H·W]}. */
    public Tensor flatten(long startDim) {
        return Native.call("flatten", this, x -> x.flatten(startDim, -1));
    }

    /** Reorder the dimensions, naming for each place the one that comes there. */
    public Tensor permute(long... dims) {
        return Native.call("permute", this, x -> x.permute(dims));
    }

    /** Exchange two dimensions. */
    public Tensor transpose(long a, long b) {
        return Native.call("transpose", this, x -> x.transpose(a, b));
    }

    /** Transpose a matrix {@code [n, m]} to {@code [m, n]}. */
    public Tensor t() {
        return Native.call("t", this, x -> x.t());
    }

    /** Insert a dimension of size 1 at this place. */
    public Tensor unsqueeze(long dim) {
        return Native.call("unsqueeze", this, x -> x.unsqueeze(dim));
    }

    /** Remove a dimension if its size is 1. */
    public Tensor squeeze(long dim) {
        return Native.call("squeeze", this, x -> x.squeeze(dim));
    }

    /** See dimensions of size 1 as if repeated to this shape, without a copy; -1 leaves a size as it is. */
    public Tensor expand(long... shape) {
        return Native.call("expand", this, x -> x.expand(shape));
    }

    /** Take one index of a dimension, which goes away: {@code select(0, i)} is PyTorch's {@code x[i]}. */
    public Tensor select(long dim, long index) {
        return Native.call("select", this, x -> x.select(dim, index));
    }

    /** Take {@code length} indices of a dimension from {@code start} on, without a copy. */
    public Tensor narrow(long dim, long start, long length) {
        return Native.call("narrow", this, x -> x.narrow(dim, start, length));
    }

    /** Copy the rows, along a dimension, that an int64 tensor {@code [n]} lists: the gathering of a batch. */
    public Tensor indexSelect(long dim, Tensor index) {
        return Native.call("indexSelect", this, index, (x, i) -> x.index_select(dim, i));
    }

    /** Take for each place of {@code index} (int64) the element that it names along a dimension. */
    public Tensor gather(long dim, Tensor index) {
        return Native.call("gather", this, index, (x, i) -> x.gather(dim, i));
    }

    /** Replace elements by a number where a bool mask, broadcast to this shape, is true. */
    public Tensor maskedFill(Tensor mask, double value) {
        return Native.call("maskedFill", this, mask, (x, m) -> {
            try (Scalar scalar = new Scalar(value)) {
                return x.masked_fill(m, scalar);
            }
        });
    }

    /** Return a tensor whose elements lie row by row: this one's values, copied only if they do not yet. */
    public Tensor contiguous() {
        return Native.call("contiguous", this, x -> x.contiguous());
    }

    // Comparing; all give bool tensors

    /** Tell where elements equal. */
    public Tensor eq(Tensor other) {
        return Native.call("eq", this, other, (x, y) -> x.eq(y));
    }

    /** Tell where elements equal (to a number). */
    public Tensor eq(double other) {
        return Native.withScalar("eq", this, other, (x, s) -> x.eq(s));
    }

    /** Tell where elements differ. */
    public Tensor ne(Tensor other) {
        return Native.call("ne", this, other, (x, y) -> x.ne(y));
    }

    /** Tell where elements differ (from a number). */
    public Tensor ne(double other) {
        return Native.withScalar("ne", this, other, (x, s) -> x.ne(s));
    }

    /** Tell where elements are greater. */
    public Tensor gt(Tensor other) {
        return Native.call("gt", this, other, (x, y) -> x.gt(y));
    }

    /** Tell where elements are greater (than a number). */
    public Tensor gt(double other) {
        return Native.withScalar("gt", this, other, (x, s) -> x.gt(s));
    }

    /** Tell where elements are greater or equal. */
    public Tensor ge(Tensor other) {
        return Native.call("ge", this, other, (x, y) -> x.ge(y));
    }

    /** Tell where elements are greater or equal (to a number). */
    public Tensor ge(double other) {
        return Native.withScalar("ge", this, other, (x, s) -> x.ge(s));
    }

    /** Tell where elements are less. */
    public Tensor lt(Tensor other) {
        return Native.call("lt", this, other, (x, y) -> x.lt(y));
    }

    /** Tell where elements are less (than a number). */
    public Tensor lt(double other) {
        return Native.withScalar("lt", this, other, (x, s) -> x.lt(s));
    }

    /** Tell where elements are less or equal. */
    public Tensor le(Tensor other) {
        return Native.call("le", this, other, (x, y) -> x.le(y));
    }

    /** Tell where elements are less or equal (to a number). */
    public Tensor le(double other) {
        return Native.withScalar("le", this, other, (x, s) -> x.le(s));
    }

    /** Tell where elements are neither infinite nor NaN. */
    public Tensor isFinite() {
        return Native.call("isFinite", this, x -> x.isfinite());
    }

    /** Tell whether shape and all elements are the same; NaN differs from itself. */
    public boolean equal(Tensor other) {
        return Native.read("equal", in -> in[0].equal(in[1]), this, other);
    }

    /** Tell whether {@code |self - other| ≤ atol + rtol · |other|} everywhere. */
    public boolean allclose(Tensor other, double rtol, double atol) {
        return Native.read("allclose", in -> in[0].allclose(in[1], rtol, atol, false), this, other);
    }

    // Changing in place

    /** Set all elements to 0. */
    public Tensor zero_() {
        return fill_(0);
    }

    /** Set all elements to a number. */
    public Tensor fill_(double value) {
        return Native.changeByScalar("fill_", this, value, (x, s) -> x.fill_(s));
    }

    /** Copy another tensor's elements here, broadcast, converted to this dtype and moved to this device. */
    public Tensor copy_(Tensor source) {
        return Native.change("copy_", this, source, (x, y) -> x.copy_(y));
    }

    /** Draw all elements from N(mean, std²) with the process-wide generator. */
    public Tensor normal_(double mean, double std) {
        return normal_(mean, std, Rng.global());
    }

    /** Draw all elements from N(mean, std²) with a generator. */
    public Tensor normal_(double mean, double std, Rng rng) {
        return draw("normal_", rng, (x, g) -> x.normal_(mean, std, g));
    }

    /** Draw all elements from U[low, high) with the process-wide generator. */
    public Tensor uniform_(double low, double high) {
        return uniform_(low, high, Rng.global());
    }

    /** Draw all elements from U[low, high) with a generator. */
    public Tensor uniform_(double low, double high, Rng rng) {
        return draw("uniform_", rng, (x, g) -> x.uniform_(low, high, g));
    }

    /** Set each element to 1 with probability {@code p} in [0, 1], else to 0. */
    public Tensor bernoulli_(double p, Rng rng) {
        return draw("bernoulli_", rng, (x, g) -> x.bernoulli_(p, g));
    }

    private Tensor draw(String op, Rng rng, BiConsumer<org.bytedeco.pytorch.Tensor, GeneratorOptional> f) {
        return Native.change(
                op,
                this,
                x -> rng.use(generator -> {
                    f.accept(x, generator);
                    return null;
                }));
    }

    // Gradients

    /**
     * Ask for a gradient, or no longer.
     *
     * @return this tensor
     * @throws TensorException if the dtype is not floating-point, or the tensor came from a recorded operation
     */
    public Tensor requiresGrad_(boolean requiresGrad) {
        return Native.change("requiresGrad_", this, x -> {
            if (!x.is_leaf()) {
                throw new TensorException("requiresGrad_: " + describe()
                        + " came from a recorded operation, which cannot be undone; detach() it first");
            }
            x.set_requires_grad(requiresGrad);
        });
    }

    /**
     * Compute the gradient of this scalar for every leaf that it came from, and add it to theirs.
     *
     * @throws TensorException if it has more than one element, came from no tensor with {@code requiresGrad}, or was
     *     back-propagated before
     */
    public void backward() {
        Native.change("backward", this, x -> GradHook.during(Native.requireRecorded(x)::backward));
    }

    /** Do {@link #backward()} from a tensor of any shape, given the gradient (same shape) that arrives at it. */
    public void backward(Tensor gradient) {
        Native.change("backward", this, gradient, (x, g) -> {
            try (BoolOptional keepGraph = new BoolOptional(false);
                    TensorArrayRefOptional allInputs = new TensorArrayRefOptional()) {
                GradHook.during(() -> Native.requireRecorded(x).backward(g, keepGraph, false, allInputs));
            }
        });
    }

    /** Tell whether {@link #backward} left a gradient here. */
    public boolean hasGrad() {
        return Native.read("hasGrad", this, Native::hasGrad);
    }

    /**
     * Return the gradient, of this tensor's shape and dtype; changing it in place changes what the optimizer reads.
     *
     * @throws TensorException if there is none; ask {@link #hasGrad}
     */
    public Tensor grad() {
        if (!hasGrad()) {
            throw new TensorException("grad: there is none; call backward() on a loss that depends on this "
                    + describe() + ", which must be a leaf, or ask hasGrad()");
        }
        return Native.call("grad", this, x -> {
            try (org.bytedeco.pytorch.Tensor borrowed = x.grad()) {
                return new org.bytedeco.pytorch.Tensor(borrowed); // a view of the slot
            }
        });
    }

    /**
     * Replace the gradient.
     *
     * @throws TensorException if shape, dtype or device differ from this tensor's
     */
    public void setGrad(Tensor gradient) {
        if (!gradient.describe().equals(describe()) || !gradient.device().equals(device())) {
            throw new TensorException("setGrad: wanted " + describe() + " on " + device() + ", but got "
                    + gradient.describe() + " on " + gradient.device());
        }
        if (gradient == this) {
            throw new TensorException("setGrad: a tensor cannot be its own gradient, which would never be freed");
        }
        Native.change("setGrad", this, gradient, (x, g) -> {
            try (org.bytedeco.pytorch.Tensor slot = x.mutable_grad();
                    org.bytedeco.pytorch.Tensor value = g.detach()) { // its record may lead back to this tensor
                slot.put(value);
            }
        });
    }

    /** Forget the gradient, so that the next {@link #backward} stores instead of adding. */
    public void zeroGrad() {
        Native.change("zeroGrad", this, x -> {
            try (org.bytedeco.pytorch.Tensor slot = x.mutable_grad()) {
                slot.reset();
            }
        });
    }

    /** See the same memory without the record of where it came from. */
    public Tensor detach() {
        return Native.call("detach", this, x -> x.detach());
    }

    // Copies and conversions

    /** Copy the elements to new memory; gradients flow through it. */
    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public Tensor clone() {
        return Native.call("clone", this, x -> x.clone(Native.SAME_LAYOUT));
    }

    /** Convert the elements; the same memory if they are of this dtype already. */
    public Tensor to(DType dtype) {
        return Native.call("to", this, x -> x.to(Native.type(dtype)));
    }

    /** Copy the elements to a device; the same memory if they lie there already. */
    public Tensor to(Device device) {
        if (device.type() == Device.Type.CUDA && device.index() >= Engine.cudaDevices()) {
            throw new TensorException(
                    "to: wanted " + device + ", but libtorch finds " + Engine.cudaDevices() + " CUDA devices here");
        }
        return Native.call("to", this, x -> {
            try (org.bytedeco.pytorch.Device target = new org.bytedeco.pytorch.Device(device.toString())) {
                return x.to(target, x.scalar_type());
            }
        });
    }

    /** Make this tensor see another's memory, of any shape, dtype and device ({@code p.data = t}); drops the gradient. */
    public void setData(Tensor data) {
        zeroGrad();
        Native.change("setData", this, data, (x, y) -> x.set_data(y));
    }
}
