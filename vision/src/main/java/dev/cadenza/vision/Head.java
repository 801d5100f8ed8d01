package dev.cadenza.vision;

import dev.cadenza.nn.Activation;
import dev.cadenza.nn.AdaptiveAvgPool2d;
import dev.cadenza.nn.AdaptiveConcatPool2d;
import dev.cadenza.nn.BatchNorm1d;
import dev.cadenza.nn.Dropout;
import dev.cadenza.nn.Flatten;
import dev.cadenza.nn.Init;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import java.util.ArrayList;
import java.util.List;

/** Makes what comes after the body: fastai's {@code create_head}. */
final class Head {
    private final List<Module> layers = new ArrayList<>();
    private final VisionLearner.Options options;

    private Head(VisionLearner.Options options) {
        this.options = options;
    }

    static Sequential of(long features, long classes, VisionLearner.Options o) {
        Head head = new Head(o);
        head.add(o.concatPool ? new AdaptiveConcatPool2d(1) : new AdaptiveAvgPool2d(1));
        head.add(new Flatten());
        long in = o.concatPool ? 2 * features : features;
        boolean normed = o.firstBn;
        for (long out : o.linFtrs) {
            head.hidden(in, out, normed);
            normed = true;
            in = out;
        }
        head.last(in, classes, normed);
        if (o.bnFinal) {
            head.add(new BatchNorm1d(classes, bn -> bn.momentum = 0.01));
        }
        if (o.yRange != null) {
            head.add(Activation.sigmoidRange(o.yRange[0], o.yRange[1]));
        }
        return Sequential.of(head.layers);
    }

    private void hidden(long in, long out, boolean normed) {
        if (options.linFirst) {
            drop(options.ps / 2);
            linear(in, out, !normed);
            add(Activation.reluInPlace());
            norm(out, normed);
        } else {
            norm(in, normed);
            drop(options.ps / 2);
            linear(in, out, !normed);
            add(Activation.reluInPlace());
        }
    }

    private void last(long in, long classes, boolean normed) {
        if (!options.linFirst) {
            norm(in, normed);
        }
        drop(options.ps);
        linear(in, classes, options.linFirst || !normed);
    }

    private void norm(long features, boolean wanted) {
        if (wanted) {
            BatchNorm1d norm = new BatchNorm1d(features);
            Init.constant_(norm.bias(), 1e-3); // as in fastai
            add(norm);
        }
    }

    private void drop(double p) {
        if (p > 0) {
            add(new Dropout(p));
        }
    }

    private void linear(long in, long out, boolean bias) {
        Linear linear = new Linear(in, out, o -> o.bias = bias);
        Init.kaimingNormal_(linear.weight());
        if (bias) {
            Init.zeros_(linear.bias());
        }
        add(linear);
    }

    private void add(Module layer) {
        layers.add(layer);
    }
}
