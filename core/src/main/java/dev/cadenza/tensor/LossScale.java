package dev.cadenza.tensor;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.TensorVector;

/**
 * Find the factor by which a loss is multiplied so that its gradients are neither too small nor too large for float16
 * ({@code torch.amp.GradScaler}; Micikevicius et al. 2018, Mixed Precision Training).
 *
 * <p>It grows after many steps with finite gradients, and shrinks after one that was left out because they were not.
 *
 * <pre>{@code
 * LossScale scale = new LossScale(o -> {});
 * loss.mul(scale.value()).backward();
 * boolean finite = scale.unscale_(optimizer.grads());
 * if (finite) {
 *     optimizer.step();
 * }
 * scale.update(finite);
 * optimizer.zeroGrad();
 * }</pre>
 */
public final class LossScale {
    /** What can be chosen; defaults are PyTorch's. */
    public static final class Options {
        /** The first factor, above 0; default 65536. */
        public double init = 65536;
        /** By what it is multiplied when it grows, above 1; default 2. */
        public double growth = 2;
        /** By what it is multiplied when it shrinks, in (0, 1); default 0.5. */
        public double backoff = 0.5;
        /** After how many steps in a row with finite gradients it grows, 1 or more; default 2000. */
        public int interval = 2000;

        private Options() {}
    }

    private static final OperatorHandle UNSCALE = operator(); // made outside of any PointerScope, which would free it

    private final Options options = new Options();
    private double value;
    private int finiteSteps;

    /**
     * Begin with the first factor.
     *
     * @throws IllegalArgumentException if an option is out of range
     */
    public LossScale(Consumer<Options> options) {
        Options o = this.options;
        options.accept(o);
        require(o.init >= Float.MIN_NORMAL && o.init <= Float.MAX_VALUE, "a first scale above 0", o.init);
        require(o.growth > 1 && Double.isFinite(o.growth), "a growth above 1", o.growth);
        require(o.backoff > 0 && o.backoff < 1, "a backoff in (0, 1)", o.backoff);
        require(o.interval >= 1, "an interval of 1 step or more", o.interval);
        value = o.init;
    }

    private LossScale(LossScale other) {
        options.growth = other.options.growth;
        options.backoff = other.options.backoff;
        options.interval = other.options.interval;
        value = other.value;
        finiteSteps = other.finiteSteps;
    }

    /** Return another one that goes on from where this one is. */
    public LossScale copy() {
        return new LossScale(this);
    }

    private static OperatorHandle operator() {
        Engine.load();
        return Dispatcher.singleton().findSchemaOrThrow("aten::_amp_foreach_non_finite_check_and_unscale_", "");
    }

    private static void require(boolean holds, String wanted, Object got) {
        if (!holds) {
            throw new IllegalArgumentException("wanted " + wanted + ", but got: " + got);
        }
    }

    /** Return the factor. */
    public double value() {
        return value;
    }

    /** Return after how many steps in a row with finite gradients it stands. */
    public int finiteSteps() {
        return finiteSteps;
    }

    /**
     * Go on from another factor and count, as a run that is resumed does.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public void goOn(double factor, int steps) {
        require(factor >= Float.MIN_NORMAL && factor <= Float.MAX_VALUE, "a scale above 0", factor);
        require(steps >= 0 && steps < options.interval, "fewer steps than " + options.interval, steps);
        value = factor;
        finiteSteps = steps;
    }

    /**
     * Divide gradients by the factor in place.
     *
     * @param gradients floating-point tensors, on whatever devices
     * @return whether all of them are finite; if not, do not step with them
     */
    public boolean unscale_(TensorList gradients) {
        Map<Device, List<Tensor>> byDevice = gradients.stream()
                .collect(Collectors.groupingBy(Tensor::device, LinkedHashMap::new, Collectors.toList()));
        boolean finite = true;
        for (Map.Entry<Device, List<Tensor>> entry : byDevice.entrySet()) {
            finite &= unscale(entry.getValue(), entry.getKey());
        }
        return finite;
    }

    /** Of one device, in one pass, with one answer to wait for. */
    private boolean unscale(List<Tensor> gradients, Device device) {
        try (NoGrad off = NoGrad.open();
                Scope scope = Scope.open()) {
            Tensor notFinite = Tensor.zeros(1).to(device);
            Tensor factor = Tensor.full(1 / value, 1).to(device);
            Tensor[] all = new Tensor[gradients.size() + 2];
            gradients.toArray(all);
            all[all.length - 2] = notFinite;
            all[all.length - 1] = factor;
            return Native.read("unscale_", LossScale::call, all) && notFinite.item() == 0;
        }
    }

    private static boolean call(org.bytedeco.pytorch.Tensor... in) {
        try (PointerScope temporaries = new PointerScope()) {
            TensorVector gradients = new TensorVector(Arrays.copyOf(in, in.length - 2));
            // The same layout, and the only constructor that does not reinterpret its argument wrongly.
            IValue list = new IValue(new GenericList((Pointer) new org.bytedeco.pytorch.TensorList(gradients)));
            IValueVector arguments = new IValueVector(3);
            arguments.put(0, list);
            arguments.put(1, new IValue(in[in.length - 2]));
            arguments.put(2, new IValue(in[in.length - 1]));
            UNSCALE.callBoxed(arguments);
            return true;
        }
    }

    /**
     * Shrink after gradients that were not finite; grow after so many in a row that were.
     *
     * @param finite what {@link #unscale_} said before the step
     */
    public void update(boolean finite) {
        if (!finite) {
            value = Math.max(value * options.backoff, Float.MIN_NORMAL);
            finiteSteps = 0;
        } else if (++finiteSteps == options.interval) {
            value = Math.min(value * options.growth, Float.MAX_VALUE);
            finiteSteps = 0;
        }
    }
}
