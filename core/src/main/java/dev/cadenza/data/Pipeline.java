package dev.cadenza.data;

import dev.cadenza.tensor.Tensor;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Turn a raw value into another by named steps, one after the other (fastai's {@code Pipeline} of {@code Transform}s).
 *
 * <p>The names are for errors and for {@code summary}: a step that fails is known by its name.
 *
 * <p>The streams of random numbers go by the place among the steps that draw. So the first random crop of an image and
 * that of its mask draw the same, whatever steps read the two.
 *
 * <pre>{@code
 * Pipeline<String, Tensor> length = Pipeline.of("length", String::length).then("toTensor", Tensor::scalar);
 * Tensor five = length.run("hello", Draw.NONE);
 * }</pre>
 *
 * @param <A> what goes in
 * @param <B> what comes out
 */
public final class Pipeline<A, B> {
    /**
     * One step: it may draw at random, from a stream of its own.
     *
     * @param <A> what goes in
     * @param <B> what comes out
     */
    @FunctionalInterface
    public interface Step<A, B> {
        /** Return what becomes of the value. */
        B apply(A value, Draw draw);
    }

    /** A step; {@code rows} is null unless it can write into a batch. */
    private record Named(String name, Step<Object, Object> step, boolean draws, RowStep<Object> rows) {}

    private final List<Named> steps;

    private Pipeline(List<Named> steps) {
        this.steps = steps;
    }

    /** Begin with a step that draws nothing. */
    public static <A, B> Pipeline<A, B> of(String name, Function<? super A, ? extends B> first) {
        return new Pipeline<A, A>(List.of()).then(name, first);
    }

    /** Append a step that draws nothing. */
    public <C> Pipeline<A, C> then(String name, Function<? super B, ? extends C> next) {
        Step<B, C> drawless = (value, draw) -> next.apply(value);
        return append(List.of(new Named(name, erased(drawless), false, rows(next))));
    }

    /** Append a step that may draw at random. */
    public <C> Pipeline<A, C> then(String name, Step<? super B, ? extends C> next) {
        return append(List.of(new Named(name, erased(next), true, null)));
    }

    /** Append the steps of another pipeline. */
    public <C> Pipeline<A, C> then(Pipeline<? super B, ? extends C> next) {
        return append(next.steps);
    }

    @SuppressWarnings("unchecked") // each step takes what the one before gives: the signatures see to it
    private static Step<Object, Object> erased(Step<?, ?> step) {
        return (Step<Object, Object>) step;
    }

    @SuppressWarnings("unchecked") // as above
    private static RowStep<Object> rows(Object step) {
        return step instanceof RowStep<?> ? (RowStep<Object>) step : null;
    }

    private <C> Pipeline<A, C> append(List<Named> more) {
        return new Pipeline<>(Stream.concat(steps.stream(), more.stream()).toList());
    }

    /** Run all steps. What one of them throws leaves as it was, and says which one it was. */
    public B run(A value, Draw draw) {
        return run(value, draw, (name, result) -> {});
    }

    /** Run all steps, and show what each one gave, by name. */
    @SuppressWarnings("unchecked") // see erased
    public B run(A value, Draw draw, BiConsumer<String, Object> seen) {
        return (B) run(steps, value, draw, seen);
    }

    /** Run all steps, the last one only if it cannot write what it makes into a batch. */
    Row row(A value, Draw draw) {
        Named last = steps.get(steps.size() - 1);
        return last.rows == null
                ? Row.of((Tensor) run(value, draw))
                : new Row(
                        last.name,
                        last.rows,
                        run(steps.subList(0, steps.size() - 1), value, draw, (name, result) -> {}));
    }

    private static Object run(List<Named> steps, Object value, Draw draw, BiConsumer<String, Object> seen) {
        Object current = value;
        int drawing = 0;
        for (Named each : steps) {
            Object before = current;
            Draw own = each.draws ? draw.at(drawing++) : Draw.NONE;
            current = named(each.name, () -> each.step.apply(before, own));
            seen.accept(each.name, current);
        }
        return current;
    }

    /** Do what a step does. What it throws leaves as it was, and says which one it was. */
    static <R> R named(String name, Supplier<R> run) {
        try {
            return run.get();
        } catch (RuntimeException e) {
            e.addSuppressed(new IllegalStateException("at step " + name));
            throw e;
        }
    }

    /** Return the names of the steps. */
    public List<String> names() {
        return steps.stream().map(Named::name).toList();
    }

    @Override
    public String toString() {
        return String.join(" → ", names());
    }
}
