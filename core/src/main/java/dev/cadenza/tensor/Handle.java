package dev.cadenza.tensor;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.Consumer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Node;

/**
 * What can be known of a tensor without computing: its lifetime, its facts, its elements.
 *
 * <p>Lifetime: one integer counts the operations that use the handle now (pins) and has a bit each for closed and freed. Closing
 * sets the bit, so that no new pin is given; whoever drops the last pin frees. A pair costs some 4 ns and needs no lock.
 */
abstract sealed class Handle implements AutoCloseable permits Tensor {
    private static final VarHandle STATE;
    private static final boolean TRACE = Boolean.getBoolean("cadenza.trace");
    private static final int CLOSED = 1 << 30;
    private static final int FREED = 1 << 29;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Handle.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final org.bytedeco.pytorch.Tensor handle;
    private final Throwable origin = TRACE ? new Throwable("the tensor was made here") : null;
    private volatile int state;

    /** Who frees the tensor; null when nobody but the garbage collector does. */
    Scope scope;

    private long[] lastShape;
    private boolean closedByScope;
    private Consumer<org.bytedeco.pytorch.Tensor> beforeFree;

    Handle(org.bytedeco.pytorch.Tensor handle) {
        this.handle = handle;
    }

    final org.bytedeco.pytorch.Tensor pin() {
        if (((int) STATE.getAndAdd(this, 1) & CLOSED) != 0) {
            unpin();
            throw closedException();
        }
        return handle;
    }

    final void unpin() {
        if ((int) STATE.getAndAdd(this, -1) == CLOSED + 1) {
            free();
        }
    }

    private void free() {
        if (STATE.compareAndSet(this, CLOSED, CLOSED | FREED)) {
            lastShape = Native.shape(handle);
            if (beforeFree != null) {
                beforeFree.accept(handle);
            }
            handle.deallocate();
        }
    }

    /** Lets something end with this tensor. */
    final void beforeFree(Consumer<org.bytedeco.pytorch.Tensor> action) {
        beforeFree = beforeFree == null ? action : beforeFree.andThen(action);
    }

    final boolean endsSomething() {
        return beforeFree != null;
    }

    /** Free the memory now, unless another tensor shares it; a second time does nothing. Any thread may call it. */
    @Override
    public final void close() {
        int seen;
        do {
            seen = state;
            if ((seen & CLOSED) != 0) {
                return;
            }
        } while (!STATE.compareAndSet(this, seen, seen | CLOSED));
        if (seen == 0) {
            free();
        }
    }

    final void closeByScope() {
        closedByScope = !isClosed();
        close();
    }

    /** Tell whether {@link #close} was called, by its scope or by anybody. */
    public final boolean isClosed() {
        return (state & CLOSED) != 0;
    }

    final IllegalStateException closedException() {
        long[] shape = lastShape;
        return new IllegalStateException(
                "the tensor" + (shape == null ? "" : " of shape " + Arrays.toString(shape)) + " was closed by "
                        + (closedByScope ? "its Scope; keep() what must outlive it" : "close()")
                        + (TRACE ? "" : "; -Dcadenza.trace=true shows where it was made"),
                origin);
    }

    // Facts

    /** Return the sizes of all dimensions; {@code []} for a scalar. */
    public long[] shape() {
        return Native.read("shape", this, Native::shape);
    }

    /** Return the size of one dimension; negative ones count from the last. */
    public long size(long dim) {
        return Native.read("size", this, x -> x.size(dim));
    }

    /** Return the number of dimensions; 0 for a scalar. */
    public int dim() {
        return Native.read("dim", this, x -> (int) x.dim());
    }

    /** Return the number of elements. */
    public long numel() {
        return Native.read("numel", this, org.bytedeco.pytorch.Tensor::numel);
    }

    /** Return the type of the elements. */
    public DType dtype() {
        return Native.read("dtype", this, Native::dtype);
    }

    /** Return where the memory lies. */
    public Device device() {
        return Native.read("device", this, x -> Native.device(x));
    }

    /** Tell whether operations on this tensor are recorded for {@link Tensor#backward()}. */
    public boolean requiresGrad() {
        return Native.read("requiresGrad", this, org.bytedeco.pytorch.Tensor::requires_grad);
    }

    /** Tell whether this tensor was made by the user and not by a recorded operation. */
    public boolean isLeaf() {
        return Native.read("isLeaf", this, org.bytedeco.pytorch.Tensor::is_leaf);
    }

    /** Tell whether the elements lie in memory row by row, without gaps. */
    public boolean isContiguous() {
        return Native.read("isContiguous", this, x -> x.is_contiguous());
    }

    /** Write dtype and shape for an error message: {@code float32[2, 3]}. */
    public String describe() {
        return isClosed()
                ? "closed"
                : Native.read("describe", this, x -> Native.dtype(x) + Arrays.toString(Native.shape(x)));
    }

    /** The name of the operation that recorded this tensor, or an empty string. */
    String gradFn() {
        return Native.read("gradFn", this, x -> {
            if (!x.requires_grad() || x.is_leaf()) {
                return "";
            }
            try (Node node = x.grad_fn();
                    BytePointer name = node.name()) {
                return name.getString();
            }
        });
    }

    /**
     * Return libtorch's own handle (an {@code org.bytedeco.pytorch.Tensor}), for what Cadenza does not offer.
     *
     * <p>It stays valid while this tensor is open and reachable; never close it. Nothing here guards what is done
     * with it: a wrong use can crash the process.
     */
    public Object unsafeHandle() {
        return Native.read("unsafeHandle", this, x -> x);
    }

    // Reading

    /**
     * Return the only element.
     *
     * @throws TensorException if there is not exactly one
     */
    public double item() {
        return Native.read("item", this, org.bytedeco.pytorch.Tensor::item_double);
    }

    /** Return the only element of an integer tensor, exact beyond 2^53; see {@link #item}. */
    public long itemLong() {
        return Native.read("itemLong", this, org.bytedeco.pytorch.Tensor::item_long);
    }

    /** Copy all elements out, row by row, as float32 (converted if they are of another type). */
    public float[] toFloats() {
        return Memory.out(
                this, DType.FLOAT32, float[]::new, (x, a) -> x.data_ptr_float().get(a, 0, a.length));
    }

    /** Copy all elements out, row by row, as float64 (converted if they are of another type). */
    public double[] toDoubles() {
        return Memory.out(
                this,
                DType.FLOAT64,
                double[]::new,
                (x, a) -> x.data_ptr_double().get(a, 0, a.length));
    }

    /** Copy all elements out, row by row, as int32 (fractions are cut off). */
    public int[] toInts() {
        return Memory.out(
                this, DType.INT32, int[]::new, (x, a) -> x.data_ptr_int().get(a, 0, a.length));
    }

    /** Copy all elements out, row by row, as int64 (fractions are cut off). */
    public long[] toLongs() {
        return Memory.out(
                this, DType.INT64, long[]::new, (x, a) -> x.data_ptr_long().get(a, 0, a.length));
    }

    /** Copy all elements out, row by row, as uint8 (255 is the byte -1; fractions are cut off). */
    public byte[] toBytes() {
        return Memory.out(
                this, DType.UINT8, byte[]::new, (x, a) -> x.data_ptr_byte().get(a, 0, a.length));
    }

    /** Copy all elements, converted to float32, to the buffer's position and advance it. */
    public void copyTo(FloatBuffer target) {
        Memory.outTo(this, target);
    }

    /** Copy the memory of all elements, in their own dtype, to the buffer's position and advance it. */
    public void copyTo(ByteBuffer target) {
        Memory.outTo(this, target);
    }
}
