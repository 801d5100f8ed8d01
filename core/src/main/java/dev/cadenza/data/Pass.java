package dev.cadenza.data;

import dev.cadenza.data.BatchMaker.Attempt;
import dev.cadenza.data.BatchMaker.Broken;
import dev.cadenza.data.BatchMaker.Made;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One way through the batches of an epoch. It belongs to the thread that takes them. */
final class Pass implements Iterator<Batch> {
    private static final Logger LOG = LoggerFactory.getLogger(DataLoader.class);
    private static final int NAMED = 5;

    /** Draws of batch transforms are numbered from here, those of the sample from 0. */
    private static final int TRANSFORMS = 1000;

    private final Epoch epoch;
    private final BatchSource source;
    private int next;
    private int came;
    private int skipped;
    private RuntimeException firstBroken;

    Pass(Epoch epoch, BatchSource source) {
        this.epoch = epoch;
        this.source = source;
        next = epoch.first;
    }

    @Override
    public boolean hasNext() {
        if (epoch.loader.options.skipBroken) {
            passOverEmpty();
        }
        return next < epoch.end;
    }

    /** A batch of which no sample is left is none; only whoever looks knows. */
    private void passOverEmpty() {
        while (next < epoch.end) {
            Attempt seen = peek();
            if (!seen.isEmpty()) {
                return;
            }
            takeOver(seen);
            if (next == epoch.end && came == 0 && epoch.first == 0) {
                throw new IllegalStateException(
                        "all " + skipped + " samples of epoch " + epoch.number + " are broken, the first one by: "
                                + firstBroken.getMessage() + "; set skipBroken to false to see where it fails",
                        firstBroken);
            }
        }
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the epoch has " + epoch.end + " batches, all were taken");
        }
        Made made = takeOver(peek());
        came++;
        made.parcel().unpack();
        Batch batch = made.batch().to(epoch.device);
        List<BatchTransform> transforms = epoch.loader.options.transforms;
        for (int i = 0; i < transforms.size(); i++) {
            int place = TRANSFORMS + i;
            batch = transforms
                    .get(i)
                    .apply(
                            batch,
                            made.draws().stream().map(draw -> draw.at(place)).toList());
        }
        return batch;
    }

    private Attempt peek() {
        long begun = System.nanoTime();
        try {
            return source.peek();
        } finally {
            epoch.waited(System.nanoTime() - begun);
        }
    }

    private Made takeOver(Attempt seen) {
        source.drop();
        next++;
        if (seen.failure() != null) {
            epoch.end(source);
            throw Pass.<RuntimeException>asItWas(seen.failure());
        }
        seen.made().broken().forEach(this::report);
        if (next == epoch.end) {
            epoch.end(source); // no thread outlives the pass
            if (skipped > NAMED) {
                LOG.warn("{} broken samples were left out in epoch {}", skipped, epoch.number);
            }
        }
        return seen.made();
    }

    private void report(Broken broken) {
        epoch.loader.skipped.increment();
        if (firstBroken == null) {
            firstBroken = broken.why();
        }
        if (++skipped <= NAMED) {
            LOG.warn(
                    "{} is broken and was left out: {}",
                    epoch.loader.dataset().describe(broken.index()),
                    broken.why().toString());
        }
    }

    /** A data set in another language, or one that tricks the compiler, may throw what is checked here. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the type is there for the compiler alone
    private static <T extends Throwable> T asItWas(Throwable failure) throws T {
        throw (T) failure;
    }
}
