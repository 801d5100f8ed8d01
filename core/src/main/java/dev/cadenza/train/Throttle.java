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
        return new Consumer<>() {
            private int calls;

            @Override
            public void accept(Learner learn) {
                if (++calls == n) {
                    calls = 0;
                    action.accept(learn);
                }
            }
        };
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
