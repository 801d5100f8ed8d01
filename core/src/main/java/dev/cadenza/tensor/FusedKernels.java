package dev.cadenza.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/**
 * Call libtorch's kernels that do a whole optimizer step in one pass over memory; {@code dev.cadenza.optim} stands on
 * them, for the recipes that they are made for.
 *
 * <p>They compare neither types nor layouts and read past the end where lists do not match, so that each call here looks
 * first. It does nothing and returns false unless the lists are of one length and not empty, all float32 or all float64 on
 * one device, and tensors of one place have as many elements, in the same order in memory.
 */
public final class FusedKernels {
    private static final OperatorHandle SGD = operator("_fused_sgd_");
    private static final OperatorHandle ADAM = operator("_fused_adam_");
    private static final OperatorHandle ADAMW = operator("_fused_adamw_");

    /**
     * The hyper-parameters of {@link #sgd_}.
     *
     * @param mom above 0: without momentum the kernel keeps no average
     * @param wd factor of the L2 penalty
     * @param nesterov whether to look ahead by the average
     */
    public record Sgd(double lr, double mom, double wd, boolean nesterov) {}

    /**
     * The hyper-parameters of {@link #adam_}.
     *
     * @param mom β₁
     * @param sqrMom β₂
     * @param decoupled whether wd shrinks the parameters, or is the factor of an L2 penalty
     */
    public record Adam(double lr, double mom, double sqrMom, double eps, double wd, boolean decoupled) {}

    private FusedKernels() {}

    private static OperatorHandle operator(String name) {
        Engine.load();
        return Dispatcher.singleton().findSchemaOrThrow("aten::" + name, "");
    }

    /** Compares what the kernels do not; by questions that are answered without making an object. */
    private static boolean fit(org.bytedeco.pytorch.Tensor[] in, int size) {
        long bytes = in[0].element_size(); // of bfloat16 and float16 the kernels do nothing, in silence
        Device device = Native.device(in[0]);
        for (int i = 0; i < in.length; i++) {
            org.bytedeco.pytorch.Tensor first = in[i % size];
            boolean same = in[i].is_floating_point()
                    && in[i].element_size() == bytes
                    && bytes >= Float.BYTES
                    && in[i].numel() == first.numel()
                    && sameLayout(in[i], first)
                    && (device.type() == Device.Type.CPU
                            ? in[i].is_cpu()
                            : Native.device(in[i]).equals(device));
            if (!same) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameLayout(org.bytedeco.pytorch.Tensor a, org.bytedeco.pytorch.Tensor b) {
        return (a.is_contiguous() && b.is_contiguous()) || (channelsLast(a) && channelsLast(b));
    }

    private static boolean channelsLast(org.bytedeco.pytorch.Tensor x) {
        return x.dim() == 4 && x.is_contiguous(MemoryFormat.ChannelsLast);
    }

    /**
     * Do {@code g += wd·p; avg = mom·avg + g; p -= lr·avg}, or with Nesterov {@code p -= lr·(g + mom·avg)}; the
     * gradients stay as they are.
     *
     * @return whether it was done
     */
    public static boolean sgd_(TensorList params, TensorList grads, TensorList averages, Sgd o) {
        Consumer<Stack> hypers = stack -> {
            stack.doubles(o.wd, o.mom, o.lr, 0);
            stack.booleans(o.nesterov, false, false);
        };
        return run("sgd_", SGD, hypers, params, grads, averages);
    }

    /**
     * Do the update of Adam number {@code step}: see {@code Steps.adamStep}; the gradients stay as they are.
     *
     * @param averages of gradients, and of their squares
     * @param step from 1
     * @return whether it was done
     */
    public static boolean adam_(TensorList params, TensorList grads, List<TensorList> averages, long step, Adam o) {
        if (params.isEmpty()) {
            return false;
        }
        try (Scope scope = Scope.open()) {
            Tensor count = Tensor.full(step).to(params.get(0).device());
            Consumer<Stack> hypers = stack -> {
                stack.list(); // no maxima: AMSGrad is off
                stack.same(count);
                stack.doubles(o.lr, o.mom, o.sqrMom, o.wd, o.eps);
                stack.booleans(false, false);
            };
            return run("adam_", o.decoupled ? ADAMW : ADAM, hypers, params, grads, averages.get(0), averages.get(1));
        }
    }

    private static boolean run(String op, OperatorHandle operator, Consumer<Stack> arguments, TensorList... lists) {
        int size = lists[0].size();
        Tensor[] all = new Tensor[size * lists.length];
        for (int i = 0; i < lists.length; i++) {
            if (lists[i].size() != size) {
                return false;
            }
            System.arraycopy(lists[i].toArray(Tensor[]::new), 0, all, i * size, size);
        }
        return size > 0 && Native.read(op, in -> fit(in, size) && call(operator, in, size, arguments), all);
    }

    private static boolean call(
            OperatorHandle operator, org.bytedeco.pytorch.Tensor[] in, int size, Consumer<Stack> arguments) {
        try (NoGrad off = NoGrad.open();
                PointerScope temporaries = new PointerScope()) { // owns all that is made for the call
            Stack stack = new Stack(size);
            for (int i = 0; i < in.length; i += size) {
                stack.list(Arrays.copyOfRange(in, i, i + size));
            }
            arguments.accept(stack);
            stack.call(operator);
            return true;
        }
    }

    /** The arguments of a call, in order. */
    private static final class Stack {
        private final int size;
        private final List<IValue> values = new ArrayList<>();

        Stack(int size) {
            this.size = size;
        }

        void list(org.bytedeco.pytorch.Tensor... tensors) {
            // The same layout, and the only constructor that does not reinterpret its argument wrongly.
            values.add(new IValue(
                    new GenericList((Pointer) new org.bytedeco.pytorch.TensorList(new TensorVector(tensors)))));
        }

        /** One tensor for all. */
        void same(Tensor tensor) {
            org.bytedeco.pytorch.Tensor[] same = new org.bytedeco.pytorch.Tensor[size];
            Arrays.fill(same, tensor.pin());
            try {
                list(same);
            } finally {
                tensor.unpin();
            }
        }

        void doubles(double... numbers) {
            for (double number : numbers) {
                values.add(new IValue(number));
            }
        }

        void booleans(boolean... flags) {
            for (boolean flag : flags) {
                values.add(new IValue(flag));
            }
        }

        void call(OperatorHandle operator) {
            values.add(new IValue()); // no scale of gradients, and none that was found infinite
            values.add(new IValue());
            IValueVector in = new IValueVector(values.size());
            for (int i = 0; i < values.size(); i++) {
                in.put(i, values.get(i));
            }
            operator.callBoxed(in);
        }
    }
}
