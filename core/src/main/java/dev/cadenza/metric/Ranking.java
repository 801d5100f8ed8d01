package dev.cadenza.metric;

import java.util.Arrays;

/** How well scores put what is true before what is not; equal scores, in any order, count half. */
final class Ranking {
    private Ranking() {}

    /** The share of all pairs of a true and a false one that are in order; NaN if there are none. */
    static double auc(double[] ofTrue, double[] ofFalse) {
        Arrays.sort(ofTrue);
        Arrays.sort(ofFalse);
        int less = 0;
        int notGreater = 0;
        double inOrder = 0;
        for (double score : ofTrue) {
            while (less < ofFalse.length && ofFalse[less] < score) {
                less++;
            }
            while (notGreater < ofFalse.length && ofFalse[notGreater] <= score) {
                notGreater++;
            }
            inOrder += (less + notGreater) / 2.0;
        }
        return inOrder / ofTrue.length / ofFalse.length;
    }

    /** The sum over thresholds of precision times the rise of recall; NaN if nothing is true. */
    static double averagePrecision(double[] ofTrue, double[] ofFalse) {
        Arrays.sort(ofTrue);
        Arrays.sort(ofFalse);
        int i = ofTrue.length;
        int j = ofFalse.length;
        double sum = 0;
        while (i > 0) {
            double threshold = ofTrue[i - 1];
            int before = i;
            while (i > 0 && ofTrue[i - 1] == threshold) {
                i--;
            }
            while (j > 0 && ofFalse[j - 1] >= threshold) {
                j--;
            }
            double found = ofTrue.length - i;
            sum += (before - i) * found / (found + ofFalse.length - j);
        }
        return sum / ofTrue.length;
    }

    /** The place of each number in order, from 1; equal ones share the mean of their places. */
    static double[] ranks(double[] numbers) {
        double[] sorted = numbers.clone();
        Arrays.sort(sorted);
        return Arrays.stream(numbers)
                .map(x -> (countBefore(sorted, x, false) + 1 + countBefore(sorted, x, true)) / 2.0)
                .toArray();
    }

    /** How many are less than x, or equal to it; not as {@code Arrays.binarySearch}, for which -0 is less than 0. */
    private static int countBefore(double[] sorted, double x, boolean orEqual) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < x || (orEqual && sorted[middle] == x)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
