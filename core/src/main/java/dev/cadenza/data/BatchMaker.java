package dev.cadenza.data;

import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Parcel;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes the batches of an epoch: what is made depends on the number of the batch alone, not on who makes it. */
final class BatchMaker {
    private final Dataset dataset;
    private final DataLoader.Options options;
    private final Order order;
    private final long epoch;

    BatchMaker(Dataset dataset, DataLoader.Options options, Order order, long epoch) {
        this.dataset = dataset;
        this.options = options;
        this.order = order;
        this.epoch = epoch;
    }

    /** A sample that could not be made. */
    record Broken(int index, RuntimeException why) {}

    /**
     * A batch on its way to the thread that asked for it.
     *
     * @param batch null if all its samples are broken
     */
    record Made(Batch batch, List<Draw> draws, Parcel parcel, List<Broken> broken) {}

    /** What became of making a batch: one of the two is null. */
    record Attempt(Made made, Throwable failure) {
        boolean isEmpty() {
            return failure == null && made.batch == null;
        }

        void close() {
            if (failure == null) {
                made.parcel.close();
            }
        }
    }

    /** Makes a batch, in a scope of its own. */
    Attempt attempt(int number) {
        try (NoGrad off = NoGrad.open();
                Scope scope = Scope.open()) {
            return new Attempt(Engine.onOneThread(() -> make(number)), null);
        } catch (Throwable failure) {
            failure.addSuppressed(new IllegalStateException("while making batch " + number + " of epoch " + epoch));
            return new Attempt(null, failure);
        }
    }

    private Made make(int number) {
        int from = number * options.batchSize;
        int[] places = IntStream.range(from, Math.min(from + options.batchSize, order.size()))
                .toArray();
        try {
            return gather(places, List.of());
        } catch (RuntimeException failure) {
            // Whoever is told to stop reads no file: its samples are not broken.
            if (!options.skipBroken || Thread.currentThread().isInterrupted()) {
                throw failure;
            }
            return gatherRest(places, failure);
        }
    }

    /** A data set may make batches in a way of its own, so that the broken samples are looked for one by one. */
    private Made gatherRest(int[] places, RuntimeException failure) {
        List<Broken> broken = new ArrayList<>();
        int[] rest = IntStream.of(places)
                .filter(place -> {
                    RuntimeException why = fails(place);
                    if (why != null) {
                        broken.add(new Broken(order.index(place), why));
                    }
                    return why == null;
                })
                .toArray();
        if (broken.isEmpty()) {
            throw failure; // it was not a sample that failed
        }
        return rest.length == 0 ? new Made(null, List.of(), Parcel.pack(List.of()), broken) : gather(rest, broken);
    }

    private RuntimeException fails(int place) {
        try (Scope scope = Scope.open()) {
            dataset.get(order.index(place), draw(place));
            return null;
        } catch (RuntimeException why) {
            if (Thread.currentThread().isInterrupted()) {
                throw why;
            }
            return why;
        }
    }

    private Made gather(int[] places, List<Broken> broken) {
        int[] indices = IntStream.of(places).map(order::index).toArray();
        List<Draw> draws = IntStream.of(places).mapToObj(this::draw).toList();
        Batch batch = options.collate == null
                ? dataset.batch(indices, draws)
                : options.collate.apply(DataLoader.samples(dataset, indices, draws));
        List<Tensor> tensors =
                Stream.concat(batch.inputs().stream(), batch.targets().stream()).toList();
        return new Made(batch, draws, Parcel.pack(tensors), broken);
    }

    /** What may be drawn for a place; an index that comes again draws anew, or copies of a sample would be the same. */
    private Draw draw(int place) {
        if (options.drawSeed == null) {
            return Draw.NONE;
        }
        int repeat = order.repeat(place);
        return repeat == 0
                ? Draw.of(options.drawSeed, epoch, order.index(place))
                : Draw.of(options.drawSeed, epoch, order.index(place), repeat);
    }
}
