/**
 * Say how good predictions are, in numbers for people; what is trained on is the loss.
 *
 * <p>A {@link dev.cadenza.metric.Metric} takes in the batches of an epoch one by one and has a value over all of them.
 * {@link dev.cadenza.metric.Metrics} has ready ones. What is a mean over samples, accuracy for one, is a function of
 * predictions and targets that {@code Metrics.average} weights by the size of each batch, so that a short last batch
 * counts as much as its samples do. What is not, such as the area under a curve, implements the interface and keeps the
 * numbers that it needs, never tensors.
 *
 * <p>A {@code Learner} resets its metrics when an epoch starts, feeds them in validation and records their values under
 * their names. They work as well without one:
 *
 * <pre>{@code
 * import dev.cadenza.metric.Metric;
 * import dev.cadenza.metric.Metrics;
 * import dev.cadenza.tensor.Scope;
 * import dev.cadenza.tensor.Tensor;
 *
 * final class Example {
 *     public static void main(String[] args) {
 *         Metric accuracy = Metrics.accuracy();
 *         Metric error = Metrics.average("mae", (pred, target) -> pred.sub(target).abs().mean());
 *         try (Scope scope = Scope.open()) {
 *             Tensor scores = Tensor.of(new float[] {2, 1, 0, 3}, 2, 2); // the classes 0 and 1
 *             accuracy.accumulate(scores, Tensor.of(new long[] {0, 0}));
 *             error.accumulate(Tensor.of(new float[] {1, 2}), Tensor.of(new float[] {1, 4}));
 *         }
 *         System.out.println(accuracy.name() + " " + accuracy.value()); // accuracy 0.5
 *         System.out.println(error.name() + " " + error.value()); // mae 1.0
 *     }
 * }
 * }</pre>
 */
package dev.cadenza.metric;
