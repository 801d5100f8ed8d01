package dev.cadenza.nn;

import dev.cadenza.tensor.Buffer;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Device;
import dev.cadenza.tensor.GradHook;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Hold parameters, buffers and other modules, and compute with them: a layer, a block or a whole network
 * ({@code torch.nn.Module}).
 *
 * <p>Fields register themselves: each {@link Parameter}, {@link Buffer} or {@link Module} in a field is trained, saved
 * and moved with the module. They are found in arrays, in {@code List}s and other collections by position, and in
 * {@code Map}s by key ({@code blocks.up.weight}), in the order of a {@code LinkedHashMap} or {@code SortedMap}, else
 * sorted; a {@code Set} of them is an error. They are not found in an {@code Optional}, a record or another object of
 * yours that is no module: make it one, or {@link #register} them.
 *
 * <p>Names of the state are those of PyTorch: fields in snake case, joined by dots ({@code layer1.0.conv1.weight},
 * {@code bn1.running_mean}), own parameters before own buffers before those of the children. Two members of one name
 * are an error. Fields are read each time, so that replacing one is enough to swap a head.
 *
 * <pre>{@code
 * final class Block extends Module {
 *     final Linear fc1 = new Linear(64, 64);
 *     final Linear fc2 = new Linear(64, 64);
 *
 *     protected Tensor compute(Tensor x) {
 *         return x.add(fc2.forward(fc1.forward(x).relu()));
 *     }
 * }
 * }</pre>
 */
public abstract class Module implements Layer {
    private final Map<String, Object> registered = new LinkedHashMap<>();
    private final List<Hook> hooks = new CopyOnWriteArrayList<>(); // a hook may close itself while it plays
    private boolean training = true;

    /**
     * Compute the output of one input, and let {@link #onForward hooks} see it ({@code module(x)} in PyTorch).
     *
     * <p>What a module computes is for its {@link #compute(Tensor)} to say.
     */
    @Override
    public final Tensor forward(Tensor x) {
        Tensor output = compute(x);
        return hooks.isEmpty() ? output : Hook.play(hooks, this, List.of(x), output);
    }

    /** Do {@link #forward(Tensor)} for all inputs of a batch; the training loop calls this. */
    public final Tensor forward(List<Tensor> inputs) {
        Tensor output = compute(inputs);
        return hooks.isEmpty() ? output : Hook.play(hooks, this, inputs, output);
    }

    /**
     * Say what this module computes: the method to override ({@code forward} in PyTorch). Call {@link #forward}, so that
     * hooks see it.
     */
    protected abstract Tensor compute(Tensor x);

    /**
     * Say what this module computes from all inputs of a batch.
     *
     * <p>A module with several inputs overrides it; by default there must be one, which goes to
     * {@link #compute(Tensor)}.
     *
     * @throws IllegalArgumentException if there is not exactly one and the module does not override this method
     */
    protected Tensor compute(List<Tensor> inputs) {
        if (inputs.size() != 1) {
            throw new IllegalArgumentException(name() + " takes one input, but the batch has " + inputs.size()
                    + "; override compute(List<Tensor>) to take several");
        }
        return compute(inputs.get(0));
    }

    /** Play each time this module has computed its output ({@code register_forward_hook}), until the hook is closed. */
    public final Hook onForward(Hook.Forward hook) {
        return new Hook(hooks, hook);
    }

    /**
     * Play each time the gradient of the loss with respect to this module's output is known, until the hook is closed
     * ({@code register_full_backward_hook}'s {@code grad_output}).
     */
    public final Hook onBackward(Hook.Backward hook) {
        return onForward((module, inputs, output) -> {
            if (output.requiresGrad()) {
                GradHook.on(output, grad -> hook.play(this, grad));
            }
            return output;
        });
    }

    /**
     * Register a parameter, buffer or module under a name, for those that are not in a field of this module.
     *
     * @param name as it shall stand in the state, {@code snake_case} without dots
     * @return the member
     * @throws IllegalArgumentException if it is none of the three, or the name has a dot, is empty or is taken
     */
    protected final <T> T register(String name, T member) {
        if (name.isEmpty() || name.contains(".") || members().containsKey(name)) {
            throw new IllegalArgumentException("wanted a new name without a dot, but got '" + name + "' in " + this);
        }
        if (!Members.isMember(member)) {
            throw new IllegalArgumentException("wanted a Parameter, Buffer or Module for '" + name + "', but got "
                    + member.getClass().getName());
        }
        registered.put(name, member);
        return member;
    }

    /** What this module holds itself, by name and in order; containers with other names for it override this. */
    Map<String, Object> members() {
        return Fields.membersOf(this, registered);
    }

    /** Return the modules that this one holds directly, by name. */
    public final Map<String, Module> namedChildren() {
        return Members.only(Module.class, members());
    }

    /** Return this module (by the empty name) and all below it by their full names, each once. */
    public final Map<String, Module> namedModules() {
        return Members.modules(this);
    }

    /** Return all parameters by their full names; one that stands in two places appears once, by its first name. */
    public final Map<String, Parameter> namedParameters() {
        Map<String, Parameter> all = Members.only(Parameter.class, stateDict());
        all.values().removeIf(new Members.Seen());
        return all;
    }

    /** Return all parameters, each once. */
    public final List<Parameter> parameters() {
        return List.copyOf(namedParameters().values());
    }

    /** Return all buffers by their full names, each once. */
    public final Map<String, Buffer> namedBuffers() {
        Map<String, Buffer> all = Members.only(Buffer.class, stateDict());
        all.values().removeIf(new Members.Seen());
        return all;
    }

    /**
     * Return all parameters and buffers by their full names, in PyTorch's order ({@code state_dict}).
     *
     * <p>These are the tensors themselves, not copies: they change as training goes on.
     */
    public final Map<String, Tensor> stateDict() {
        return Members.state(this);
    }

    /**
     * Copy values into all parameters and buffers, by name, converted to their dtype and device.
     *
     * @param state a value of the same shape ({@code [1]} for {@code []}, too) for each name of {@link #stateDict}, and
     *     no other
     * @throws IllegalArgumentException if names are missing or unknown or shapes differ: lists all of them, and
     *     changes nothing; see {@link #loadWhatFits}
     */
    public final void loadStateDict(Map<String, ? extends Tensor> state) {
        Members.load(this, state);
    }

    /**
     * Copy the values whose name and shape fit, and leave the rest ({@code load_state_dict(strict=False)}, which still
     * fails for a wrong shape).
     *
     * <p>Look at the report: where no name fits, nothing is loaded.
     *
     * @param state values by name, as for {@link #loadStateDict}
     * @return what was loaded and what was not
     */
    public final LoadReport loadWhatFits(Map<String, ? extends Tensor> state) {
        return Members.loadWhatFits(this, state);
    }

    /** Switch this module and all below it to training: dropout drops, batch norm takes the batch's statistics. */
    public final Module train() {
        return train(true);
    }

    /** Switch this module and all below it to inference. */
    public final Module eval() {
        return train(false);
    }

    /** Switch this module and all below it to training or inference. */
    public final Module train(boolean mode) {
        namedModules().values().forEach(module -> module.training = mode);
        return this;
    }

    /** Switch this module alone, not those below it; to restore modes that differ. */
    public final void setTraining(boolean mode) {
        training = mode;
    }

    /** Tell whether this module is in training mode, as it is at first. */
    public final boolean isTraining() {
        return training;
    }

    /** Move all parameters and buffers to a device, in place; those that were elsewhere lose their gradients. */
    public final Module to(Device device) {
        return convert(tensor -> !tensor.device().equals(device), tensor -> tensor.to(device));
    }

    /** Convert all floating-point parameters and buffers, in place; those of another dtype lose their gradients. */
    public final Module to(DType dtype) {
        if (!dtype.isFloatingPoint()) {
            throw new IllegalArgumentException("wanted a floating-point dtype for a module, but got: " + dtype);
        }
        return convert(
                tensor -> tensor.dtype().isFloatingPoint() && tensor.dtype() != dtype, tensor -> tensor.to(dtype));
    }

    private Module convert(Predicate<Tensor> changes, UnaryOperator<Tensor> conversion) {
        try (Scope scope = Scope.open()) {
            stateDict().values().stream()
                    .filter(changes)
                    .forEach(tensor -> tensor.setData(conversion.apply(tensor.detach())));
        }
        return this;
    }

    /** Let all parameters be trained, or freeze them. */
    public final Module requiresGrad_(boolean requiresGrad) {
        parameters().forEach(parameter -> parameter.requiresGrad_(requiresGrad));
        return this;
    }

    /** Forget the gradients of all parameters. */
    public final void zeroGrad() {
        parameters().forEach(Tensor::zeroGrad);
    }

    /** Write what distinguishes this module for {@link #toString}: {@code in_features=784, …}; empty by default. */
    protected String extraRepr() {
        return "";
    }

    /** Print the tree of modules as PyTorch does. */
    @Override
    public String toString() {
        Map<String, ?> children = printedChildren();
        String extra = extraRepr();
        if (children.isEmpty()) {
            return name() + "(" + extra + ")";
        }
        StringBuilder out = new StringBuilder(name()).append('(');
        if (!extra.isEmpty()) {
            out.append("\n  ").append(extra);
        }
        children.forEach((key, child) -> out.append("\n  (")
                .append(key)
                .append("): ")
                .append(child.toString().replace("\n", "\n  ")));
        return out.append("\n)").toString();
    }

    final String name() {
        String name = getClass().getSimpleName();
        return name.isEmpty() ? "Module" : name; // an anonymous class has none
    }

    /** The children that {@link #toString} prints. */
    Map<String, ?> printedChildren() {
        return namedChildren();
    }
}
