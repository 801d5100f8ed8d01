package dev.cadenza.metric;

import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Counts n-grams that predicted and right sequences share; what it computes stands at {@link Metrics#corpusBleu}. */
final class CorpusBleu implements Metric {
    private static final int LONGEST = 4;

    private final double[] matches = new double[LONGEST];
    private final long[] grams = new long[LONGEST];
    private long predictedTokens;
    private long actualTokens;

    @Override
    public String name() {
        return "corpus_bleu";
    }

    @Override
    public void reset() {
        Arrays.fill(matches, 0);
        Arrays.fill(grams, 0);
        predictedTokens = 0;
        actualTokens = 0;
    }

    @Override
    public void accumulate(Tensor pred, Tensor target) {
        if (pred.dim() != 3
                || target.dim() != 2
                || pred.size(0) != target.size(0)
                || target.dtype().isFloatingPoint()) {
            throw new TensorException("corpus_bleu: wanted scores [N, tokens, length] and labels [N, length], but got "
                    + pred.describe() + " and " + target.describe()
                    + "; if the tokens are last: pred.transpose(1, 2)");
        }
        Checks.noNaN(name(), pred);
        Checks.inRange(name(), target, pred.size(1));
        if (pred.numel() == 0) {
            return;
        }
        List<List<Long>> predicted = rows(pred.argmax(1));
        List<List<Long>> actual = rows(target);
        for (int i = 0; i < predicted.size(); i++) {
            add(predicted.get(i), actual.get(i));
        }
    }

    private static List<List<Long>> rows(Tensor tokens) {
        List<Long> all = Arrays.stream(tokens.toLongs()).boxed().toList();
        int length = Math.toIntExact(tokens.size(1));
        return IntStream.range(0, Math.toIntExact(tokens.size(0)))
                .mapToObj(i -> all.subList(i * length, (i + 1) * length))
                .toList();
    }

    private void add(List<Long> predicted, List<Long> actual) {
        predictedTokens += predicted.size();
        actualTokens += actual.size();
        double smooth = 1;
        for (int n = 1; n <= Math.min(LONGEST, predicted.size()); n++) {
            Map<List<Long>, Long> right = count(actual, n);
            double shared = count(predicted, n).entrySet().stream()
                    .mapToLong(each -> Math.min(each.getValue(), right.getOrDefault(each.getKey(), 0L)))
                    .sum();
            if (shared == 0) {
                smooth *= 2;
                shared = 1 / smooth;
            }
            matches[n - 1] += shared;
            grams[n - 1] += predicted.size() - n + 1;
        }
    }

    private static Map<List<Long>, Long> count(List<Long> tokens, int n) {
        Map<List<Long>, Long> counts = new HashMap<>();
        for (int i = 0; i + n <= tokens.size(); i++) {
            counts.merge(tokens.subList(i, i + n), 1L, Long::sum);
        }
        return counts;
    }

    @Override
    public double value() {
        double product = 1;
        for (int i = 0; i < LONGEST; i++) {
            product *= matches[i] / grams[i];
        }
        double brevity = Math.min(1, Math.exp(1 - (double) actualTokens / predictedTokens));
        return brevity * Math.pow(product, 1.0 / LONGEST);
    }
}
