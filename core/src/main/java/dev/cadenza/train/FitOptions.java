package dev.cadenza.train;

/** What can be chosen for the fit policies of {@link Learner}; shares are of the batches of a fit, between 0 and 1. */
public final class FitOptions {
    private FitOptions() {}

    /** What can be chosen for {@link Learner#fitOneCycle(int, dev.cadenza.optim.Rates, java.util.function.Consumer, Callback...)}. */
    public static final class OneCycle {
        /** The share of the fit in which the rate rises; default 0.25. */
        public double pctStart = 0.25;

        /** What the greatest rate is divided by at the start; default 25. */
        public double div = 25;

        /** What the greatest rate is divided by at the end; default 1e5. */
        public double divFinal = 1e5;

        /**
         * Momentum at the start, at the greatest rate and at the end; default null: {@code {0.95, 0.85, 0.95}} where a
         * step of the optimizer reads momentum, and else nothing.
         */
        public double[] moms;

        OneCycle() {}
    }

    /** What can be chosen for {@link Learner#fitFlatCos(int, dev.cadenza.optim.Rates, java.util.function.Consumer, Callback...)}. */
    public static final class FlatCos {
        /** The share of the fit in which the rate stays; default 0.75. */
        public double pctStart = 0.75;

        /** What the rate is divided by at the end; default 1e5. */
        public double divFinal = 1e5;

        FlatCos() {}
    }

    /** What can be chosen for {@link Learner#fitSgdr(int, dev.cadenza.optim.Rates, java.util.function.Consumer, Callback...)}. */
    public static final class Sgdr {
        /** Epochs of the first cycle, 1 or more; default 1. */
        public int cycleLength = 1;

        /** How many times as long as the one before each cycle is, 1 or more; default 2. */
        public int cycleMult = 2;

        Sgdr() {}
    }

    /** What can be chosen for {@link Learner#fineTune(int, double, java.util.function.Consumer, Callback...)}. */
    public static final class FineTune {
        /** Epochs in which only the last group is trained, 0 or more; default 1. */
        public int freezeEpochs = 1;

        /** How many times the rate of the first group is smaller than that of the last; default 100. */
        public double lrMult = 100;

        /** The share of the second fit in which the rate rises; default 0.3. */
        public double pctStart = 0.3;

        /** What the greatest rate of the second fit is divided by at its start; default 5. */
        public double div = 5;

        FineTune() {}
    }

    /** What can be chosen for {@link Learner#lrFind(java.util.function.Consumer, Callback...)}. */
    public static final class LrFind {
        /** The first rate, above 0; default 1e-7. */
        public double startLr = 1e-7;

        /** The last rate, above 0; default 10. */
        public double endLr = 10;

        /** How many batches to train, 16 or more for suggestions; default 100. */
        public int iterations = 100;

        /** Whether to stop when the smoothed loss is 4 times its best or not a number; default true. */
        public boolean stopDiverged = true;

        LrFind() {}
    }
}
