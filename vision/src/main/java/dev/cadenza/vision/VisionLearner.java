package dev.cadenza.vision;

import dev.cadenza.data.DataLoaders;
import dev.cadenza.metric.Metric;
import dev.cadenza.metric.Metrics;
import dev.cadenza.nn.Loss;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.train.Learner;
import dev.cadenza.vision.models.ResNet;
import dev.cadenza.vision.models.XResNet;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Make a learner for images of an architecture's body and a new head (fastai's {@code vision_learner}).
 *
 * <pre>{@code
 * import dev.cadenza.vision.VisionLearner;
 * import dev.cadenza.vision.models.ResNet;
 *
 * Map<String, Tensor> weights = ResNet.resnet18(1000).stateDict();      // or those that a file holds
 * Learner learn = VisionLearner.of(data, ResNet.resnet18(37), o -> o.pretrained = weights);
 * learn.fineTune(3);
 * }</pre>
 *
 * <p>The body is what the architecture has before its last pool. The head pools to both the largest values and the
 * averages, and goes by a hidden layer of 512 to the scores: AdaptiveConcatPool2d, Flatten, BatchNorm1d, Dropout(ps/2),
 * Linear, ReLU, BatchNorm1d, Dropout(ps), Linear; its weights start from Kaiming's normal distribution. The model is the
 * Sequential of both, so that names of the state begin with {@code 0.} and the position in the body
 * ({@code 0.0.weight}, {@code 0.4.0.conv1.weight}), or {@code 1.} and that in the head ({@code 1.8.weight}), as in
 * fastai.
 *
 * <p>Parameters are in groups, so that {@link dev.cadenza.optim.Rates#between rates} may rise from the first layers to
 * the head: for {@link ResNet} and {@link XResNet} the body is two of them, else one. With weights given, the body is
 * frozen (but for batch norms), until {@code fineTune} or {@code unfreeze}; without, nothing is.
 *
 * <p>Images must be normalised as those were that the weights were trained with.
 */
public final class VisionLearner {
    /** How many parts of the body are its first group, as in fastai: stem and two groups of blocks, or the stem. */
    private static final Map<Class<?>, Integer> SPLITS = Map.of(ResNet.class, 6, XResNet.class, 3);

    private VisionLearner() {}

    /** What can be chosen. */
    public static final class Options {
        /**
         * Weights to begin with, by the architecture's names ({@code layer1.0.conv1.weight}); default null: those that
         * it has, and nothing is frozen. Those behind the cut are left out: they may be of other classes.
         */
        public Map<String, ? extends Tensor> pretrained;
        /** How many scores the head gives, 1 or more; default null: as many as the architecture. */
        public Long classes;
        /** How many parts of the architecture are the body, 1 or more; default null: those before its last pool. */
        public Integer cut;
        /** How many parts of the body are the first group of parameters, from 0; default null: by the architecture. */
        public Integer split;
        /** Whether the head sees the largest values and the averages, or these alone; default true. */
        public boolean concatPool = true;
        /** Features of the hidden layers, 1 or more each; default one of 512. */
        public int[] linFtrs = {512};
        /** Share of features dropped before the last layer, in [0, 1], half of it before the others; default 0.5. */
        public double ps = 0.5;
        /** Whether the head begins with a batch norm; default true. */
        public boolean firstBn = true;
        /** Whether scores are normalised by a batch norm (its momentum 0.01); default false. */
        public boolean bnFinal;
        /** Whether dropout and linear come before activation and batch norm, not after the norm; default false. */
        public boolean linFirst;
        /** The least and the greatest number that the model gives, by a sigmoid; default null: no limit. */
        public double[] yRange;
        /** The loss; default null: cross-entropy. */
        public Loss lossFunction;
        /** What to measure; default null: accuracy with the default loss, nothing with another. */
        public List<? extends Metric> metrics;
        /** Height and width of the image that the architecture is tried with, once; default 64. */
        public int trySize = 64;

        private Options() {}

        private void check() {
            require(classes == null || classes >= 1, "classes", "at least 1", classes);
            require(ps >= 0 && ps <= 1, "ps", "in [0, 1]", ps);
            require(
                    Arrays.stream(linFtrs).allMatch(n -> n >= 1),
                    "linFtrs",
                    "1 or more each",
                    Arrays.toString(linFtrs));
            require(trySize >= 1, "trySize", "at least 1", trySize);
            boolean rises = yRange == null || (yRange.length == 2 && yRange[0] < yRange[1]);
            require(rises, "yRange", "two numbers that rise", Arrays.toString(yRange));
        }

        private Metric[] chosenMetrics() {
            if (metrics != null) {
                return metrics.toArray(Metric[]::new);
            }
            return lossFunction == null ? new Metric[] {Metrics.accuracy()} : new Metric[0];
        }
    }

    private static void require(boolean holds, String name, String wanted, Object value) {
        if (!holds) {
            throw new IllegalArgumentException("wanted " + name + " to be " + wanted + ", but got: " + value);
        }
    }

    /** Make a learner of all defaults: nothing is frozen; see {@link #of(DataLoaders, Module, Consumer)}. */
    public static Learner of(DataLoaders data, Module arch) {
        return of(data, arch, o -> {});
    }

    /**
     * Make a learner.
     *
     * @param data batches of one input, images {@code [N, C, H, W]}, and what the loss wants, by default labels
     *     {@code [N]}
     * @param arch a network that applies its parts one after another as far as it is cut; these parts, not copies, become
     *     those of the learner's model
     * @throws IllegalArgumentException if an option is out of range, arch is no such network or cannot take the try
     *     image, or weights are missing, unknown or of other shapes: lists all of them
     */
    public static Learner of(DataLoaders data, Module arch, Consumer<Options> options) {
        Options o = new Options();
        options.accept(o);
        o.check();
        Body body = new Body(
                Objects.requireNonNull(arch, "arch is null; wanted a network, such as ResNet.resnet18(10)"), o.cut);
        int parts = body.chain().layers().size();
        int split = o.split == null ? Math.min(SPLITS.getOrDefault(arch.getClass(), 0), parts) : o.split;
        require(split >= 0 && split <= parts, "split", "from 0 to " + parts + ", the parts of the body", split);
        if (o.pretrained != null) {
            body.load(o.pretrained);
        }
        body.measure(o.trySize);
        Sequential head = Head.of(body.features(), o.classes == null ? body.classes() : o.classes, o);
        Parameter first = body.chain().parameters().get(0);
        head.to(first.dtype()).to(first.device());
        Learner learn = new Learner(
                        data,
                        Sequential.of(body.chain(), head),
                        o.lossFunction == null ? Losses.crossEntropy() : o.lossFunction)
                .metrics(o.chosenMetrics())
                .groups(groups(body, split, head));
        if (o.pretrained != null) {
            learn.freeze();
        }
        return learn;
    }

    private static List<List<Parameter>> groups(Body body, int split, Module head) {
        int parts = body.chain().layers().size();
        return Stream.of(body.parameters(0, split), body.parameters(split, parts), head.parameters())
                .filter(group -> !group.isEmpty())
                .toList();
    }
}
