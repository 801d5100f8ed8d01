package dev.cadenza.data;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Say once how items, such as files or rows, become what a model trains on: split, inputs, targets, batches.
 *
 * <pre>{@code
 * record House(double area, int rooms, String kind) {}
 *
 * DataBlock<House> block = DataBlock.of(
 *         RegressionBlock.of(2, house -> new double[] {house.area(), house.rooms()}),
 *         CategoryBlock.of(House::kind),
 *         o -> o.splitter = Splitter.stratified(0.2, 42, House::kind));
 * List<House> houses = new ArrayList<>();
 * System.out.println(block.summary(houses));
 * DataLoaders data = block.loaders(houses, o -> o.batchSize = 32);
 * }</pre>
 *
 * <p>Each part of a sample is a {@link Block} of the item: how to get the raw value, and how to make it a tensor. A
 * block for raw values alone takes them out of the item by {@link Block#from}. What must be known of all values, such
 * as the vocabulary of the labels, is learnt from the training part only, and the validation part is checked against
 * it before the first batch.
 *
 * <p>A block is a plan: it holds no items, never changes, and serves any number of lists.
 *
 * @param <T> the item: a file, a row of a table, a text
 */
public final class DataBlock<T> {
    /**
     * What can be chosen.
     *
     * @param <T> the item
     */
    public static final class Options<T> {
        /** What to train and what to validate on; default: a random fifth to validate on, of seed 1. */
        public Splitter<T> splitter = Splitter.random(0.2, 1);

        /** What each batch goes through on the device, after what the blocks ask for; default none. */
        public List<BatchTransform> batchTransforms = List.of();

        private Options() {}
    }

    private final List<Block<T>> inputs;
    private final List<Block<T>> targets;
    private final Splitter<T> splitter;
    private final List<BatchTransform> batchTransforms;

    private DataBlock(List<Block<T>> inputs, List<Block<T>> targets, Options<T> options) {
        this.inputs = List.copyOf(inputs);
        this.targets = List.copyOf(targets);
        splitter =
                Objects.requireNonNull(options.splitter, "splitter is null; Splitter.none() is one without validation");
        batchTransforms = List.copyOf(options.batchTransforms);
        if (inputs.isEmpty()) {
            throw new IllegalArgumentException("wanted a block for at least one input, but got none");
        }
    }

    /** Make samples of one input and one target, with the usual choices. */
    public static <T> DataBlock<T> of(Block<T> input, Block<T> target) {
        return of(input, target, o -> {});
    }

    /** Make samples of one input and one target. */
    public static <T> DataBlock<T> of(Block<T> input, Block<T> target, Consumer<Options<T>> options) {
        return of(List.of(input), List.of(target), options);
    }

    /**
     * Make samples of any number of inputs and targets.
     *
     * @param inputs at least one, in the order of the model's inputs
     * @param targets in the order of the loss's targets; may be empty
     * @throws IllegalArgumentException if there is no input
     */
    public static <T> DataBlock<T> of(
            List<? extends Block<T>> inputs, List<? extends Block<T>> targets, Consumer<Options<T>> options) {
        Options<T> chosen = new Options<>();
        options.accept(chosen);
        return new DataBlock<>(List.copyOf(inputs), List.copyOf(targets), chosen);
    }

    /**
     * Split the items, learn from the training part what the blocks must know, and make both data sets.
     *
     * @throws IllegalArgumentException if there are no items, they cannot be split so, or a value cannot be encoded
     */
    public Datasets datasets(List<T> items) {
        Split split = split(items);
        DataBlock<T> fitted = fit(pick(items, split.train()));
        List<T> valid = pick(items, split.valid());
        fitted.blocks().forEach(block -> block.check(valid));
        return new Datasets(
                fitted.dataset(pick(items, split.train())),
                fitted.dataset(valid),
                fitted.classes(),
                fitted.batchTransforms(),
                inputs.size() == 1 ? fitted.inputs.get(0) : null);
    }

    /** Load both parts of the items in batches; see {@link #datasets}. */
    public DataLoaders loaders(List<T> items, Consumer<DataLoaders.Options> options) {
        return datasets(items).loaders(options);
    }

    /**
     * Learn from the items to train on what the blocks must know, such as the vocabulary of labels.
     *
     * @return a block that knows it, for {@link #dataset} and {@link #unlabelled}
     */
    public DataBlock<T> fit(List<T> training) {
        Options<T> same = new Options<>();
        same.splitter = splitter;
        same.batchTransforms = batchTransforms;
        return new DataBlock<>(fit(inputs, training), fit(targets, training), same);
    }

    private static <T> List<Block<T>> fit(List<Block<T>> blocks, List<T> training) {
        return blocks.stream().map(block -> block.fit(training)).toList();
    }

    /** Make samples of all items, such as those of a test part; blocks that learn must be fitted before. */
    public Dataset dataset(List<T> items) {
        return new BlockDataset<>(
                List.copyOf(items),
                inputs.stream().map(Block::pipeline).toList(),
                targets.stream().map(Block::pipeline).toList());
    }

    /** Make samples without targets, to predict from ({@code test_dl}). */
    public Dataset unlabelled(List<T> items) {
        return new BlockDataset<>(
                List.copyOf(items), inputs.stream().map(Block::pipeline).toList(), List.of());
    }

    /**
     * Tell step by step what becomes of the first item to train on: see {@link #summary(List, int)}.
     */
    public String summary(List<T> items) {
        return new DataBlockSummary<>(this, items, null).write();
    }

    /**
     * Tell in a text what becomes of an item: the split, what the blocks learnt, what each step gives, a batch, what it
     * goes through, and what model and loss get. Whatever fails is told there, with its step and item, not thrown.
     *
     * @param index of the item, from 0; it is drawn for as in the first epoch of training
     */
    public String summary(List<T> items, int index) {
        return new DataBlockSummary<>(this, items, index).write();
    }

    /** Return the names of the classes of the first target, or else input, that has some; none before they are known. */
    public List<String> classes() {
        return Stream.concat(targets.stream(), inputs.stream())
                .map(Block::classes)
                .filter(names -> !names.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    Split split(List<T> items) {
        if (items.isEmpty()) {
            throw new IllegalArgumentException(
                    "wanted items to make samples of, but got none; is it the right folder?");
        }
        for (int i = 0; i < items.size(); i++) {
            Objects.requireNonNull(items.get(i), "item " + i + " of " + items.size() + " is null; leave it out");
        }
        return Objects.requireNonNull(splitter.split(items), "the splitter gave null; wanted a Split")
                .within(items.size());
    }

    List<T> pick(List<T> items, List<Integer> indices) {
        return indices.stream().map(items::get).toList();
    }

    List<Block<T>> inputs() {
        return inputs;
    }

    List<Block<T>> targets() {
        return targets;
    }

    List<Block<T>> blocks() {
        return Stream.concat(inputs.stream(), targets.stream()).toList();
    }

    /** What two blocks ask for alike, such as bytes to fractions, is done once. */
    List<BatchTransform> batchTransforms() {
        Stream<BatchTransform> ofBlocks = blocks().stream()
                .flatMap(block -> block.batchTransforms().stream())
                .distinct();
        return Stream.concat(ofBlocks, batchTransforms.stream()).toList();
    }
}
