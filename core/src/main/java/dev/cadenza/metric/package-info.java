/**
 * Say how good predictions are, in numbers for people; what is trained on is the loss.
 *
 * <p>A {@link dev.cadenza.metric.Metric} takes in the batches of an epoch one by one and has a value over all of them,
 * so that a short last batch counts as much as its samples do. Where the ready ones are depends on the targets:
 *
 * <table>
 * <caption>Which metrics for which targets</caption>
 * <tr><th>targets</th><th>metrics</th></tr>
 * <tr><td>one class per sample, {@code [N]}</td><td>{@link dev.cadenza.metric.Metrics}</td></tr>
 * <tr><td>several labels per sample, {@code [N, C]}</td><td>{@link dev.cadenza.metric.MultiLabelMetrics}</td></tr>
 * <tr><td>numbers, {@code [N, *]}</td><td>{@link dev.cadenza.metric.RegressionMetrics}</td></tr>
 * <tr><td>a class per pixel, {@code [N, H, W]}</td><td>{@link dev.cadenza.metric.SegmentationMetrics}</td></tr>
 * </table>
 *
 * <p>There are four ways to get from batches to a value, and each metric is one function on top of one of them: a mean
 * over items (accuracy, squared error), a {@link dev.cadenza.metric.ConfusionMatrix} or counts per label (F1, Cohen's
 * kappa, Dice), means and products (R², Pearson's correlation), and all scores of the epoch (areas under curves,
 * Spearman's correlation; 8 bytes for each score). None keeps a tensor. One of your own that is a mean over samples is a
 * function for {@code Metrics.average}; anything else implements the interface.
 *
 * <p>A {@code Learner} resets its metrics when an epoch starts, feeds them in validation and records their values under
 * their names. They work as well without one:
 *
 * <pre>{@code
 * import dev.cadenza.metric.Average;
 * import dev.cadenza.metric.Metric;
 * import dev.cadenza.metric.Metrics;
 * import dev.cadenza.tensor.Scope;
 * import dev.cadenza.tensor.Tensor;
 *
 * final class Example {
 *     public static void main(String[] args) {
 *         Metric accuracy = Metrics.accuracy();
 *         Metric f1 = Metrics.f1(o -> o.average = Average.MACRO).named("f1_macro"); // each name is there once
 *         Metric error = Metrics.average("mae", (pred, target) -> pred.sub(target).abs().mean());
 *         try (Scope scope = Scope.open()) {
 *             Tensor scores = Tensor.of(new float[] {2, 1, 0, 3}, 2, 2); // the classes 0 and 1
 *             accuracy.accumulate(scores, Tensor.of(new long[] {0, 0}));
 *             f1.accumulate(scores, Tensor.of(new long[] {0, 0}));
 *             error.accumulate(Tensor.of(new float[] {1, 2}), Tensor.of(new float[] {1, 4}));
 *         }
 *         System.out.println(accuracy.name() + " " + accuracy.value()); // accuracy 0.5
 *         System.out.println(f1.name() + " " + f1.value()); // f1_macro 0.3333333333333333
 *         System.out.println(error.name() + " " + error.value()); // mae 1.0
 *     }
 * }
 * }</pre>
 */
package dev.cadenza.metric;
