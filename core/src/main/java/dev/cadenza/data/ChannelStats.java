package dev.cadenza.data;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.LongStream;

/** Mean and deviation of each channel, gathered over batches by the formula of Chan, Golub and LeVeque (1979). */
final class ChannelStats {
    private static final double EPS = 1e-7;

    private double[] mean = {};
    /** Sums of squared distances to the mean. */
    private double[] squares = {};

    private long count;

    void add(Tensor x) {
        long[] others = LongStream.range(0, x.dim()).filter(dim -> dim != 1).toArray();
        Tensor wide = x.to(DType.FLOAT64);
        long more = x.numel() / x.size(1);
        double[] theirMean = wide.mean(false, others).toDoubles();
        double[] theirSquares =
                wide.var(false, false, others).mul((double) more).toDoubles();
        if (count == 0) {
            mean = new double[theirMean.length];
            squares = new double[theirMean.length];
        }
        if (mean.length != theirMean.length) {
            throw new IllegalArgumentException("wanted batches of as many channels, but got " + mean.length
                    + " in those before and " + theirMean.length + " in " + x.describe());
        }
        long all = count + more;
        for (int c = 0; c < mean.length; c++) {
            double apart = theirMean[c] - mean[c];
            mean[c] += apart * more / all;
            squares[c] += theirSquares[c] + apart * apart * count / all * more;
        }
        count = all;
    }

    double[] mean() {
        return mean;
    }

    double[] std() {
        if (count < 2) {
            throw new IllegalArgumentException(
                    "wanted at least two numbers in each channel to measure, but got " + count);
        }
        return Arrays.stream(squares).map(s -> Math.sqrt(s / (count - 1)) + EPS).toArray();
    }
}
