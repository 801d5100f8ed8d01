package dev.cadenza.predict;

import dev.cadenza.data.BatchTransform;
import dev.cadenza.data.Block;
import dev.cadenza.nn.Loss;
import java.util.List;

/** What goes into a file of {@link Predictor} besides the model; {@code learn.export} knows most of it by itself. */
public final class ExportOptions {
    /**
     * How a raw value, such as a file, becomes the model's input; default null: inputs are tensors, as the data set has
     * them. Of {@code learn.export}: the input of the data block.
     */
    public Block<?> input;

    /**
     * What each batch goes through before the model; default none. Of {@code learn.export}: what validation batches go
     * through.
     */
    public List<BatchTransform> transforms = List.of();

    /** The name of class 0, 1, …; default none: they are called by their numbers. Of {@code learn.export}: the data's. */
    public List<String> classes = List.of();

    /**
     * What the output means: the loss whose activation and decisions are used, nothing else of it; default null: numbers,
     * as they come. Of {@code learn.export}: the learner's loss.
     */
    public Loss loss;

    ExportOptions() {}
}
