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
 * <p>They compare neither types nor layouts and read past the end where lists do not match, so that each call checks
 * what {@link #fit} does.
 */
public final class FusedKernels {
    private static final OperatorHandle SGD = operator("_fused_sgd_");
    private static final OperatorHandle ADAM = operator("_fused_adam_");
    private static final OperatorHandle ADAMW = operator("_fused_adamw_");

    /**
     * The hyper-parameters of {@link #sgd_}.
     *
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

    /**
     * Tell whether kernels can work on these lists: of one length and not empty, all float32 or all float64 on one device, and those
     * of one place of as many elements, in the same order in memory.
     */
    public static boolean fit(TensorList... lists) {
        int size = lists[0].size();
        return size > 0
                && Arrays.stream(lists).allMatch(list -> list.size() == size)
                && Native.read("fused", in -> fit(in, size), joined(lists));
    }

    private static boolean fit(org.bytedeco.pytorch.Tensor[] in, int size) {
        Device device = Native.device(in[0]);
        DType dtype = Native.dtype(in[0]);
        if (dtype != DType.FLOAT32 && dtype != DType.FLOAT64) { // with bfloat16 they do nothing, in silence
            return false;
        }
        int type = Native.type(dtype).value;
        for (int i = 0; i < in.length; i++) {
            org.bytedeco.pytorch.Tensor first = in[i % size];
            boolean same = in[i].scalar_type().value == type
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
     * @param averages null where mom is 0: {@code p -= lr·g}
     * @throws TensorException if the lists do not {@link #fit}
     */
    public static void sgd_(TensorList params, TensorList grads, TensorList averages, Sgd o) {
        TensorList[] lists = averages == null ? lists(params, grads) : lists(params, grads, averages);
        run("sgd_", SGD, params.size(), lists, stack -> {
            stack.lists(averages == null ? 1 : 0);
            stack.doubles(o.wd, averages == null ? 0 : o.mom, o.lr, 0);
            stack.booleans(o.nesterov, false, false);
        });
    }

    /**
     * Do the update of Adam number {@code step}: see {@code Steps.adamStep}; the gradients stay as they are.
     *
     * @param averages of gradients, and of their squares
     * @param step from 1
     * @throws TensorException if the lists do not {@link #fit}
     */
    public static void adam_(TensorList params, TensorList grads, List<TensorList> averages, long step, Adam o) {
        TensorList[] lists = lists(params, grads, averages.get(0), averages.get(1));
        try (Scope scope = Scope.open()) {
            Tensor count = Tensor.full(step).to(params.get(0).device());
            run("adam_", o.decoupled ? ADAMW : ADAM, params.size(), lists, stack -> {
                stack.lists(1); // no maxima: AMSGrad is off
                stack.same(count);
                stack.doubles(o.lr, o.mom, o.sqrMom, o.wd, o.eps);
                stack.booleans(false, false);
            });
        }
    }

    private static TensorList[] lists(TensorList... lists) {
        return lists;
    }

    private static Tensor[] joined(TensorList... lists) {
        return Arrays.stream(lists).flatMap(List::stream).toArray(Tensor[]::new);
    }

    private static void run(
            String op, OperatorHandle operator, int size, TensorList[] lists, Consumer<Stack> arguments) {
        if (!fit(lists)) {
            throw new TensorException(
                    op
                            + ": wanted lists of one length of float32 or float64 tensors that match in size and memory layout");
        }
        Native.read(
                op,
                in -> {
                    try (NoGrad off = NoGrad.open();
                            PointerScope temporaries = new PointerScope()) { // owns all that is made for the call
                        Stack stack = new Stack(size);
                        for (int i = 0; i < in.length; i += size) {
                            stack.list(Arrays.copyOfRange(in, i, i + size));
                        }
                        arguments.accept(stack);
                        stack.call(operator);
                        return null;
                    }
                },
                joined(lists));
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

        void lists(int empty) {
            for (int i = 0; i < empty; i++) {
                list();
            }
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
