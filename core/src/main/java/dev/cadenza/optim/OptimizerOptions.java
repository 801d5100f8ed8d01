package dev.cadenza.optim;

/** What can be chosen for each of {@link Optimizers}; where an optimizer has a default of its own, it says so. */
public abstract sealed class OptimizerOptions {
    /** Learning rate, 0 or more; default 1e-3. */
    public double lr = 1e-3;

    /** Weight decay, 0 or more; default 0, of {@link Optimizers#adam} and {@link Optimizers#ranger} 0.01. */
    public double wd;

    /** Whether wd shrinks parameters apart from the gradient, or is the factor of an L2 penalty; default true. */
    public boolean decoupled = true;

    private OptimizerOptions() {}

    Step decay() {
        return decoupled ? Steps.weightDecay() : Steps.l2Reg();
    }

    /** What can be chosen for {@link Optimizers#sgd}. */
    public static final class Sgd extends OptimizerOptions {
        /** Momentum in [0, 1); default 0, which leaves the momentum step out, so that it cannot be scheduled. */
        public double mom;

        /** Whether momentum is Nesterov's; default false. */
        public boolean nesterov;

        Sgd() {}
    }

    /** What can be chosen for {@link Optimizers#rmsProp}. */
    public static final class RmsProp extends OptimizerOptions {
        /** Momentum in [0, 1); default 0, which leaves the averaging step out, so that it cannot be scheduled. */
        public double mom;

        /** Share of the old average of squares, α in [0, 1); default 0.99. */
        public double sqrMom = 0.99;

        /** What is added to the divisor, 0 or more; default 1e-8. */
        public double eps = 1e-8;

        RmsProp() {}
    }

    /** What can be chosen for {@link Optimizers#adagrad}. */
    public static final class Adagrad extends OptimizerOptions {
        /** What is added to the divisor, 0 or more; default 1e-10. */
        public double eps = 1e-10;

        Adagrad() {}
    }

    /** What can be chosen for {@link Optimizers#larc}. */
    public static final class Larc extends OptimizerOptions {
        /** Momentum in [0, 1); default 0.9; 0 leaves the averaging step out. */
        public double mom = 0.9;

        /** The part of a parameter's norm that one update may go, 0 or more; default 0.02. */
        public double trust = 0.02;

        /** What is added to the divisor, 0 or more; default 1e-8. */
        public double eps = 1e-8;

        /** Whether lr bounds each rate (LARC), or nothing does (LARS); default true. */
        public boolean clip = true;

        Larc() {}
    }

    /** What can be chosen for {@link Optimizers#lion}. */
    public static final class Lion extends OptimizerOptions {
        /** Share of the average in the direction, β₁ in [0, 1); default 0.9. */
        public double mom = 0.9;

        /** Share of the old average, β₂ in [0, 1); default 0.99. */
        public double sqrMom = 0.99;

        Lion() {}
    }

    /** What can be chosen for {@link Optimizers#adam} and {@link Optimizers#lamb}. */
    public static sealed class Adam extends OptimizerOptions {
        /** Share of the old average of gradients, β₁ in [0, 1); default 0.9. */
        public double mom = 0.9;

        /** Share of the old average of squares, β₂ in [0, 1); default 0.99 (PyTorch: 0.999). */
        public double sqrMom = 0.99;

        /** What is added to the divisor; default 1e-5 (PyTorch: 1e-8). */
        public double eps = 1e-5;

        Adam(double wd) {
            this.wd = wd;
        }
    }

    /** What can be chosen for {@link Optimizers#rAdam}. */
    public static sealed class RAdam extends Adam {
        /** How sharp the soft root is, 0 or more; default 0: the root itself. */
        public double beta;

        RAdam() {
            super(0);
        }
    }

    /** What can be chosen for {@link Optimizers#ranger}. */
    public static final class Ranger extends RAdam {
        /** After how many updates the slow weights follow, 1 or more; default 6. */
        public int k = 6;

        /** How far they follow, in [0, 1]; default 0.5. */
        public double alpha = 0.5;

        Ranger() {
            mom = 0.95;
            eps = 1e-6;
            wd = 0.01;
        }
    }

    /** What can be chosen for {@link Optimizers#qHAdam}, whose mom and sqrMom are 0.999 and whose eps is 1e-8. */
    public static final class QHAdam extends Adam {
        /** Share of the averaged gradient, in [0, 1]; default 0.7. */
        public double nu1 = 0.7;

        /** Share of the averaged square, in [0, 1]; default 1. */
        public double nu2 = 1;

        QHAdam() {
            super(0);
            mom = 0.999;
            sqrMom = 0.999;
            eps = 1e-8;
        }
    }

    /** What can be chosen for {@link Optimizers#adan}, whose mom is 0.98 and whose eps is 1e-8. */
    public static final class Adan extends Adam {
        /** Share of the old average of changes of gradients, in [0, 1); default 0.92. */
        public double diffMom = 0.92;

        Adan() {
            super(0);
            mom = 0.98;
            eps = 1e-8;
        }
    }
}
