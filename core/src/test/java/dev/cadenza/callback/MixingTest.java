package dev.cadenza.callback;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.data.Batch;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.nn.Flatten;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Loss;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import dev.cadenza.testing.InScope;
import dev.cadenza.testing.TinyProblem;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import dev.cadenza.train.PlanException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What MixUp and CutMix do in a fit. */
@ExtendWith(InScope.class)
class MixingTest {
    static Stream<Supplier<Callback>> kinds() {
        return Stream.of(MixUp::new, CutMix::new);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void an_alpha_that_is_no_finite_number_above_0_is_refused(double alpha) {
        assertThatThrownBy(() -> new MixUp(o -> o.alpha = alpha))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("wanted a finite alpha above 0, but got: " + alpha);
        assertThatThrownBy(() -> new CutMix(o -> o.alpha = alpha)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void training_batches_are_mixed_and_those_given_and_validation_are_not(Supplier<Callback> kind) {
        List<Boolean> changed = new ArrayList<>();
        List<Tensor> given = new ArrayList<>();
        Callback before = at(-1, l -> {
            given.add(l.batch().input());
            given.add(l.batch().input().clone());
        });
        Callback after = at(1, l -> {
            assertThat(given.get(0).equal(given.get(1))).as("written to").isTrue();
            boolean same = l.batch().input().equal(given.get(0));
            changed.add(!same);
            assertThat(l.training() || same).isTrue();
            given.clear();
        });
        SmallImages.learner(before, kind.get(), after).fit(3);
        assertThat(changed).hasSize(18);
        assertThat(changed.stream().filter(x -> x).count()).isGreaterThan(4);
    }

    /** Plays before or after the mixing of a batch. */
    private static Callback at(double order, Consumer<Learner> action) {
        return new Callback() {
            @Override
            public double order() {
                return order;
            }

            @Override
            public void beforeBatch(Learner learn) {
                action.accept(learn);
            }
        };
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void the_same_seed_gives_the_same_numbers_and_the_process_wide_generator_is_left_alone(Supplier<Callback> kind) {
        String digest = digest(kind.get());
        assertThat(digest(kind.get())).isEqualTo(digest).isNotEqualTo(digest());
        Callback other = kind.get() instanceof MixUp ? new MixUp(o -> o.seed = 9) : new CutMix(o -> o.seed = 9);
        assertThat(digest(other)).isNotEqualTo(digest);
    }

    private static String digest(Callback... callbacks) {
        Learner learn = SmallImages.learner(callbacks);
        byte[] random = Rng.global().state();
        learn.fit(2);
        assertThat(Rng.global().state()).isEqualTo(random);
        return learn.digest();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void with_labels_the_loss_is_mixed_and_recorded(Supplier<Callback> kind) {
        List<Boolean> changed = new ArrayList<>();
        List<Double> recorded = new ArrayList<>();
        Learner learn = SmallImages.learner(kind.get());
        learn.fit(1, Callback.on(Event.BEFORE_BACKWARD, l -> {
            Tensor plain = l.lossFunction().apply(l.pred(), l.batch().targets());
            assertThat(l.batch().target().dtype()).isEqualTo(DType.INT64);
            changed.add(l.loss().item() != plain.item());
            recorded.add(l.loss().item());
        }));
        assertThat(changed).as("but for samples that met their like").hasSize(3).contains(true);
        assertClose(
                "losses",
                learn.recorder().losses(),
                recorded.stream().mapToDouble(x -> x).toArray(),
                1e-6,
                0);
    }

    /** Two samples whose images say who they are, so that the mixed batch tells the share and the partner. */
    @Test
    void the_share_of_a_label_in_the_loss_is_the_share_of_its_image() {
        Tensor x = Tensor.ones(8, 1, 4, 4);
        x.narrow(0, 0, 4).fill_(0);
        Tensor y = Tensor.of(new long[] {0, 0, 0, 0, 1, 1, 1, 1});
        for (Callback mixing : List.of(new MixUp(o -> o.alpha = 2), new CutMix(o -> o.alpha = 2))) {
            Loss mine = Losses.crossEntropy();
            Learner learn = new Learner(SmallImages.loaders(new TensorDataset(x, y)), mean(), mine).add(mixing);
            learn.fit(2, Callback.on(Event.BEFORE_BACKWARD, l -> {
                Tensor ones = l.batch().input().mean(false, 1, 2, 3);
                Tensor soft = Tensor.stack(List.of(ones.neg().add(1), ones), 1);
                Tensor want = mine.apply(l.pred(), soft);
                assertClose("loss", l.loss().toDoubles(), want.toDoubles(), 1e-5, 1e-6);
            }));
            assertThat(learn.lossFunction()).isSameAs(mine);
        }
    }

    private static Module mean() {
        return Sequential.of(new Flatten(), new Linear(16, 2));
    }

    @Test
    void floating_point_targets_are_mixed_like_the_inputs() {
        Learner learn = TinyProblem.learner(new MixUp());
        learn.fit(2, Callback.on(Event.AFTER_LOSS, l -> {
            Tensor want = l.batch().input().mul(2).add(1); // a blend of points of a line lies on it
            assertClose("targets", l.batch().target(), want, 1e-5, 1e-6);
        }));
    }

    @Test
    void all_floating_point_inputs_are_mixed_alike_and_others_are_left() {
        Tensor x = SmallImages.images(4);
        Tensor tokens = Tensor.of(new long[] {1, 2, 3, 4});
        TensorDataset data = new TensorDataset(List.of(tokens, x, x.mul(2)), List.of(Tensor.ones(4)));
        Module second = new Module() {
            final Linear linear = new Linear(1, 1);

            @Override
            protected Tensor compute(Tensor in) {
                return linear.forward(in);
            }

            @Override
            protected Tensor compute(List<Tensor> inputs) {
                return compute(inputs.get(1).mean(false, 1, 2, 3).unsqueeze(1)).squeeze(1);
            }
        };
        for (Callback mixing : List.of(new MixUp(), new CutMix())) {
            new Learner(SmallImages.loaders(data), second, Losses.mse())
                    .optimizer(Optimizers.sgd(o -> {}))
                    .fit(2, mixing, Callback.on(Event.AFTER_PRED, l -> {
                        List<Tensor> inputs = l.batch().inputs();
                        assertThat(inputs.get(0).dtype()).isEqualTo(DType.INT64);
                        assertClose("second", inputs.get(2), inputs.get(1).mul(2), 1e-6, 1e-7);
                    }));
        }
    }

    @Test
    void what_cannot_be_mixed_is_refused() {
        Tensor labels = Tensor.of(new long[] {0, 1});
        Tensor images = SmallImages.images(2);
        assertRefused(
                new Batch(List.of(images), List.of(labels, labels)),
                new MixUp(),
                "MixUp: wanted one target of labels, or only floating-point ones, but got [int64[2], int64[2]]");
        assertRefused(
                Batch.of(labels, labels), new MixUp(), "MixUp: wanted a batch with an input of floating-point numbers");
        assertRefused(
                Batch.of(Tensor.ones(2, 3), labels),
                new CutMix(),
                "CutMix: wanted images [N, C, H, W], but got float32[2, 3]");
        assertRefused(
                new Batch(List.of(images, Tensor.ones(2, 2, 9, 9)), List.of(labels)),
                new CutMix(),
                "CutMix: wanted all images of the size of the first, 6 x 5, but got float32[2, 2, 9, 9]");
    }

    private static void assertRefused(Batch batch, Callback mixing, String message) {
        Learner learn = SmallImages.learner(at(-1, l -> l.batch(batch)), mixing);
        assertThatThrownBy(() -> learn.fit(1))
                .isInstanceOf(TensorException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void two_ways_of_mixing_cannot_play_in_the_same_fit() {
        Learner learn = SmallImages.learner(new MixUp());
        for (Callback second : List.of(new MixUp(), new CutMix())) {
            assertThatThrownBy(() -> learn.fit(1, second))
                    .isInstanceOf(PlanException.class)
                    .hasMessageContaining("cannot play in the same fit");
        }
    }

    /** Were labels left over, the loss of validation would be mixed with them. */
    @ParameterizedTest
    @MethodSource("kinds")
    void nothing_is_left_of_a_batch_that_was_left_early(Supplier<Callback> kind) {
        Learner learn = SmallImages.learner(kind.get());
        Loss own = learn.lossFunction();
        Module model = learn.model();
        for (Event event : List.of(Event.BEFORE_BATCH, Event.AFTER_PRED, Event.AFTER_LOSS, Event.BEFORE_STEP)) {
            assertThatThrownBy(() -> learn.fit(1, Callback.on(event, l -> {
                        throw new IllegalStateException("test");
                    })))
                    .hasMessage("test");
            learn.fit(1, Callback.on(event, l -> {
                throw Cancel.batch("test");
            }));
            assertThat(learn.lossFunction()).isSameAs(own);
            double plain =
                    own.apply(model.forward(SmallImages.images(10)), labels(10)).item();
            assertThat(learn.validate().get("valid_loss")).isCloseTo(plain, within(1e-5));
        }
    }

    private static Tensor labels(int n) {
        return SmallImages.labelled(n).batch(IntStream.range(0, n).toArray()).target();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void memory_is_flat_over_batches(Supplier<Callback> kind) {
        List<Long> alive = new ArrayList<>();
        try (Scope scope = Scope.open()) {
            SmallImages.learner(400, kind.get(), new RandomErasing()).fit(1, Callback.on(Event.AFTER_BATCH, l -> {
                if (l.training() && (l.batchIndex() == 10 || l.batchIndex() == 90)) {
                    alive.add(Engine.liveObjects());
                }
            }));
        }
        assertThat(alive).hasSize(2);
        assertThat(alive.get(1)).isLessThanOrEqualTo(alive.get(0));
    }
}
