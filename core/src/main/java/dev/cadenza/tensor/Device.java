package dev.cadenza.tensor;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Name where a tensor's memory lies: the processor, or one of the CUDA GPUs ({@code torch.device}).
 *
 * <pre>{@code
 * Device device = Device.cudaIsAvailable() ? Device.cuda(0) : Device.CPU;
 * model.to(device);
 * }</pre>
 *
 * @param type the kind of device
 * @param index which one of its kind, from 0; always 0 for the CPU
 */
public record Device(Type type, int index) {
    /** The kinds of devices. */
    public enum Type {
        /** The processor. */
        CPU,
        /** An NVIDIA GPU. */
        CUDA
    }

    /** The processor, the default of everything that creates a tensor. */
    public static final Device CPU = new Device(Type.CPU, 0);

    private static final Pattern NAME = Pattern.compile("(cpu)|cuda(?::(\\d{1,4}))?");

    /**
     * Check that the index fits the kind.
     *
     * @throws IllegalArgumentException if the index is negative, or not 0 for the CPU
     */
    public Device {
        if (index < 0 || (type == Type.CPU && index != 0)) {
            throw new IllegalArgumentException("wanted 0 for the CPU, 0 or more for CUDA, but the index is " + index);
        }
    }

    /** Return the CUDA device with this index, whether or not this machine has it (see {@link #cudaIsAvailable}). */
    public static Device cuda(int index) {
        return new Device(Type.CUDA, index);
    }

    /**
     * Parse a PyTorch device name.
     *
     * @param name {@code cpu}, {@code cuda} (the first GPU) or {@code cuda:1}
     * @throws IllegalArgumentException if it is none of these
     */
    public static Device of(String name) {
        Matcher m = NAME.matcher(name);
        if (!m.matches()) {
            throw new IllegalArgumentException("wanted cpu, cuda or cuda:N for a device, but got: " + name);
        }
        return m.group(1) != null ? CPU : cuda(m.group(2) == null ? 0 : Integer.parseInt(m.group(2)));
    }

    /** Tell whether the loaded libtorch can compute on a GPU of this machine; {@code ./cadenza doctor} says why not. */
    public static boolean cudaIsAvailable() {
        return Engine.cudaDevices() > 0;
    }

    /** Return the PyTorch name: {@code cpu} or {@code cuda:0}. */
    @Override
    public String toString() {
        return type == Type.CPU ? "cpu" : "cuda:" + index;
    }
}
