package dev.cadenza.cli;

import dev.cadenza.optim.Rates;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Learner;
import java.util.List;

/** The ways to fit by the names that {@code --schedule} takes. */
enum ScheduleOption {
    NONE("none"),
    ONE_CYCLE("one-cycle"),
    FLAT_COS("flat-cos"),
    SGDR("sgdr");

    static final String NAMES = "none, one-cycle, flat-cos or sgdr";

    private final String option;

    ScheduleOption(String option) {
        this.option = option;
    }

    static ScheduleOption of(String name, int epochs) {
        ScheduleOption schedule = List.of(values()).stream()
                .filter(each -> each.option.equals(name))
                .findFirst()
                .orElseThrow(() -> BadInputException.option("--schedule", NAMES, name));
        if (schedule == SGDR && Integer.bitCount(epochs + 1) != 1) {
            throw BadInputException.option(
                    "--epochs", "1, 3, 7, 15, … for cycles of 1, 2, 4, … epochs (--schedule sgdr)", epochs);
        }
        return schedule;
    }

    void fit(Learner learn, TrainOptions options, Callback... callbacks) {
        double lr = options.lr();
        int epochs = options.epochs;
        switch (this) {
            case NONE -> learn.fit(epochs, lr, callbacks);
            case ONE_CYCLE -> {
                Double mom = options.setup.mom;
                learn.fitOneCycle(
                        epochs,
                        Rates.of(lr),
                        o -> o.moms = mom == null || mom == 0 ? null : new double[] {mom, mom, mom},
                        callbacks);
            }
            case FLAT_COS -> learn.fitFlatCos(epochs, lr, callbacks);
            case SGDR -> learn.fitSgdr(Integer.numberOfTrailingZeros(epochs + 1), lr, callbacks);
        }
    }

    @Override
    public String toString() {
        return option;
    }
}
