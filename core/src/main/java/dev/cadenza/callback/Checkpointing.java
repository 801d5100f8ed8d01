package dev.cadenza.callback;

import dev.cadenza.train.Cancel;
import dev.cadenza.train.Checkpoint;
import dev.cadenza.train.CheckpointFolder;
import dev.cadenza.train.Learner;
import dev.cadenza.train.Outcome;
import dev.cadenza.train.Span;
import dev.cadenza.train.StateDict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Write checkpoints while training, from which {@link Learner#resume} goes on to the same bits; the newest and, if asked,
 * the best are kept.
 *
 * <pre>{@code
 * Checkpointing checkpoints = new Checkpointing(dir.resolve("checkpoints"), o -> {
 *     o.everySteps = 500;
 *     o.every = java.time.Duration.ofMinutes(10);
 *     o.best = true;
 *     o.monitor = "accuracy";
 * });
 * learn.add(checkpoints);
 * learn.fitOneCycle(10, 1e-3);
 * }</pre>
 *
 * <p>The training stands still only while its state is copied; another thread hashes and writes the copy. If the next one
 * is due before that is done, the training waits. Memory: a copy of weights, buffers and the optimizer's state, two at the
 * end of the training of an epoch.
 *
 * <p>When the process is told to end (SIGTERM, Ctrl-C) or {@link #stop} is called, the batch is finished, a checkpoint
 * written, and the fit cancelled; the process waits for that. In a validation it stops at once: it begins anew when the
 * run is resumed. A run that is killed goes on from the newest checkpoint that is whole.
 *
 * <p>The folder belongs to one run: a fit that is not resumed is refused where there are checkpoints already.
 */
public final class Checkpointing extends Monitor {
    /** What can be chosen; what is watched for {@code best} is {@code monitor}. */
    public static final class Options extends Monitor.Options {
        /** After how many training batches of a fit to write, 1 or more; default 0: not by batches. */
        public int everySteps;

        /** After how many epochs to write, 1 or more, and after the last one; default 1. 0: not by epochs. */
        public int everyEpochs = 1;

        /** After how much time since the last one to write, above 0; default null: not by time. */
        public Duration every;

        /** Whether to write after each epoch that is the best so far, and keep that one; default false. */
        public boolean best;

        /** How many of the newest to keep, 1 or more; default 2, so that there is one if the last is damaged. */
        public int keep = 2;

        /** Whether a checkpoint that cannot be written ends the fit; default true. Else a warning tells, and the next is tried. */
        public boolean required = true;

        /** Whether to hold a process that is told to end until a checkpoint is written; default true. */
        public boolean onShutdown = true;

        private Options() {}

        @Override
        void check() {
            super.check();
            Checks.require(everySteps >= 0, "everySteps of 0 or more", everySteps);
            Checks.require(everyEpochs >= 0, "everyEpochs of 0 or more", everyEpochs);
            Checks.require(every == null || (!every.isNegative() && !every.isZero()), "a time above 0", every);
            Checks.require(keep >= 1, "1 checkpoint or more to keep", keep);
        }
    }

    private final Options options;
    private final CheckpointFolder folder;
    private final Path dir;
    private CheckpointWriter writer; // while a fit goes on
    private Checkpoint beforeValidation; // for a stop in it
    private Path best;
    private long writtenAt;
    private volatile String stop;

    /** Write after each epoch. */
    public Checkpointing(Path dir) {
        this(dir, o -> {});
    }

    /**
     * Write with options.
     *
     * @param dir a folder that is new, empty, or of the run that is resumed
     * @throws IllegalArgumentException if an option is out of range
     */
    public Checkpointing(Path dir, Consumer<Options> options) {
        this(dir, Checks.chosen(new Options(), options));
    }

    private Checkpointing(Path dir, Options options) {
        super(options);
        this.options = options;
        this.dir = dir;
        folder = new CheckpointFolder(dir);
    }

    /** Return 1000: after all others, whose state it keeps. */
    @Override
    public double order() {
        return 1000;
    }

    @Override
    public boolean observes() {
        return true;
    }

    @Override
    public List<String> problems(Learner learn) {
        if (learn.startsAnew() && !folder.list().isEmpty()) {
            return List.of(
                    dir + " has checkpoints of another run; resume it with learn.resume(…), or name another folder");
        }
        return options.best ? super.problems(learn) : List.of();
    }

    /** Ask the fit to end after its batch, with a checkpoint; from any thread. */
    public void stop(String reason) {
        stop = reason;
    }

    /** Return the checkpoint of the best epoch; empty if there is none, or none is kept. */
    public Optional<Path> best() {
        return Optional.ofNullable(best);
    }

    /** Not when the fit begins: that may be a mere validation. */
    @Override
    public void beforeTrain(Learner learn) {
        begin();
    }

    private void begin() {
        if (writer == null) {
            folder.prepare();
            writer = new CheckpointWriter(folder, options, this);
            writtenAt = System.nanoTime();
        }
    }

    @Override
    public void afterBatch(Learner learn) {
        boolean possible = learn.training() && goesOn(learn, Span.BATCH) && Checkpoint.isPossible(learn);
        if (stop != null && writer != null && (possible || !learn.training())) { // else a batch will come where it is
            stopNow(learn, possible);
        }
        if (possible && isDue(learn)) {
            write(learn, Checkpoint.of(learn));
        }
    }

    private boolean isDue(Learner learn) {
        return (options.everySteps > 0 && learn.iteration() % options.everySteps == 0)
                || (options.every != null && System.nanoTime() - writtenAt >= options.every.toNanos());
    }

    private void stopNow(Learner learn, boolean possible) {
        if (possible) {
            write(learn, Checkpoint.of(learn));
        } else if (beforeValidation != null) {
            write(learn, beforeValidation);
            beforeValidation = null;
        }
        throw Cancel.fit(stop);
    }

    /** What leaves a wider span would not leave it again where the run is resumed. */
    private static boolean goesOn(Learner learn, Span span) {
        Outcome outcome = learn.outcome();
        return outcome.kind() == Outcome.Kind.COMPLETED
                || (outcome.kind() == Outcome.Kind.CANCELLED
                        && outcome.cancel().span().compareTo(span) >= 0);
    }

    @Override
    public void afterTrain(Learner learn) {
        if (goesOn(learn, Span.TRAIN)) {
            beforeValidation = Checkpoint.of(learn);
        }
    }

    @Override
    public void afterEpoch(Learner learn) {
        release();
        boolean improved = options.best && improves(learn);
        if (writer == null || !goesOn(learn, Span.EPOCH)) {
            return;
        }
        int done = learn.epoch() + 1;
        boolean due = options.everyEpochs > 0 && (done % options.everyEpochs == 0 || done == learn.epochs());
        if (due || improved) {
            best = improved ? folder.path(learn) : best; // before the copy, which has this state, too
            write(learn, Checkpoint.of(learn));
        }
    }

    private void write(Learner learn, Checkpoint checkpoint) {
        writtenAt = System.nanoTime();
        learn.timeline().note("checkpoint", checkpoint.position(), stop);
        writer.write(checkpoint);
    }

    private void release() {
        if (beforeValidation != null) {
            beforeValidation.close();
            beforeValidation = null;
        }
    }

    @Override
    public void afterFit(Learner learn) {
        release();
        stop = null;
        if (writer != null) {
            CheckpointWriter last = writer;
            writer = null;
            last.close();
        }
    }

    @Override
    public void saveState(Learner learn, StateDict state) {
        super.saveState(learn, state);
        state.put("best_folder", best == null ? "" : best.getFileName().toString());
    }

    @Override
    public void loadState(Learner learn, StateDict state) {
        super.loadState(learn, state);
        begin(); // the training of the epoch may be done
        String name = state.getString("best_folder");
        best = name.isEmpty() ? null : dir.resolve(name);
    }
}
