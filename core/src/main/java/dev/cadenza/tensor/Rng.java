package dev.cadenza.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Function;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Draw random numbers: the same ones for the same seed ({@code torch.Generator}).
 *
 * <p>{@link #global()} is libtorch's one process-wide generator, which initial weights and dropout draw from; after
 * {@code Rng.global().seed(42)} they get the numbers that Python gets after {@code torch.manual_seed(42)}. Where
 * results must not depend on who draws first (data, augmentation) do not share a generator: make one from a key.
 *
 * <pre>{@code
 * Rng rng = new Rng(Rng.key(seed, epoch, index));
 * Tensor noise = Tensor.zeros(3, 32, 32).normal_(0, 1, rng);
 * }</pre>
 */
public final class Rng {
    private static final class Global {
        static final Rng RNG = new Rng(torch.getDefaultCPUGenerator());
    }

    private static final int MERSENNE_STATE = 624;

    private final Generator generator;

    /** Make a generator of its own from a seed. */
    public Rng(long seed) {
        this(newGenerator(seed));
    }

    private Rng(Generator generator) {
        this.generator = generator;
    }

    private static Generator newGenerator(long seed) {
        Engine.load();
        return torch.make_generator_cpu(seed);
    }

    /** Return the process-wide generator. */
    public static Rng global() {
        Engine.load();
        return Global.RNG;
    }

    /**
     * Mix numbers into one seed, so that neighbouring keys give unrelated streams (SplitMix64's finaliser).
     *
     * @param parts what the randomness depends on: a seed, an epoch, an index, …; their order matters
     */
    public static long key(long... parts) {
        long key = 0x9E3779B97F4A7C15L;
        for (long part : parts) {
            key = (key ^ part) + 0x9E3779B97F4A7C15L;
            key = (key ^ (key >>> 30)) * 0xBF58476D1CE4E5B9L;
            key = (key ^ (key >>> 27)) * 0x94D049BB133111EBL;
            key ^= key >>> 31;
        }
        return key;
    }

    /** Start again from a seed; for {@link #global()} also on all GPUs ({@code torch.manual_seed}). */
    public synchronized void seed(long seed) {
        if (this == global()) {
            torch.manual_seed(seed);
        } else {
            generator.set_current_seed(seed);
        }
    }

    /** Copy the state out, to go on from here later with {@link #setState}; some 5 kB. */
    public synchronized byte[] state() {
        try (org.bytedeco.pytorch.Tensor state = generator.get_state()) {
            byte[] bytes = new byte[(int) state.numel()];
            state.data_ptr_byte().get(bytes);
            return bytes;
        }
    }

    /**
     * Go on from a state.
     *
     * @param state what {@link #state} gave
     * @throws TensorException if it is not one
     */
    public synchronized void setState(byte[] state) {
        requireInnerPosition(state);
        try (Tensor tensor = Tensor.of(state)) {
            Native.change("Rng.setState", tensor, generator::set_state);
        }
    }

    /** libtorch checks length and ranges, but of two numbers not the sum: it would read behind the Mersenne twister. */
    private static void requireInnerPosition(byte[] state) {
        ByteBuffer fields = ByteBuffer.wrap(state).order(ByteOrder.nativeOrder()); // seed, left, seeded, next, …
        if (state.length >= 24 && fields.getInt(8) + fields.getLong(16) > MERSENNE_STATE + 1) {
            throw new TensorException("Rng.setState: this is not the state of a generator; wanted what state() gave");
        }
    }

    /** Draw a random order of {@code 0 … n-1} (int64, {@code torch.randperm}). */
    public Tensor randperm(long n) {
        return Native.create("randperm", DType.INT64, options -> use(g -> torch.randperm(n, g, options)));
    }

    synchronized <R> R use(Function<GeneratorOptional, R> f) {
        boolean process = this == Global.RNG; // libtorch then takes the default generator of the tensor's device
        try (GeneratorOptional optional = process ? new GeneratorOptional() : new GeneratorOptional(generator)) {
            return f.apply(optional);
        }
    }

    @Override
    public String toString() {
        return "Rng(" + (this == global() ? "process-wide" : Arrays.hashCode(state())) + ")";
    }
}
