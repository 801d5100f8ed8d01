package dev.cadenza.schedule;

import java.util.Arrays;

/** What schedules refuse, and the words for it. */
final class Check {
    private static final double SUM_TOLERANCE = 1e-9;

    private Check() {}

    static double position(double position) {
        require(
                isShare(position),
                "a position in [0, 1], which is the share of the training that is done",
                position,
                "divide the iterations done by the iterations planned");
        return position;
    }

    static void share(double share) {
        require(
                isShare(share),
                "a share in [0, 1] of the positions",
                share,
                "give the part of the training that the first schedule covers, such as 0.3");
    }

    static void shares(double[] shares, int pieces) {
        String came = Arrays.toString(shares);
        require(
                shares.length == pieces,
                "one share for each schedule",
                shares.length + " shares and " + pieces + " schedules",
                "give as many shares as schedules");
        require(
                Arrays.stream(shares).allMatch(share -> share >= 0),
                "shares of 0 or more",
                came,
                "give the part of the training that each schedule covers");
        double sum = Arrays.stream(shares).sum();
        require(
                Math.abs(sum - 1) <= SUM_TOLERANCE,
                "shares that sum to 1",
                came + " with sum " + sum,
                "divide each by the sum, or add a schedule for the rest");
    }

    static void finite(String schedule, double... values) {
        require(
                Arrays.stream(values).allMatch(Double::isFinite),
                "finite values for " + schedule,
                Arrays.toString(values),
                "look where they are computed for a division by zero");
    }

    static void factor(double start, double end) {
        finite("exp", start, end);
        require(
                Math.signum(start) * Math.signum(end) > 0,
                "a start and an end of the same sign, neither zero, for exp",
                Arrays.toString(new double[] {start, end}),
                "take a small number in place of zero, or use lin or cos");
    }

    static void power(double power) {
        require(
                power > 0 && Double.isFinite(power),
                "a finite power above 0",
                power,
                "take 1 for a straight line, 2 to start slowly, 0.5 to start fast");
    }

    private static boolean isShare(double value) {
        return value >= 0 && value <= 1;
    }

    private static void require(boolean holds, String wanted, Object came, String cure) {
        if (!holds) {
            throw new IllegalArgumentException("wanted " + wanted + ", but got: " + came + "; " + cure);
        }
    }
}
