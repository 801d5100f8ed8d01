/**
 * Learn how a training loop is made: from four tensors to Cadenza's own, one runnable step a file.
 *
 * <ol>
 *   <li>{@link dev.cadenza.lessons.Step1Sgd}: the five lines of training, by hand.
 *   <li>{@link dev.cadenza.lessons.Step2Modules}: modules hold the parameters, an optimizer changes them.
 *   <li>{@link dev.cadenza.lessons.Step3Loaders}: a loader makes the batches; validation after each epoch.
 *   <li>{@link dev.cadenza.lessons.Step4CallbackHandler}: callbacks, where true means "go on".
 *   <li>{@link dev.cadenza.lessons.Step5Runner}: callbacks, where true means "stop".
 *   <li>{@link dev.cadenza.lessons.Step6Cancel}: callbacks that return nothing, as Cadenza has them.
 *   <li>{@link dev.cadenza.lessons.SevenTechniques}: what callbacks are good for, in 20 lines each.
 *   <li>{@link dev.cadenza.lessons.ExplodingMatmul}: why first weights need a scale of their own.
 *   <li>{@link dev.cadenza.lessons.WhySqrt5}: what PyTorch's default makes of it, and two cures.
 * </ol>
 *
 * <p><b>One network, one data set.</b> Steps 1 to 7 train 784 → 50 → 10 with SGD on digits that are drawn on the spot, so
 * that only the loop changes from step to step. Steps 3 to 6 are the same arithmetic: from the same weights they come to
 * the same weights, bit for bit.
 *
 * <p><b>Steps build on each other.</b> Each takes from those before what has not changed: the accuracy of step 1, the
 * network of step 2, the data and the validation of step 3.
 *
 * <p><b>Two versions that are history.</b> The loops of steps 4 and 5 are those of fast.ai's course of 2019, event by
 * event, and tests hold them to logs of the originals. They show why Cadenza's loop is as it is; do not build on them.
 */
package dev.cadenza.lessons;
