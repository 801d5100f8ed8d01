package dev.cadenza.train;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Actions that are done more rarely than they are called. */
final class Throttle {
    private Throttle() {}

    static Consumer<Learner> byCount(int n, Consumer<Learner> action) {
        Objects.requireNonNull(action, "action");
        if (n < 1) {
            throw new IllegalArgumentException("wanted to act at every 1st play or more rarely, but got: " + n);
        }
        return new ByCount(n, action);
    }

    private static final class ByCount implements Consumer<Learner>, Stateful {
        private final int n;
        private final Consumer<Learner> action;
        private int calls;

        ByCount(int n, Consumer<Learner> action) {
            this.n = n;
            this.action = action;
        }

        @Override
        public void accept(Learner learn) {
            if (++calls == n) {
                calls = 0;
                action.accept(learn);
            }
        }

        @Override
        public void saveState(Learner learn, StateDict state) {
            state.put("calls", calls);
        }

        @Override
        public void loadState(Learner learn, StateDict state) {
            calls = state.getInt("calls");
        }
    }

    static Consumer<Learner> byTime(Duration least, Consumer<Learner> action, LongSupplier nanos) {
        Objects.requireNonNull(action, "action");
        if (least.isNegative() || least.isZero()) {
            throw new IllegalArgumentException("wanted a time above 0 between two plays, but got: " + least);
        }
        return new Consumer<>() {
            private boolean acted;
            private long at;

            @Override
            public void accept(Learner learn) {
                long now = nanos.getAsLong();
                if (!acted || now - at >= least.toNanos()) {
                    acted = true;
                    at = now;
                    action.accept(learn);
                }
            }
        };
    }
}
