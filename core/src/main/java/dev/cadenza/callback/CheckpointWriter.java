package dev.cadenza.callback;

import dev.cadenza.io.DataException;
import dev.cadenza.train.Checkpoint;
import dev.cadenza.train.CheckpointFolder;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes one checkpoint at a time on a thread of its own, which lives as long as a fit, and holds a process that ends. */
final class CheckpointWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointWriter.class);

    private final CheckpointFolder folder;
    private final Checkpointing.Options options;
    private final Checkpointing owner;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(action -> {
        Thread writer = new Thread(action, "cadenza-checkpoint");
        writer.setDaemon(true);
        return writer;
    });
    private final ShutdownHold hold;
    private Future<?> writing;

    CheckpointWriter(CheckpointFolder folder, Checkpointing.Options options, Checkpointing owner) {
        this.folder = folder;
        this.options = options;
        this.owner = owner;
        hold = options.onShutdown ? new ShutdownHold(() -> owner.stop("the process is told to end")) : null;
    }

    /** Takes a checkpoint over, as soon as the one before is written, and frees it in the end. */
    void write(Checkpoint checkpoint) {
        try {
            await();
        } catch (RuntimeException e) {
            checkpoint.close();
            throw e;
        }
        Set<Path> spared = owner.best().map(Set::of).orElse(Set.of());
        writing = thread.submit(() -> {
            try (checkpoint) {
                folder.keep(folder.write(checkpoint), options.keep, spared);
            }
        });
    }

    private void await() {
        if (writing == null) {
            return;
        }
        Future<?> last = writing;
        writing = null;
        try {
            last.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a checkpoint to be written", e);
        } catch (ExecutionException e) {
            failed(e.getCause());
        }
    }

    private void failed(Throwable why) {
        if (!(why instanceof DataException told)) {
            throw new IllegalStateException("a checkpoint could not be written: " + why, why);
        }
        if (options.required) {
            throw told;
        }
        LOG.warn("a checkpoint could not be written, the training goes on: {}", why.getMessage());
    }

    /** Waits for the last one. */
    @Override
    public void close() {
        try {
            await();
        } finally {
            thread.shutdown();
            if (hold != null) {
                hold.close();
            }
        }
    }
}
