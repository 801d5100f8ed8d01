package dev.cadenza.nn;

import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.io.Types;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Make layers and losses again from what they say of themselves, and models with their weights.
 *
 * <pre>{@code
 * Sequential net = Sequential.of(new Linear(784, 50), Activation.relu(), new Linear(50, 10));
 * String text = net.spec().toString();
 * Module same = Layers.build(Spec.parse(text), net.stateDict(), Layers.types());
 * }</pre>
 */
public final class Layers {
    private Layers() {}

    /** Return what makes the layers and the losses of this package. */
    public static Types types() {
        return losses(pools(new Types()))
                .add("Linear", s -> new Linear(s.whole("in"), s.whole("out"), o -> o.bias = s.flag("bias")))
                .add("Conv2d", Layers::conv2d)
                .add("BatchNorm1d", s -> new BatchNorm1d(s.whole("channels"), batchNorm(s)))
                .add("BatchNorm2d", s -> new BatchNorm2d(s.whole("channels"), batchNorm(s)))
                .add("Dropout", s -> new Dropout(s.number("p")))
                .add(
                        "Embedding",
                        s -> new Embedding(s.whole("n"), s.whole("dim"), o -> o.paddingIdx = s.whole("paddingIdx")))
                .add("Flatten", s -> new Flatten(s.whole("startDim")))
                .add("Identity", s -> new Identity())
                .add("Activation", Activation::of)
                .add("Sequential", s -> Sequential.of(s.parts("layers", Layer.class)));
    }

    private static Types pools(Types types) {
        return types.add("MaxPool2d", Layers::maxPool2d)
                .add("AvgPool2d", Layers::avgPool2d)
                .add(
                        "AdaptiveAvgPool2d",
                        s -> s.has("width")
                                ? new AdaptiveAvgPool2d(s.integer("height"), s.integer("width"))
                                : new AdaptiveAvgPool2d(s.integer("height")))
                .add(
                        "AdaptiveMaxPool2d",
                        s -> s.has("width")
                                ? new AdaptiveMaxPool2d(s.integer("height"), s.integer("width"))
                                : new AdaptiveMaxPool2d(s.integer("height")))
                .add("AdaptiveConcatPool2d", s -> new AdaptiveConcatPool2d(s.integer("size")));
    }

    private static Types losses(Types types) {
        return types.add("CrossEntropyLoss", s -> Losses.crossEntropy(o -> o.classesLast = s.flag("classesLast")))
                .add("NLLLoss", s -> Losses.nll(o -> o.classesLast = s.flag("classesLast")))
                .add("FocalLoss", s -> Losses.focal(o -> o.classesLast = s.flag("classesLast")))
                .add("DiceLoss", s -> Losses.dice(o -> o.classesLast = s.flag("classesLast")))
                .add("BCELoss", s -> Losses.bce(o -> o.threshold = s.number("threshold")))
                .add("BCEWithLogitsLoss", s -> Losses.bceWithLogits(o -> o.threshold = s.number("threshold")))
                .add("MSELoss", s -> Losses.mse())
                .add("L1Loss", s -> Losses.l1())
                .add("SmoothL1Loss", s -> Losses.smoothL1())
                .add("HuberLoss", s -> Losses.huber());
    }

    private static Conv2d conv2d(Spec s) {
        return new Conv2d(s.whole("in"), s.whole("out"), s.integer("kernel"), o -> {
            o.kernelWidth = s.integerOrNull("kernelWidth");
            o.stride = s.integer("stride");
            o.strideWidth = s.integerOrNull("strideWidth");
            o.padding = s.integer("padding");
            o.paddingWidth = s.integerOrNull("paddingWidth");
            o.dilation = s.integer("dilation");
            o.dilationWidth = s.integerOrNull("dilationWidth");
            o.groups = s.integer("groups");
            o.bias = s.flag("bias");
        });
    }

    private static Consumer<BatchNorm.Options> batchNorm(Spec s) {
        return o -> {
            o.momentum = s.number("momentum");
            o.cumulative = s.flag("cumulative");
            o.eps = s.number("eps");
            o.affine = s.flag("affine");
            o.trackRunningStats = s.flag("trackRunningStats");
        };
    }

    private static MaxPool2d maxPool2d(Spec s) {
        return new MaxPool2d(s.integers("kernel")[0], o -> {
            o.kernelWidth = s.integers("kernel")[1];
            o.stride = s.integers("stride")[0];
            o.strideWidth = s.integers("stride")[1];
            o.padding = s.integers("padding")[0];
            o.paddingWidth = s.integers("padding")[1];
            o.dilation = s.integers("dilation")[0];
            o.dilationWidth = s.integers("dilation")[1];
            o.ceilMode = s.flag("ceilMode");
        });
    }

    private static AvgPool2d avgPool2d(Spec s) {
        return new AvgPool2d(s.integers("kernel")[0], o -> {
            o.kernelWidth = s.integers("kernel")[1];
            o.stride = s.integers("stride")[0];
            o.strideWidth = s.integers("stride")[1];
            o.padding = s.integers("padding")[0];
            o.paddingWidth = s.integers("padding")[1];
            o.ceilMode = s.flag("ceilMode");
            o.countIncludePad = s.flag("countIncludePad");
            o.divisorOverride = s.integerOrNull("divisorOverride");
        });
    }

    /**
     * Describe a model.
     *
     * @throws IllegalArgumentException if it, or a part of it, does not say what it is: names where it stands
     */
    public static Spec spec(Module model) {
        if (model instanceof Described described) {
            return described.spec();
        }
        throw new IllegalArgumentException("the model is of " + model.getClass().getName()
                + ", which does not say what it is; let it implement Described");
    }

    /**
     * Make a model with its weights, in inference mode; where all weights are of one other floating-point dtype than
     * float32, it has that.
     *
     * <p>Nothing is drawn at random, and no more weights are made than are given.
     *
     * @param weights a value for each name of the model's state, and no other
     * @param types what may be made
     * @throws IllegalArgumentException if the model cannot be made, or the weights do not fit it: says where and why
     */
    public static Module build(Spec spec, Map<String, ? extends Tensor> weights, Types types) {
        long numbers = weights.values().stream().mapToLong(Tensor::numel).sum();
        Module model = Blank.make(numbers, () -> types.make(spec, Module.class));
        Set<DType> dtypes = weights.values().stream()
                .map(Tensor::dtype)
                .filter(DType::isFloatingPoint)
                .collect(Collectors.toSet());
        if (dtypes.size() == 1) {
            model.to(List.copyOf(dtypes).get(0));
        }
        model.loadStateDict(weights);
        return model.eval();
    }
}
