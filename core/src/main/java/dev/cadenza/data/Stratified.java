package dev.cadenza.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Split so that each class has its share of the validation part. */
final class Stratified {
    private Stratified() {}

    static Split split(List<?> labels, double validShare, long seed) {
        List<Integer> order = Splits.permutation(labels.size(), seed);
        int wanted = Splits.cut(labels.size(), validShare);
        if (wanted == 0) {
            return Split.withoutValid(order);
        }
        Map<Object, Integer> quota = quota(labels, validShare, wanted);
        List<Integer> train = new ArrayList<>();
        List<Integer> valid = new ArrayList<>();
        for (int index : order) {
            boolean isLeft = quota.merge(labels.get(index), -1, Integer::sum) >= 0;
            (isLeft ? valid : train).add(index);
        }
        return Split.of(train, valid);
    }

    /** How many of each class: the whole part of its share, and one more for those with the largest remainders. */
    private static Map<Object, Integer> quota(List<?> labels, double validShare, int wanted) {
        Map<Object, Integer> sizes = new LinkedHashMap<>();
        for (int i = 0; i < labels.size(); i++) {
            if (labels.get(i) == null) {
                throw new IllegalArgumentException(
                        "wanted a class of each item to split by, but that of item " + i + " is null");
            }
            sizes.merge(labels.get(i), 1, Integer::sum);
        }
        Map<Object, Integer> quota = new LinkedHashMap<>();
        sizes.forEach((label, size) -> quota.put(label, (int) (validShare * size)));
        int left = wanted - quota.values().stream().mapToInt(n -> n).sum();
        List<Object> byRemainder = sizes.keySet().stream()
                .filter(label -> quota.get(label) + 1 < sizes.get(label))
                .sorted(Comparator.comparingDouble(
                        label -> quota.get(label) - validShare * sizes.get(label))) // stable: ties as they came
                .toList();
        byRemainder.stream().limit(left).forEach(label -> quota.merge(label, 1, Integer::sum));
        if (quota.values().stream().allMatch(n -> n == 0)) {
            throw new IllegalArgumentException("wanted to validate on " + wanted + " of " + labels.size()
                    + " items, but none of the " + sizes.size()
                    + " classes has one to spare; give more items of a class, or use Splitter.random");
        }
        return quota;
    }
}
