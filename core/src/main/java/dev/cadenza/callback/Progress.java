package dev.cadenza.callback;

import dev.cadenza.metric.Metric;
import dev.cadenza.train.Callback;
import dev.cadenza.train.EpochRecord;
import dev.cadenza.train.Learner;
import dev.cadenza.train.Outcome;
import dev.cadenza.train.Recorder;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Print how training goes: a table with a row for each epoch and, in a terminal, a bar for the epoch that runs
 * ({@code ProgressCallback}).
 *
 * <pre>
 * epoch  train_loss  valid_loss    accuracy      time
 *     0    0.287213    0.167281    0.951400      1.4s
 * epoch 1 train [=================&gt;                      ]  45%  211/469  loss 0.1423  22,311/s  0.8s left
 * </pre>
 *
 * <pre>{@code
 * learn.add(new Progress(o -> o.bar = System.console() != null));
 * }</pre>
 *
 * <p>Where an epoch spent more than a second and more than a tenth of its time waiting for batches, its row ends in the
 * share, as {@code (31% waiting for data)}: more {@code workers} may help.
 *
 * <p>The loss in the bar is the mean over the last batches, the newest counting most (fastai's {@code smooth_loss}). A
 * fit that was cancelled or failed ends with a line that says why. {@link Learner#validate} has a table of one row.
 *
 * <p>Without a bar (the default, right for files and pipes) a batch costs nothing; with it, reading a clock. The bar is
 * drawn ten times a second at most, and only while batches end: there is no thread behind it.
 */
public final class Progress implements Callback {
    /** What can be chosen. */
    public static final class Options {
        /** Where to print; default standard error. */
        public PrintStream out = System.err;

        /** Whether to draw the bar, which takes a terminal; default false. */
        public boolean bar;

        /** How many characters fit on a line of the terminal, 1 or more; default 80. The bar stays narrower. */
        public int columns = 80;

        private Options() {}
    }

    private static final double REDRAW_SECONDS = 0.1;

    private final Options options = new Options();
    private int rows;
    private String drawn = "";
    private final LongSupplier nanos;
    private long drawnAt;
    private String phase;
    private int batches;
    private int done;
    private long samples;
    private long begun;

    /** Print only the table, to standard error. */
    public Progress() {
        this(o -> {});
    }

    /**
     * Print with options.
     *
     * @throws IllegalArgumentException if an option is out of range
     */
    public Progress(Consumer<Options> options) {
        this(options, System::nanoTime);
    }

    /** For tests, which must not depend on the speed of the machine. */
    Progress(Consumer<Options> options, LongSupplier nanos) {
        this.nanos = nanos;
        drawnAt = nanos.getAsLong();
        options.accept(this.options);
        if (this.options.columns < 1) {
            throw new IllegalArgumentException("wanted 1 column or more, but got: " + this.options.columns);
        }
    }

    /** Return 60: after the recorder, which makes the rows. */
    @Override
    public boolean observes() {
        return true;
    }

    @Override
    public double order() {
        return 60;
    }

    @Override
    public void beforeFit(Learner learn) {
        rows = 0;
    }

    @Override
    public void beforeTrain(Learner learn) {
        begin("train", learn.data().train().size());
    }

    @Override
    public void beforeValidate(Learner learn) {
        begin("valid", learn.data().valid().size());
    }

    private void begin(String newPhase, int size) {
        phase = newPhase;
        batches = size;
        done = 0;
        samples = 0;
        begun = nanos.getAsLong();
    }

    @Override
    public void afterBatch(Learner learn) {
        if (!options.bar) {
            return;
        }
        done = learn.batchIndex() + 1; // of one batch there may be several attempts
        samples +=
                learn.outcome().kind() == Outcome.Kind.COMPLETED ? learn.batch().size() : 0;
        long now = nanos.getAsLong();
        if (now - drawnAt >= REDRAW_SECONDS * 1e9) {
            drawnAt = now;
            draw(learn, (now - begun) / 1e9);
        }
    }

    private void draw(Learner learn, double seconds) {
        String loss =
                learn.training() ? "  loss " + Lines.number(learn.recorder().smoothLoss(), 4) : "";
        String tail = loss + "  " + Lines.pace(samples, seconds, (double) (batches - done) / done);
        String line = Lines.bar("epoch " + learn.epoch() + " " + phase, done, batches, tail, options.columns);
        // The cursor waits at the start of the line: a ^C that the terminal shows there is drawn over, too.
        options.out.print(line + " ".repeat(Math.max(0, drawn.length() - line.length())) + "\r");
        options.out.flush();
        drawn = line;
    }

    @Override
    public void afterEpoch(Learner learn) {
        List<EpochRecord> epochs = learn.recorder().epochs();
        if (epochs.size() == rows) { // the epoch failed
            return;
        }
        List<String> names = new ArrayList<>(List.of(Recorder.TRAIN_LOSS, Recorder.VALID_LOSS));
        learn.metrics().stream().map(Metric::name).forEach(names::add);
        if (rows == 0) {
            println(Lines.header(names));
        }
        rows = epochs.size();
        println(Lines.row(epochs.get(rows - 1), names));
    }

    @Override
    public void afterFit(Learner learn) {
        erase();
        if (learn.outcome().kind() != Outcome.Kind.COMPLETED) {
            println(learn.outcome().toString());
        }
    }

    private void println(String line) {
        erase();
        options.out.println(line);
    }

    private void erase() {
        if (!drawn.isEmpty()) {
            options.out.print(" ".repeat(drawn.length()) + "\r");
            options.out.flush();
            drawn = "";
        }
    }
}
