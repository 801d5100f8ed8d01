/**
 * Ready techniques for the training loop, one callback a file.
 *
 * <p>A callback of this package is used like one of your own: {@code learn.add(…)} for all fits, or as an argument of
 * {@code fit} for one. {@link dev.cadenza.train.Callback} tells how to write one, {@link dev.cadenza.train.Event} when
 * it plays.
 *
 * <p><b>Orders.</b> Where several play at one event, less is earlier. This is the whole table:
 *
 * <table>
 * <caption>Orders of the callbacks that come with Cadenza</caption>
 * <tr><th>order</th><th>callback</th><th>why there</th></tr>
 * <tr><td>-70</td><td>{@link dev.cadenza.callback.SafeStep}</td><td>finds a loss that is not finite before the fit is ended
 *     by it, and prepares pieces of a batch for all others</td></tr>
 * <tr><td>-60</td><td>{@link dev.cadenza.callback.TerminateOnNaN}</td><td>so that a loss that is not finite is not recorded</td></tr>
 * <tr><td>-50</td><td>{@link dev.cadenza.train.Recorder}</td><td>so that the others find what it recorded</td></tr>
 * <tr><td>-20</td><td>{@link dev.cadenza.callback.ActivationStats}</td><td>begins to look before others play</td></tr>
 * <tr><td>-10</td><td>{@link dev.cadenza.callback.RandomErasing}</td><td>erases in images as the loader gave them, before
 *     two are mixed</td></tr>
 * <tr><td>0</td><td>what does not say otherwise</td><td></td></tr>
 * <tr><td>1</td><td>{@link dev.cadenza.callback.RNNRegularizer}</td><td>adds to the loss that
 *     {@link dev.cadenza.callback.MixUp} made</td></tr>
 * <tr><td>6</td><td>{@link dev.cadenza.callback.GradientAccumulation}</td><td>sums gradients before others see them</td></tr>
 * <tr><td>8</td><td>{@link dev.cadenza.callback.MixedPrecision}</td><td>takes the loss scale out of the sum, before others
 *     see it</td></tr>
 * <tr><td>10</td><td>{@link dev.cadenza.callback.GradientStats}</td><td>sees the sum, before it is clipped</td></tr>
 * <tr><td>10</td><td>{@link dev.cadenza.callback.GanTrainer}</td><td>takes the batch when others have prepared it</td></tr>
 * <tr><td>11</td><td>{@link dev.cadenza.callback.GradientClip}</td><td>clips what is stepped with</td></tr>
 * <tr><td>15</td><td>{@link dev.cadenza.callback.ChannelsLast}</td><td>lays out the batch when others have prepared it</td></tr>
 * <tr><td>50</td><td>{@link dev.cadenza.callback.ProgressiveResizing}</td><td>gives loaders back when others, such as
 *     {@link dev.cadenza.callback.WeightAverage}, need those of the last epoch no more</td></tr>
 * <tr><td>60</td><td>{@link dev.cadenza.train.ParamScheduler}</td><td>sets the rate of a batch that the others are done with</td></tr>
 * <tr><td>60</td><td>{@link dev.cadenza.callback.Progress}</td><td>prints what was recorded</td></tr>
 * <tr><td>61</td><td>{@link dev.cadenza.callback.SaveBest}</td><td>keeps the epoch before others act on it</td></tr>
 * <tr><td>62</td><td>{@link dev.cadenza.callback.ReduceLROnPlateau}</td><td>tries a smaller learning rate before stopping is considered</td></tr>
 * <tr><td>63</td><td>{@link dev.cadenza.callback.EarlyStopping}</td><td>stops when all others have used the epoch</td></tr>
 * <tr><td>70</td><td>{@link dev.cadenza.callback.SkipToEpoch}</td><td>skips an epoch that has begun for the others</td></tr>
 * <tr><td>80</td><td>{@link dev.cadenza.callback.ShortEpoch}</td><td>leaves a batch that is a completed one for the others</td></tr>
 * <tr><td>80</td><td>{@link dev.cadenza.callback.MaxTime}</td><td>leaves a batch that is a completed one for the others</td></tr>
 * <tr><td>90</td><td>{@link dev.cadenza.callback.Digests}</td><td>hashes batches and gradients as model and step see
 *     them</td></tr>
 * <tr><td>100</td><td>{@link dev.cadenza.train.FitObserver}</td><td>sees what all others did</td></tr>
 * <tr><td>1000</td><td>{@link dev.cadenza.callback.Checkpointing}</td><td>keeps the state of all others</td></tr>
 * </table>
 *
 * <p>A callback that prints something about an epoch takes an order above 60: its messages then come after the row that
 * they are about.
 *
 * <pre>{@code
 * import dev.cadenza.callback.Progress;
 * import dev.cadenza.data.DataLoaders;
 * import dev.cadenza.data.Digits;
 * import dev.cadenza.metric.Metrics;
 * import dev.cadenza.nn.Linear;
 * import dev.cadenza.nn.Losses;
 * import dev.cadenza.nn.Sequential;
 * import dev.cadenza.optim.Optimizers;
 * import dev.cadenza.tensor.Tensor;
 * import dev.cadenza.train.Callback;
 * import dev.cadenza.train.Cancel;
 * import dev.cadenza.train.Learner;
 *
 * final class Example {
 *     static final class GoodEnough implements Callback {
 *         public double order() {
 *             return 70;
 *         }
 *
 *         public void afterEpoch(Learner learn) {
 *             if (learn.recorder().lastEpoch().get("accuracy") > 0.97) {
 *                 throw Cancel.fit("97 % are enough");
 *             }
 *         }
 *     }
 *
 *     public static void main(String[] args) {
 *         DataLoaders data = Digits.make(1).loaders(o -> o.batchSize = 64);
 *         Sequential model = Sequential.of(new Linear(784, 50), Tensor::relu, new Linear(50, 10));
 *         new Learner(data, model, Losses.crossEntropy())
 *                 .optimizer(Optimizers.sgd(o -> {}))
 *                 .metrics(Metrics.accuracy())
 *                 .add(new Progress(o -> o.out = System.out), new GoodEnough())
 *                 .fit(10, 0.5);
 *     }
 * }
 * }</pre>
 */
package dev.cadenza.callback;
