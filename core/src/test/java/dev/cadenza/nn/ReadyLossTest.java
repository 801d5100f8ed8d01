package dev.cadenza.nn;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import dev.cadenza.testing.InScope;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the ready losses know besides the loss: that of each sample, and what a prediction means. */
@ExtendWith(InScope.class)
class ReadyLossTest {
    private static final long SEED = 31;
    private static final int ROUNDS = 30;
    private static final int CLASSES = 3;

    /** Random batches of one size, and the losses that take them. */
    private static final class World {
        private final Rng rng;
        private final long n;
        private final long length;

        World(Random random) {
            rng = new Rng(random.nextLong());
            n = 1L + random.nextInt(4);
            length = 1L + random.nextInt(3);
        }

        private Tensor numbers(long... shape) {
            return Tensor.zeros(DType.FLOAT64, shape).normal_(0, 2, rng);
        }

        private Tensor labels(long... shape) {
            return Tensor.zeros(shape).uniform_(0, CLASSES, rng).to(DType.INT64).clamp(0, CLASSES - 1);
        }

        List<Case> cases(Reduction r) {
            Tensor scores = numbers(n, CLASSES);
            Tensor maps = numbers(n, CLASSES, length, 2);
            Tensor last = maps.permute(0, 2, 3, 1);
            Tensor one = labels(n);
            Tensor many = labels(n, length, 2);
            Tensor truths = numbers(n, CLASSES).sigmoid();
            Loss ce = Losses.crossEntropy(o -> o.reduction = r);
            return List.of(
                    new Case(ce, scores, one),
                    new Case(ce, maps, many),
                    new Case(ce, scores, truths.softmax(1)),
                    new Case(ce, maps, maps.softmax(1)),
                    new Case(last(r), last, many),
                    new Case(last(r), last, last.softmax(-1)),
                    new Case(smooth(r), maps, many),
                    new Case(Losses.nll(o -> o.reduction = r), F.logSoftmax(maps, 1), many),
                    new Case(Losses.focal(o -> o.reduction = r), maps, many),
                    new Case(Losses.focal(o -> o.reduction = r), scores, truths.softmax(1)),
                    new Case(Losses.dice(o -> o.reduction = r), maps, many),
                    new Case(Losses.dice(o -> o.reduction = r), scores, one),
                    new Case(Losses.bce(o -> o.reduction = r), scores.sigmoid(), truths),
                    new Case(Losses.bceWithLogits(o -> o.reduction = r), scores, truths),
                    new Case(Losses.mse(o -> o.reduction = r), scores, truths),
                    new Case(Losses.mse(o -> o.reduction = r), numbers(n), numbers(n)),
                    new Case(Losses.l1(o -> o.reduction = r), scores, truths),
                    new Case(Losses.smoothL1(o -> o.reduction = r), scores, truths),
                    new Case(Losses.huber(o -> o.reduction = r), scores, truths));
        }

        private static Loss last(Reduction r) {
            return Losses.crossEntropy(o -> {
                o.classesLast = true;
                o.reduction = r;
            });
        }

        private static Loss smooth(Reduction r) {
            return Losses.crossEntropy(o -> {
                o.labelSmoothing = 0.1;
                o.reduction = r;
            });
        }
    }

    private record Case(Loss loss, Tensor pred, Tensor target) {
        String describe(int round) {
            return "seed " + SEED + ", round " + round + ", " + loss + " of " + pred.describe() + " and "
                    + target.describe();
        }

        /** A loss computed, and the gradient of its sum. */
        List<Tensor> with(Function<Tensor, Tensor> f) {
            Tensor x = pred.detach().clone().requiresGrad_(true);
            Tensor value = f.apply(x);
            value.sum().backward();
            return List.of(value.detach(), x.grad());
        }
    }

    private static void assertSame(String what, List<Tensor> got, List<Tensor> want) {
        assertClose(what, got.get(0), want.get(0), 1e-9, 1e-12);
        assertClose(what + ", gradient", got.get(1), want.get(1), 1e-9, 1e-12);
    }

    @ParameterizedTest
    @EnumSource(
            value = Reduction.class,
            names = {"MEAN", "SUM"})
    void the_loss_is_the_reduction_of_the_losses_of_samples(Reduction r) {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            for (Case c : new World(random).cases(r)) {
                assertThat(c.loss.reduction()).isEqualTo(r);
                List<Tensor> whole = c.with(x -> c.loss.apply(x, c.target));
                List<Tensor> ofSamples = c.with(x -> {
                    Tensor each = c.loss.perSample(x, c.target);
                    assertThat(each.shape()).as(c.describe(0)).containsExactly(x.size(0));
                    return r == Reduction.SUM ? each.sum() : each.mean();
                });
                assertSame(c.describe(round), ofSamples, whole);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Reduction.class)
    void computing_all_samples_at_once_changes_nothing(Reduction r) {
        Random random = new Random(SEED);
        for (int round = 0; round < ROUNDS; round++) {
            for (Case c : new World(random).cases(r)) {
                Loss oneByOne = (x, y) -> c.loss.apply(x, y); // with the default perSample
                List<Tensor> slow = c.with(x -> oneByOne.perSample(x, c.target));
                assertSame(c.describe(round), c.with(x -> c.loss.perSample(x, c.target)), slow);
            }
        }
    }

    @Test
    void ignored_elements_count_for_nothing_in_the_loss_of_a_sample() {
        Tensor scores = Tensor.of(new double[] {0, 0, 5, 5, 1, 1, 7, 7, 0, 9, 0, 9}, 3, 2, 2);
        Tensor labels = Tensor.of(new long[] {0, -100, -100, -100, 1, 1}, 3, 2);
        for (Loss loss : List.of(Losses.crossEntropy(), Losses.focal(o -> o.gamma = 0))) {
            Tensor x = scores.clone().requiresGrad_(true);
            Tensor losses = loss.perSample(x, labels);
            double one = Math.log(1 + Math.exp(5)); // of the scores 0 and 5, where 0 is right
            double[] want = {one, 0, Math.log(2)};
            assertClose(loss.toString(), losses.toDoubles(), want, 1e-12, 1e-12);
            losses.sum().backward();
            assertThat(x.grad().select(0, 1).toDoubles()).containsOnly(0);
        }
    }

    @Test
    void class_weights_multiply_the_loss_of_each_sample() {
        Tensor scores = Tensor.zeros(DType.FLOAT64, 2, 2);
        Tensor labels = Tensor.of(new long[] {0, 1});
        Tensor weight = Tensor.of(new double[] {1, 3});
        Tensor losses = Losses.crossEntropy(o -> o.weight = weight).perSample(scores, labels);
        assertClose("weighted", losses.toDoubles(), new double[] {Math.log(2), 3 * Math.log(2)}, 1e-12, 0);
    }

    @Test
    void a_loss_made_of_a_lambda_has_losses_of_samples_too() {
        Loss square = (pred, target) -> pred.sub(target).square().mean();
        Tensor losses = square.perSample(Tensor.of(new float[] {1, 2, 3, 4}, 2, 2), Tensor.zeros(2, 2));
        assertThat(losses.toFloats()).containsExactly(2.5f, 12.5f);
        assertThat(square.reduction()).isEqualTo(Reduction.MEAN);
        assertThat(square.decode(losses)).isSameAs(losses);
    }

    @Test
    void samples_that_do_not_belong_together_are_refused() {
        Loss square = (pred, target) -> pred.sub(target).square().mean();
        for (Loss loss : List.of(square, Losses.mse(), Losses.crossEntropy())) {
            assertThatExceptionOfType(TensorException.class)
                    .isThrownBy(() -> loss.perSample(Tensor.zeros(2, 3), Tensor.zeros(1, 3)))
                    .withMessageContaining("of the same N, but got float32[2, 3] and float32[1, 3]");
            assertThatExceptionOfType(TensorException.class)
                    .isThrownBy(() -> loss.perSample(Tensor.zeros(3), Tensor.scalar(1)))
                    .withMessageContaining("unsqueeze(0)");
        }
    }

    @Test
    void decisions_about_classes_are_the_most_probable_ones() {
        Tensor scores = Tensor.of(new float[] {0, 3, 1, 9, 2, 2}, 2, 3);
        for (Loss loss : List.of(Losses.crossEntropy(), Losses.nll(), Losses.focal(), Losses.dice())) {
            assertThat(loss.decode(loss.activation(scores)).toLongs())
                    .as(loss.toString())
                    .containsExactly(1, 0);
        }
        Tensor maps = Tensor.zeros(2, 3, 4, 5);
        assertThat(Losses.dice().decode(maps).shape()).containsExactly(2, 4, 5);
        Loss last = Losses.crossEntropy(o -> o.classesLast = true);
        assertThat(last.decode(last.activation(maps)).shape()).containsExactly(2, 3, 4);
        assertClose("over the last", last.activation(maps).sum(-1), Tensor.ones(2, 3, 4), 1e-6, 0);
    }

    @Test
    void decisions_about_truths_are_whether_they_are_above_the_threshold() {
        Tensor probabilities = Tensor.of(new float[] {0.2f, 0.5f, 0.9f});
        assertThat(Losses.bce().decode(probabilities).describe()).isEqualTo("bool[3]");
        for (Loss loss : List.of(Losses.bce(), Losses.bceWithLogits())) {
            assertThat(truths(loss.decode(probabilities))).containsExactly(0, 0, 1);
        }
        assertThat(truths(Losses.bce(o -> o.threshold = 0.1).decode(probabilities)))
                .containsExactly(1, 1, 1);
        assertThat(truths(Losses.bceWithLogits(o -> o.threshold = 0.95).decode(probabilities)))
                .containsExactly(0, 0, 0);
        assertThat(Losses.bce().activation(probabilities)).isSameAs(probabilities);
    }

    private static double[] truths(Tensor bool) {
        return bool.to(DType.FLOAT64).toDoubles();
    }

    @Test
    void numbers_are_decisions_already() {
        Tensor x = Tensor.randn(3);
        for (Loss loss : List.of(Losses.mse(), Losses.l1(), Losses.smoothL1(), Losses.huber())) {
            assertThat(loss.decode(loss.activation(x))).isSameAs(x);
        }
    }
}
