package dev.cadenza.metric;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** An average over labels, or samples, of what their counts say, where several labels can be true at once. */
final class MultiLabelMetric implements Metric {
    private final String name;
    private final MetricOptions.Labels options;
    private final Average average;
    private final ToDoubleFunction<Counts> score;
    private final List<Counts> perLabel = new ArrayList<>();
    private double sumOfSamples;
    private long samples;

    MultiLabelMetric(String name, MetricOptions.Labels options, Average average, ToDoubleFunction<Counts> score) {
        this.name = name;
        this.options = options;
        this.average = average;
        this.score = score;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void reset() {
        perLabel.clear();
        sumOfSamples = 0;
        samples = 0;
    }

    @Override
    public void accumulate(Tensor pred, Tensor target) {
        Checks.labelSets(name, pred, target);
        if (target.numel() == 0) {
            return;
        }
        if (samples > 0) {
            Checks.sameAsBefore(name, perLabel.size(), pred.size(1));
        }
        Tensor predicted = (options.sigmoid ? pred.sigmoid() : pred).gt(options.thresh);
        Tensor actual = target.ne(0);
        if (average == Average.SAMPLES) {
            sumOfSamples +=
                    count(predicted, actual, 1).stream().mapToDouble(score).sum();
        }
        List<Counts> batch = count(predicted, actual, 0);
        for (int i = 0; i < batch.size(); i++) {
            if (samples == 0) {
                perLabel.add(batch.get(i));
            } else {
                perLabel.set(i, perLabel.get(i).plus(batch.get(i)));
            }
        }
        samples += target.size(0);
    }

    /** Counts along a dimension: 0 gives those of the labels, 1 those of the samples. */
    private static List<Counts> count(Tensor predicted, Tensor actual, int dim) {
        long[] hits = sum(predicted.mul(actual), dim);
        long[] predictions = sum(predicted, dim);
        long[] truths = sum(actual, dim);
        long total = actual.size(dim);
        return IntStream.range(0, hits.length)
                .mapToObj(i -> new Counts(hits[i], predictions[i], truths[i], total))
                .toList();
    }

    private static long[] sum(Tensor truths, int dim) {
        return truths.to(DType.INT64).sum(dim).toLongs();
    }

    @Override
    public double value() {
        if (samples == 0) {
            return Double.NaN;
        }
        return average == Average.SAMPLES ? sumOfSamples / samples : average.of(perLabel, score);
    }
}
