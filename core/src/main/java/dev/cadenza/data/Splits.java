package dev.cadenza.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the splitters do, on indices. */
final class Splits {
    /** Not an epoch: the order of splitting is no loader's order of the same seed. */
    private static final long SPLITTING = -1;

    private Splits() {}

    static List<Integer> permutation(int items, long seed) {
        return Arrays.stream(Sampler.shuffled(seed).order(items, SPLITTING))
                .boxed()
                .toList();
    }

    static List<Integer> range(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    static void requireShare(String name, double share) {
        if (!(share >= 0 && share < 1)) {
            throw new IllegalArgumentException("wanted a " + name + " from 0 to below 1, but got: " + share);
        }
    }

    static Split random(List<Integer> order, double validShare) {
        int cut = cut(order.size(), validShare);
        return make(order.subList(cut, order.size()), order.subList(0, cut));
    }

    static Split subset(List<Integer> order, double trainShare, double validShare) {
        int items = order.size();
        int train = cut(items, trainShare);
        return make(order.subList(0, train), order.subList(train, train + cut(items, validShare)));
    }

    static Split end(int items, double validShare) {
        int cut = items - cut(items, validShare);
        return make(range(0, cut), range(cut, items));
    }

    /** How many items a share is. */
    static int cut(int items, double share) {
        int cut = (int) (share * items);
        if (cut == 0 && share > 0) {
            throw new IllegalArgumentException("wanted at least one item in each part, but a share of " + share + " of "
                    + items + " items is none; give more items or a larger share (0: no validation)");
        }
        return cut;
    }

    private static Split make(List<Integer> train, List<Integer> valid) {
        return valid.isEmpty() ? Split.withoutValid(train) : Split.of(train, valid);
    }

    static List<Integer> indices(int... valid) {
        List<Integer> chosen = Arrays.stream(valid).boxed().toList();
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("wanted the index of at least one item to validate on, but got none");
        }
        Set<Integer> seen = new HashSet<>();
        for (int index : chosen) {
            if (index < 0 || !seen.add(index)) {
                throw new IllegalArgumentException("wanted indices to validate on from 0, each once, but " + index
                        + (index < 0 ? " is negative" : " comes twice"));
            }
        }
        return chosen;
    }

    static Split index(int items, List<Integer> valid) {
        Set<Integer> chosen = new HashSet<>(valid);
        return Split.of(where(items, i -> !chosen.contains(i)), valid).within(items);
    }

    static Split mask(int items, boolean... isValid) {
        if (isValid.length != items) {
            throw new IllegalArgumentException(
                    "wanted a mask of " + items + ", one for each item, but got " + isValid.length);
        }
        return Split.of(where(items, i -> !isValid[i]), where(items, i -> isValid[i]));
    }

    static <T> Split function(List<T> items, Predicate<? super T> isValid) {
        boolean[] mask = new boolean[items.size()];
        for (int i = 0; i < mask.length; i++) {
            T item = items.get(i);
            mask[i] = Items.name(() -> isValid.test(item), "splitting", item);
        }
        return mask(mask.length, mask);
    }

    static List<Integer> where(int items, IntPredicate holds) {
        return IntStream.range(0, items).filter(holds).boxed().toList();
    }

    static Split grandparent(List<Path> items, String train, String valid) {
        List<String> folders = items.stream().map(Splits::grandparent).toList();
        List<Integer> trained = where(items.size(), i -> folders.get(i).equals(train));
        List<Integer> validated = where(items.size(), i -> folders.get(i).equals(valid));
        if (trained.isEmpty() || validated.isEmpty()) {
            Map<String, Long> found = folders.stream()
                    .filter(folder -> !folder.isEmpty())
                    .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
            throw new IllegalArgumentException("wanted items in " + train + "/<class> and in " + valid
                    + "/<class>, but got " + trained.size() + " and " + validated.size() + " of " + items.size()
                    + " items; two folders up there are: " + found);
        }
        return Split.of(trained, validated);
    }

    private static String grandparent(Path item) {
        int names = item.getNameCount();
        return names < 3 ? "" : item.getName(names - 3).toString();
    }
}
