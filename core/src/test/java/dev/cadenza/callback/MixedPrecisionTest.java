package dev.cadenza.callback;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.tensor.Autocast;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Device;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import dev.cadenza.train.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(InScope.class)
class MixedPrecisionTest {
    private static MixedPrecision fp16(double init, int interval) {
        return new MixedPrecision(o -> {
            o.dtype = DType.FLOAT16;
            o.lossScale = s -> {
                s.init = init;
                s.interval = interval;
            };
        });
    }

    private static boolean casts() {
        return Autocast.isOn(Device.Type.CPU);
    }

    @Test
    void the_model_computes_in_bfloat16_and_all_else_is_float32_in_validation_too() {
        List<DType> outputs = new ArrayList<>();
        List<Boolean> casting = new ArrayList<>();
        Learner learn = SmallConvNet.learner(
                new MixedPrecision(),
                Callback.on(Event.AFTER_LOSS, l -> {
                    casting.add(casts());
                    outputs.add(l.pred().dtype());
                    outputs.add(l.loss().dtype());
                }),
                Callback.on(
                        Event.AFTER_BACKWARD,
                        l -> l.model()
                                .parameters()
                                .forEach(p -> outputs.add(p.grad().dtype()))));
        List<DType> inside = new ArrayList<>();
        try (var hook = learn.model().onForward((module, in, out) -> {
            inside.add(out.dtype());
            return out;
        })) {
            learn.fit(1);
        }
        assertThat(inside).hasSize(6).containsOnly(DType.BFLOAT16);
        assertThat(outputs).hasSize(12 + 3 * 10).containsOnly(DType.FLOAT32);
        assertThat(casting).hasSize(6).containsOnly(false);
        assertThat(learn.model().parameters()).allMatch(p -> p.dtype() == DType.FLOAT32);
    }

    @ParameterizedTest
    @EnumSource(names = {"BFLOAT16", "FLOAT16"})
    void losses_are_close_to_those_of_float32(DType dtype) {
        Learner exact = SmallImages.learner();
        Learner mixed = SmallImages.learner(new MixedPrecision(o -> {
            o.dtype = dtype;
            o.lossScale = scale -> scale.init = 1024; // so that no step is left out
        }));
        exact.fit(3);
        mixed.fit(3);
        double[] want = exact.recorder().losses();
        assertClose("losses", mixed.recorder().losses(), want, dtype == DType.BFLOAT16 ? 2e-2 : 3e-3, 0);
        assertThat(mixed.recorder().losses()).isNotEqualTo(want);
    }

    @Test
    void a_small_convolutional_net_learns_as_well_channels_last_in_bfloat16() {
        Learner exact = SmallConvNet.learner();
        Learner mixed = SmallConvNet.learner(new ChannelsLast(), new MixedPrecision());
        exact.fit(3);
        mixed.fit(3);
        assertClose("losses", mixed.recorder().losses(), exact.recorder().losses(), 0.05, 0);
    }

    /** All powers of two: whatever the scale, the gradients are the same bits once it is taken out. */
    @Test
    void the_scale_of_the_loss_is_seen_in_gradients_only_before_the_step_and_never_in_the_recorded_loss() {
        double[] ones = run(1);
        double[] many = run(1024);
        assertClose("norms and losses", many, ones, 2e-3, 1e-6);
    }

    private static double[] run(double init) {
        List<Double> seen = new ArrayList<>();
        GradientStats stats = new GradientStats();
        SmallImages.learner(fp16(init, 2000), stats, GradientClip.norm(0.01), Callback.on(Event.AFTER_STEP, l -> {
                    seen.add(l.loss().item());
                    seen.add(l.optimizer().grads().norm());
                }))
                .fit(2);
        assertThat(seen).hasSize(12);
        assertThat(seen.get(1)).as("clipped").isLessThan(0.0100001);
        stats.of("1.weight").forEach(s -> seen.add(s.gradNorm()));
        return seen.stream().mapToDouble(x -> x).toArray();
    }

    @Test
    void a_step_with_gradients_that_are_not_finite_is_left_out_and_the_scale_shrinks_until_they_are() {
        List<String> reasons = new ArrayList<>();
        List<Boolean> moved = new ArrayList<>();
        double[] before = new double[1];
        MixedPrecision mixed = fp16(1e9, 2000);
        Learner learn = SmallImages.learner(
                mixed,
                Callback.on(Event.BEFORE_BATCH, l -> before[0] = norm(l)),
                Callback.on(Event.AFTER_CANCEL_STEP, l -> {
                    reasons.add(l.outcome().cancel().reason());
                    moved.add(norm(l) != before[0]);
                }));
        learn.fit(10);
        assertThat(reasons).isNotEmpty().hasSizeLessThan(25);
        assertThat(reasons.get(0)).isEqualTo("gradients are not finite with the loss times 1.0E9; next is 5.0E8");
        assertThat(moved).containsOnly(false);
        assertThat(mixed.lossScale()).isEqualTo(1e9 * Math.pow(0.5, reasons.size()));
        assertThat(learn.model().parameters()).allMatch(p -> p.isFinite().all().item() == 1);
    }

    private static double norm(Learner learn) {
        return learn.model().parameters().get(0).detach().norm().item();
    }

    @Test
    void the_scale_grows_after_an_interval_and_begins_anew_in_each_fit() {
        MixedPrecision mixed = fp16(8, 2);
        Learner learn = SmallImages.learner(mixed);
        learn.fit(2); // 6 steps
        assertThat(mixed.lossScale()).isEqualTo(64);
        learn.fit(1); // 3 steps
        assertThat(mixed.lossScale()).isEqualTo(16);
        assertThat(new MixedPrecision().lossScale()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 4096})
    void with_accumulation_gradients_are_those_of_the_large_batch(double init) {
        List<Double> large = norms(SmallImages.learner(12), GradientClip.norm(100), new GradientAccumulation(12));
        List<Double> mixed = norms(SmallImages.learner(12), new GradientAccumulation(12), fp16(init, 1));
        assertThat(large).hasSize(2);
        assertClose("norms", array(mixed), array(large), 5e-3, 1e-6);
    }

    private static double[] array(List<Double> numbers) {
        return numbers.stream().mapToDouble(x -> x).toArray();
    }

    private static List<Double> norms(Learner learn, Callback... callbacks) {
        List<Double> norms = new ArrayList<>();
        learn.add(callbacks);
        learn.fit(
                2,
                Callback.on(
                        Event.AFTER_STEP, l -> norms.add(l.optimizer().grads().norm())));
        return norms;
    }

    /** A batch that is left at BEFORE_STEP keeps its gradients for the next one, multiplied as that one's are. */
    @Test
    void a_batch_left_between_scaling_and_step_adds_to_the_next_one() {
        double exact = sumOfTwo(new Callback[0]);
        double mixed = sumOfTwo(fp16(4096, 2000));
        assertThat(mixed).isCloseTo(exact, org.assertj.core.data.Offset.offset(5e-3 * exact));
    }

    private static double sumOfTwo(Callback... callbacks) {
        double[] norm = new double[1];
        SmallImages.learner(8, callbacks)
                .fit(
                        1,
                        Callback.on(
                                Event.AFTER_STEP,
                                l -> norm[0] = l.optimizer().grads().norm()),
                        new Callback() {
                            @Override
                            public double order() {
                                return 20;
                            }

                            @Override
                            public void beforeStep(Learner learn) {
                                if (learn.batchIndex() == 0) {
                                    throw Cancel.batch("test");
                                }
                            }
                        });
        return norm[0];
    }

    static Stream<Event> inBatch() {
        return Stream.of(Event.BEFORE_BATCH, Event.AFTER_PRED, Event.AFTER_LOSS, Event.BEFORE_STEP, Event.AFTER_BATCH);
    }

    @Test
    void autocast_is_left_whatever_way_a_batch_is_left() {
        inBatch().forEach(event -> {
            for (RuntimeException how : List.of(Cancel.batch("x"), Cancel.fit("x"), new IllegalStateException("x"))) {
                boolean[] done = new boolean[1];
                Callback leaves = Callback.on(event, l -> {
                    done[0] = true;
                    throw how;
                });
                Learner learn = SmallImages.learner(new MixedPrecision(), WeightAverage.ema(0.9), leaves);
                if (how instanceof Cancel cancel && !(cancel.reason().equals("x") && event == Event.AFTER_BATCH)) {
                    learn.fit(
                            1,
                            Callback.on(
                                    Event.AFTER_TRAIN, l -> assertThat(casts()).isFalse()));
                } else {
                    assertThatThrownBy(() -> {
                                learn.fit(1);
                                throw new IllegalStateException("x");
                            })
                            .hasMessageContaining("x");
                }
                assertThat(done[0]).isTrue();
                assertThat(casts()).as("%s, %s", event, how).isFalse();
            }
        });
    }

    @Test
    void a_model_that_fails_leaves_nothing_cast() {
        Learner learn = SmallImages.learner(new MixedPrecision());
        try (var hook = learn.model().onForward((module, in, out) -> {
            throw new IllegalStateException("in the model");
        })) {
            assertThatThrownBy(() -> learn.fit(1)).hasMessageContaining("in the model");
        }
        assertThat(learn.outcome().kind()).isEqualTo(Outcome.Kind.FAILED);
        assertThat(casts()).isFalse();
    }

    @Test
    void predictions_outside_of_a_fit_are_float32() {
        Learner learn = SmallImages.learner(new MixedPrecision());
        learn.fit(1);
        Tensor x = SmallImages.images(4);
        assertThat(learn.predict(x).dtype()).isEqualTo(DType.FLOAT32);
        assertThat(learn.getPreds().preds().dtype()).isEqualTo(DType.FLOAT32);
    }

    @Test
    void other_types_and_scales_are_refused() {
        for (DType dtype : new DType[] {DType.FLOAT32, DType.INT8, null}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new MixedPrecision(o -> o.dtype = dtype))
                    .withMessage("wanted dtype bfloat16 or float16 to compute in, but got: " + dtype);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> fp16(-1, 1));
    }
}
