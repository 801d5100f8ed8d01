package dev.cadenza.tensor;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Let this thread compute in a 16-bit type, while it is open, what loses little by it, such as matrix products and
 * convolutions ({@code torch.autocast}).
 *
 * <pre>{@code
 * Tensor pred;
 * try (Autocast bf16 = Autocast.open(Device.Type.CPU, DType.BFLOAT16)) {
 *     pred = model.forward(x).to(DType.FLOAT32);
 * }
 * Losses.crossEntropy().apply(pred, labels).backward();      // not in it: gradients have the parameters' type
 * }</pre>
 *
 * <p>Parameters stay as they are; each is converted once and remembered until the outermost one closes, so that parameters
 * must not be changed in between. Nested ones work, in whatever order they are closed: of those still open, the one opened
 * last holds. It belongs to its thread.
 */
public final class Autocast implements AutoCloseable {
    private static final ThreadLocal<Map<Device.Type, OpenOnes>> OPEN =
            ThreadLocal.withInitial(() -> new EnumMap<>(Device.Type.class));

    /** Whether a thread's operations on a kind of device are cast, and to what. */
    private record Setting(boolean on, ScalarType to) {
        static Setting of(Device.Type type) {
            return new Setting(torch.is_autocast_enabled(native_(type)), torch.get_autocast_dtype(native_(type)));
        }

        void set(Device.Type type) {
            if (torch.get_autocast_dtype(native_(type)).value != to.value) {
                torch.clear_cache(); // it does not know to which type it holds parameters
            }
            torch.set_autocast_dtype(native_(type), to);
            torch.set_autocast_enabled(native_(type), on);
        }
    }

    /** Those open on a thread for a kind of device, and what was before the first. */
    private record OpenOnes(Setting before, List<Autocast> open) {}

    private final Thread thread = Thread.currentThread();
    private final Device.Type type;
    private final Setting setting;
    private boolean closed;

    private Autocast(Device.Type type, DType dtype) {
        this.type = type;
        setting = new Setting(true, Native.type(dtype));
        OPEN.get()
                .computeIfAbsent(type, t -> new OpenOnes(Setting.of(t), new ArrayList<>()))
                .open
                .add(this);
        setting.set(type);
    }

    /**
     * Cast on this thread until {@link #close}. Use it in try-with-resources.
     *
     * @param type the kind of device whose operations are cast
     * @param dtype {@link DType#BFLOAT16}, or {@link DType#FLOAT16}, which needs a {@link LossScale} and on CPUs is slower
     *     than float32
     * @throws IllegalArgumentException if the dtype is another one
     */
    public static Autocast open(Device.Type type, DType dtype) {
        if (dtype != DType.BFLOAT16 && dtype != DType.FLOAT16) {
            throw new IllegalArgumentException("wanted bfloat16 or float16 to compute in, but got: " + dtype);
        }
        Engine.load();
        return new Autocast(type, dtype);
    }

    /** Tell whether operations of this thread on a kind of device are cast; false by default. */
    public static boolean isOn(Device.Type type) {
        Engine.load();
        return torch.is_autocast_enabled(native_(type));
    }

    private static DeviceType native_(Device.Type type) {
        return type == Device.Type.CPU ? DeviceType.CPU : DeviceType.CUDA;
    }

    /**
     * Restore what was before, and forget the converted parameters with the last one open; a second time does nothing.
     *
     * @throws IllegalStateException if another thread than the one that opened it calls it
     */
    @Override
    public void close() {
        if (thread != Thread.currentThread()) {
            throw new IllegalStateException("Autocast was opened by thread " + thread.getName()
                    + " and cannot be closed by " + Thread.currentThread().getName());
        }
        if (!closed) {
            closed = true;
            restore(OPEN.get());
        }
    }

    private void restore(Map<Device.Type, OpenOnes> all) {
        OpenOnes ones = all.get(type);
        ones.open.remove(this);
        if (ones.open.isEmpty()) {
            all.remove(type);
            ones.before.set(type);
        } else {
            ones.open.get(ones.open.size() - 1).setting.set(type);
        }
        if (all.isEmpty()) {
            torch.clear_cache();
        }
    }
}
