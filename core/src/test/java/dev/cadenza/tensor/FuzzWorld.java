package dev.cadenza.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** The tensors, scopes and guards of one random sequence, and the dice that choose arguments, mostly right ones. */
final class FuzzWorld {
    private static final List<Long> EVIL = List.of(
            Long.MIN_VALUE, -(1L << 40), -65L, -2L, 65L, 1L << 40, 1L << 62, Long.MAX_VALUE - 1, Long.MAX_VALUE);
    private static final List<Double> SCALARS = List.of(0.0, 1.0, -1.0, 2.0, 0.5, 3.0, -0.25, 1e-3);
    private static final List<Double> EVIL_SCALARS =
            List.of(Double.NaN, 1 / 0.0, -1 / 0.0, 1e300, -1e300, 1e10, 300.0, -129.0, 0x1p63, -0x1p63, 4.9E-324);
    private static final List<DType> DTYPES = List.of(DType.values());
    private static final int POOL = 12;
    private static final boolean TRACE = Boolean.getBoolean("fuzz.trace");

    final SplittableRandom dice;
    final List<Scope> scopes = new ArrayList<>();
    final List<NoGrad> noGrads = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private final List<Tensor> pool = new ArrayList<>();
    private final List<Tensor> kept = new ArrayList<>();
    private final double evil;

    FuzzWorld(long seed, double evil) {
        this.dice = new SplittableRandom(seed);
        this.evil = evil;
        trace("\nsequence " + seed);
        scopes.add(Scope.open());
    }

    void begin(String step) {
        log.add(step);
        trace("\n" + step);
    }

    /** With -Dfuzz.trace=true every step stands on stderr before it runs: what to read after a native crash. */
    private static void trace(String text) {
        if (TRACE) {
            System.err.print(text);
        }
    }

    <T> T note(T argument, String text) {
        int last = log.size() - 1;
        log.set(last, log.get(last) + " " + text);
        trace(" " + text);
        return argument;
    }

    List<String> log() {
        return log;
    }

    boolean isEvil() {
        return dice.nextDouble() < evil;
    }

    /** A tensor of the pool: mostly an open one, of any dtype. */
    Tensor tensor() {
        Tensor chosen = pick();
        for (int i = 0; i < 8 && chosen.isClosed() && !isEvil(); i++) {
            chosen = pick();
        }
        return note(chosen, chosen.describe());
    }

    /** A tensor of the pool, mostly a float one. */
    Tensor floats() {
        return preferred(true);
    }

    /** A tensor of the pool, mostly an integer one. */
    Tensor integers() {
        return preferred(false);
    }

    private Tensor preferred(boolean floating) {
        for (int i = 0; i < 16 && !isEvil(); i++) {
            Tensor t = pick();
            if (!t.isClosed()
                    && t.dtype().isFloatingPoint() == floating
                    && !t.dtype().equals(DType.BOOL)) {
                return note(t, t.describe());
            }
        }
        if (isEvil()) {
            return tensor();
        }
        Tensor fresh = floating ? Tensor.full(0.5, 3, 3) : Tensor.of(new long[] {0, 1, 2});
        put(fresh);
        return note(fresh, fresh.describe());
    }

    /** A tensor whose gradients are not recorded or that is not a leaf, so that it may be changed in place. */
    Tensor target() {
        Tensor t = floats();
        return t.isClosed() || !t.requiresGrad() || isEvil() ? t : note(t.detach(), "detached");
    }

    private Tensor pick() {
        if (pool.isEmpty()) {
            put(Tensor.ones(3));
        }
        return pool.get(dice.nextInt(pool.size()));
    }

    /** Remembers a result, unless it is too large to compute with. */
    void put(Tensor tensor) {
        if (tensor.isClosed()) {
            return;
        }
        if (tensor.numel() > 20_000 || tensor.dim() > 6) {
            tensor.close();
        } else if (pool.size() < POOL) {
            pool.add(tensor);
        } else {
            pool.set(dice.nextInt(POOL), tensor);
        }
    }

    Tensor keep(Tensor tensor) {
        kept.add(tensor);
        return tensor.keep();
    }

    <T extends Tensor> T own(T bornKept) {
        kept.add(bornKept);
        return bornKept;
    }

    /** A dimension of this tensor, mostly a valid one. */
    long dim(Tensor tensor) {
        int dims = tensor.isClosed() ? 1 : Math.max(1, tensor.dim());
        long dim = isEvil() ? evilSize() : dice.nextInt(2 * dims) - dims;
        return note(dim, "dim=" + dim);
    }

    long index(long end) {
        long index = isEvil() || end <= 0 ? evilSize() : dice.nextLong(end);
        return note(index, "index=" + index);
    }

    long[] dims(Tensor tensor) {
        long[] dims = new long[dice.nextInt(3)];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = i == 0 || isEvil() ? dim(tensor) : (dims[0] < 0 ? dims[0] + 1 : dims[0] - 1);
        }
        return tensor.isClosed() || tensor.dim() > 1 || dims.length < 2 || isEvil() ? dims : new long[] {dims[0]};
    }

    private <T> T of(List<T> choices) {
        return choices.get(dice.nextInt(choices.size()));
    }

    long evilSize() {
        return of(EVIL);
    }

    /** Sizes that fit each other under broadcasting, sometimes 0 or another one, rarely impossible. */
    long[] shape() {
        long[] shape = new long[isEvil() ? dice.nextInt(9) : 1 + dice.nextInt(3)];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = dice.nextInt(100) == 0 ? dice.nextInt(6) : dice.nextInt(4) == 0 ? 1 : 3;
            if (isEvil()) {
                shape[i] = isEvil() ? 0 : evilSize();
                shape[i] = shape[i] == 65 ? 5 : shape[i]; // 65 to the fifth would really be allocated
            }
        }
        return note(shape, Arrays.toString(shape));
    }

    double scalar() {
        double x = of(isEvil() ? EVIL_SCALARS : SCALARS);
        return note(x, "scalar=" + x);
    }

    boolean bool() {
        boolean b = dice.nextBoolean();
        return note(b, String.valueOf(b));
    }

    DType dtype() {
        DType dtype = of(isEvil() || dice.nextInt(4) == 0 ? DTYPES : DTYPES.subList(0, 2));
        return note(dtype, dtype.toString());
    }

    /** Ends whatever the sequence left open. */
    void end() {
        for (int i = noGrads.size() - 1; i >= 0; i--) {
            noGrads.get(i).close();
        }
        scopes.get(0).close();
        kept.forEach(Tensor::close);
        pool.forEach(Tensor::close);
    }
}
