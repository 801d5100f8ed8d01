package dev.cadenza.data;

import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Walk one item through a block, and write down what happens.
 *
 * @param <T> the item
 */
final class DataBlockSummary<T> {
    private static final int BATCH = 4;

    private final DataBlock<T> block;
    private final List<T> items;
    private final Integer index;
    private final StringBuilder text = new StringBuilder();
    /** What is going on: what failed, if something does. */
    private String doing = "splitting the items";

    /** Walks the item at an index, or, if it is null, the first one to train on. */
    DataBlockSummary(DataBlock<T> block, List<T> items, Integer index) {
        this.block = block;
        this.items = items;
        this.index = index;
    }

    String write() {
        try (Scope scope = Scope.open()) {
            walk();
        } catch (RuntimeException e) {
            line("FAILED " + doing + ": " + e.getClass().getSimpleName() + ": " + e.getMessage());
            Arrays.stream(e.getSuppressed()).forEach(note -> line("       " + note.getMessage()));
        }
        return text.toString();
    }

    private void walk() {
        Split split = block.split(items);
        int unused = items.size() - split.train().size() - split.valid().size();
        line(items.size() + " items: " + split.train().size() + " to train on, "
                + split.valid().size() + " to validate on" + (unused > 0 ? ", " + unused + " in neither" : ""));
        List<T> train = block.pick(items, split.train());
        DataBlock<T> fitted = fit(train, block.pick(items, split.valid()));
        int place = index == null ? split.train().get(0) : index;
        doing = "looking for item " + place;
        T item = items.get(place);
        line("");
        line("Item " + place + ": " + Items.describe(item));
        parts("input", fitted.inputs(), item, draw(place));
        parts("target", fitted.targets(), item, draw(place));
        batch(fitted, split.train().subList(0, Math.min(BATCH, train.size())));
    }

    private static Draw draw(int index) {
        return Draw.of(1, 0, index);
    }

    private DataBlock<T> fit(List<T> train, List<T> valid) {
        doing = "learning from the items to train on";
        DataBlock<T> fitted = block.fit(train);
        for (Block<T> each : fitted.blocks()) {
            if (!each.classes().isEmpty()) {
                line(name(each) + ", vocabulary of " + each.classes().size() + ": " + Items.some(each.classes()));
            }
        }
        doing = "checking the items to validate on";
        fitted.blocks().forEach(each -> each.check(valid));
        return fitted;
    }

    private void parts(String kind, List<Block<T>> blocks, T item, Draw draw) {
        for (int i = 0; i < blocks.size(); i++) {
            String part = kind + (blocks.size() > 1 ? " " + i : "");
            line("  " + part + ": " + name(blocks.get(i)));
            doing = "making the steps of the " + part;
            steps(part, blocks.get(i).pipeline(), item, draw);
        }
    }

    private void steps(String part, Pipeline<T, Tensor> pipeline, T item, Draw draw) {
        List<String> left = new ArrayList<>(pipeline.names());
        doing = step(part, left);
        pipeline.run(item, draw, (name, value) -> {
            step(name, value);
            left.remove(0);
            doing = step(part, left);
        });
    }

    private static String step(String part, List<String> left) {
        return "at the " + part + "'s step " + (left.isEmpty() ? "last" : left.get(0));
    }

    private void batch(DataBlock<T> fitted, List<Integer> indices) {
        Dataset dataset = fitted.dataset(block.pick(items, indices));
        line("");
        line("A batch of " + indices.size());
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < indices.size(); i++) {
            doing = "making " + dataset.describe(i);
            Sample sample = dataset.get(i, draw(indices.get(i)));
            samples.add(sample);
            line("  " + Items.describe(items.get(indices.get(i))) + ": " + show(sample.inputs(), sample.targets()));
        }
        doing = "stacking these samples";
        Batch batch = Batch.collate(samples);
        step("stacked", show(batch.inputs(), batch.targets()));
        List<Draw> draws = indices.stream().map(DataBlockSummary::draw).toList();
        for (BatchTransform transform : fitted.batchTransforms()) {
            doing = "at the batch transform " + name(transform);
            batch = transform.apply(batch, draws);
            step(name(transform), show(batch.inputs(), batch.targets()));
        }
        line("");
        line("The model gets " + show(batch.inputs()) + ", the loss " + show(batch.targets()));
    }

    private void step(String name, Object value) {
        line(String.format(Locale.ROOT, "    %-20s %s", name, value instanceof Tensor t ? show(t) : show(value)));
    }

    private static String show(List<Tensor> inputs, List<Tensor> targets) {
        return show(inputs) + " → " + show(targets);
    }

    private static String show(List<Tensor> tensors) {
        return tensors.isEmpty()
                ? "nothing"
                : String.join(", ", tensors.stream().map(Tensor::describe).toList());
    }

    private static String show(Tensor tensor) {
        boolean isOneNumber = tensor.dim() == 0;
        return tensor.describe() + (isOneNumber ? " " + number(tensor.item()) : "");
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }

    private static String show(Object value) {
        return Items.describe(value instanceof double[] numbers ? Arrays.toString(numbers) : value);
    }

    /** What is written without a name has only that of its class, which for a lambda says nothing. */
    private static String name(Object part) {
        String name = part.toString();
        if (!name.contains("@")) {
            return name;
        }
        return part.getClass().isHidden() ? "lambda" : part.getClass().getSimpleName();
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
