package dev.cadenza.train;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.cadenza.callback.WeightAverage;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.Digits;
import dev.cadenza.nn.BatchNorm1d;
import dev.cadenza.nn.Dropout;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Sequential;
import dev.cadenza.optim.Hyper;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.Golden;
import dev.cadenza.testing.TinyProblem;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class LrFinderTest {
    private final DataLoaders digits = Digits.make(1).loaders(o -> o.batchSize = 64);

    /** With batch normalisation and dropout there are buffers to put back, and random numbers are drawn. */
    private Learner learner() {
        Rng.global().seed(3);
        return new Learner(
                digits,
                Sequential.of(
                        new Linear(784, 20), new BatchNorm1d(20), Tensor::relu, new Dropout(0.2), new Linear(20, 10)),
                Losses.crossEntropy());
    }

    @TestFactory
    Stream<DynamicTest> scripted_losses_give_the_curve_and_the_suggestions_of_fastai() {
        return Golden.maps(Golden.read("schedules.json").get("lr_find")).stream()
                .map(each -> dynamicTest((String) each.get("id"), () -> compare(each)));
    }

    private static void compare(Map<String, Object> each) {
        Map<String, Object> args = Golden.map(each.get("args"));
        double[] script = numbers(each.get("losses"));
        Learner learn = TinyProblem.learner(((Number) each.get("n_batches")).intValue(), 1);
        Callback scripted = Callback.on(
                Event.AFTER_LOSS, l -> l.loss(l.loss().mul(0).add(script[Math.min(l.iteration(), script.length - 1)])));
        LrCurve curve = learn.lrFind(
                o -> {
                    o.startLr = Golden.number(args.getOrDefault("start_lr", o.startLr));
                    o.endLr = Golden.number(args.getOrDefault("end_lr", o.endLr));
                    o.iterations = ((Number) args.getOrDefault("num_it", o.iterations)).intValue();
                    o.stopDiverged = (Boolean) args.getOrDefault("stop_div", o.stopDiverged);
                },
                scripted);
        assertClose("rates", curve.lrs(), numbers(each.get("lr_exact")), 1e-9, 0);
        assertClose("smoothed losses", curve.losses(), numbers(each.get("smooth_loss")), 1e-5, 1e-6);
        if (each.get("id").equals("flat_never_diverges")) {
            return; // its suggestions are those of fastai's rounding: our curve is all 1; LrCurveGoldenTest has them
        }
        Map<String, Object> suggestions = Golden.map(each.get("suggestion_newer"));
        assertThat(curve.valley()).isCloseTo(Golden.number(suggestions.get("valley")), within(1e-4));
        assertThat(curve.slide()).isCloseTo(Golden.number(suggestions.get("slide")), within(1e-4));
        assertThat(curve.minimum()).isCloseTo(Golden.number(suggestions.get("minimum")), within(1e-4));
        assertThat(curve.steepest()).isCloseTo(Golden.number(suggestions.get("steep")), within(1e-4));
    }

    private static org.assertj.core.data.Percentage within(double relative) {
        return org.assertj.core.data.Percentage.withPercentage(100 * relative);
    }

    private static double[] numbers(Object list) {
        return ((List<?>) list).stream().mapToDouble(Golden::number).toArray();
    }

    @Test
    void the_learner_is_to_the_bit_as_before_and_a_fit_after_it_gives_the_bits_of_a_fit_without() {
        WeightAverage ema = WeightAverage.ema(0.9);
        Learner with = learner().add(ema);
        with.fit(1, 1e-3);
        String digest = with.digest();
        byte[] random = Rng.global().state();
        List<EpochRecord> recorded = with.recorder().epochs();
        String timeline = with.timeline().toString();
        LrCurve curve = with.lrFind();
        assertThat(curve.valley()).isBetween(1e-5, 1.0);
        assertThat(with.digest()).isEqualTo(digest);
        assertThat(Rng.global().state()).isEqualTo(random);
        assertThat(with.recorder().epochs()).isEqualTo(recorded);
        assertThat(with.timeline().toString()).isEqualTo(timeline);
        assertThat(with.optimizer().get(Hyper.LR)).isEqualTo(1e-3);
        with.fitOneCycle(1, 1e-3);
        String after = with.digest();

        Learner without = learner().add(WeightAverage.ema(0.9));
        without.fit(1, 1e-3);
        without.fitOneCycle(1, 1e-3);
        assertThat(after).isEqualTo(without.digest());
    }

    @Test
    void a_failure_in_the_middle_leaves_the_learner_as_before_too() {
        Learner learn = learner();
        String digest = learn.digest();
        Callback fails = Callback.on(Event.AFTER_STEP, l -> {
            if (l.iteration() == 3) {
                throw new IllegalStateException("on purpose");
            }
        });
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> learn.lrFind(o -> {}, fails)))
                .hasMessage("on purpose");
        assertThat(learn.digest()).isEqualTo(digest);
        learn.fit(1, 1e-3); // no fit is going on any more
    }

    @Test
    void options_out_of_range_are_refused_in_one_line() {
        Learner learn = TinyProblem.learner();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> learn.lrFind(o -> o.startLr = 20))
                .withMessage("wanted an endLr above a startLr above 0, but got: 20.0 to 10.0");
        assertThatIllegalArgumentException().isThrownBy(() -> learn.lrFind(o -> o.startLr = 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> learn.lrFind(o -> o.iterations = 0))
                .withMessage("wanted 1 iteration or more, but got: 0");
        assertThatIllegalArgumentException().isThrownBy(() -> learn.lrFind(o -> o.endLr = Double.NaN));
    }

    @Test
    void a_loss_that_is_not_a_number_stops_it_and_the_curve_ends_before() {
        Learner learn = TinyProblem.learner();
        LrCurve curve = learn.lrFind(
                o -> {}, Callback.on(Event.AFTER_LOSS, l -> l.loss(l.loss().mul(l.iteration() < 40 ? 1 : Double.NaN))));
        assertThat(curve.lrs().length).isEqualTo(41);
        assertThat(curve.minimum()).isPositive();
    }
}
