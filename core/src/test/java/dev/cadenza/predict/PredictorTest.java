package dev.cadenza.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.data.Normalize;
import dev.cadenza.data.Reshape;
import dev.cadenza.data.Sample;
import dev.cadenza.nn.Activation;
import dev.cadenza.nn.BatchNorm2d;
import dev.cadenza.nn.Conv2d;
import dev.cadenza.nn.Dropout;
import dev.cadenza.nn.Flatten;
import dev.cadenza.nn.Identity;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import dev.cadenza.testing.InScope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Models that travel in one file. */
@ExtendWith(InScope.class)
class PredictorTest {
    @TempDir
    private Path dir;

    private Path file;

    @BeforeEach
    void name() {
        file = dir.resolve("model.safetensors");
    }

    private static Sequential net() {
        Rng.global().seed(1);
        Sequential net = Sequential.of(
                new Conv2d(1, 4, 3),
                new BatchNorm2d(4),
                Activation.reluInPlace(),
                new Dropout(0.5),
                new Flatten(),
                new Linear(4 * 4 * 4, 3));
        net.forward(Tensor.zeros(8, 1, 6, 6).normal_(2, 3, new Rng(1)));
        return net;
    }

    private static Tensor image(long seed) {
        return Tensor.zeros(36).uniform_(0, 1, new Rng(seed));
    }

    private Predictor classifier(Module net) {
        return predictor(net, o -> {
            o.transforms = List.of(Reshape.of(1, 6, 6), Normalize.of(new double[] {0.4}, new double[] {0.2}));
            o.classes = List.of("ant", "bee", "蜂");
            o.loss = Losses.crossEntropy();
        });
    }

    private Predictor predictor(Module net, Consumer<ExportOptions> options) {
        Predictor.write(file, net, options);
        return Predictor.load(file);
    }

    @Test
    void a_class_is_told_as_the_model_tells_it() {
        Sequential net = net();
        try (Predictor predictor = classifier(net).warm(image(0))) {
            Prediction seen = predictor.predict(image(3));
            net.eval();
            Tensor x = image(3).reshape(1, 1, 6, 6)
                    .sub(Tensor.of(new float[] {0.4f}))
                    .div(Tensor.of(new float[] {0.2f}));
            double[] want = net.forward(x).softmax(1).toDoubles();
            assertThat(seen.values()).containsExactly(want);
            int best = want[0] > want[1] ? want[0] > want[2] ? 0 : 2 : want[1] > want[2] ? 1 : 2;
            assertThat(seen.label()).isEqualTo(predictor.classes().get(best));
            assertThat(seen.labels()).containsExactly(seen.label());
            assertThat(seen.probability()).isEqualTo(want[best]);
            assertThat(seen.probability("蜂")).isEqualTo(want[2]);
            assertThat(seen.probabilities().keySet()).containsExactly("ant", "bee", "蜂");
            assertThat(seen.top(2)).hasSize(2);
            assertThat(List.copyOf(seen.top(9).values()))
                    .isSortedAccordingTo(Comparator.reverseOrder())
                    .hasSize(3);
            assertThat(seen.shape()).containsExactly(3);
            assertThat(seen.decided()).containsExactly(best);
            assertThat(seen.toString()).startsWith(seen.label() + " ").contains(" %, ");
            assertThat(predictor.input()).isNull();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> seen.probability("wasp"))
                    .withMessageContaining("[ant, bee, 蜂]");
            assertThatIllegalArgumentException().isThrownBy(() -> seen.top(0));
            assertThatIllegalStateException().isThrownBy(seen::value);
        }
    }

    @Test
    void several_at_once_are_those_one_by_one() {
        try (Predictor predictor = classifier(net())) {
            List<Sample> samples = IntStream.range(0, 5)
                    .mapToObj(i -> new Sample(List.of(image(i)), i == 2 ? List.of(image(9)) : List.of()))
                    .toList();
            List<Prediction> all = predictor.predict(samples);
            assertThat(all).hasSize(5);
            for (int i = 0; i < 5; i++) {
                assertThat(all.get(i).values())
                        .containsExactly(predictor.predict(image(i)).values(), within(1e-6));
            }
            assertThat(predictor.predict(List.of())).isEmpty();
        }
    }

    @Test
    void labels_of_which_several_are_true_are_told() {
        Linear linear = new Linear(3, 3, o -> o.bias = false);
        linear.loadStateDict(Map.of("weight", Tensor.eye(3)));
        try (Predictor predictor = predictor(linear, o -> {
            o.classes = List.of("a", "b", "c");
            o.loss = Losses.bceWithLogits(l -> l.threshold = 0.6);
        })) {
            Prediction seen = predictor.predict(Tensor.of(new float[] {3, 0, 1}));
            assertThat(seen.labels()).containsExactly("a", "c");
            assertThat(seen.probability("b")).isEqualTo(0.5);
            assertThat(seen.top(1).keySet()).containsExactly("a");
            assertThatIllegalStateException()
                    .isThrownBy(seen::label)
                    .withMessage(
                            "the model does not tell one class, but labels of shape [3]; read values() or decided()");
        }
    }

    @Test
    void numbers_are_told() {
        Linear linear = new Linear(2, 1);
        linear.loadStateDict(Map.of("weight", Tensor.of(new float[] {2, 3}).reshape(1, 2), "bias", Tensor.ones(1)));
        try (Predictor predictor = predictor(linear, o -> o.loss = Losses.mse())) {
            Prediction seen = predictor.predict(Tensor.of(new float[] {10, 1}));
            assertThat(seen.value()).isEqualTo(24);
            assertThat(seen).hasToString("Prediction[1][24.0]");
            assertThatIllegalStateException().isThrownBy(seen::probabilities);
            assertThatIllegalStateException().isThrownBy(seen::labels);
        }
        try (Predictor predictor = predictor(new Identity(), o -> {})) {
            assertThat(predictor.predict(Tensor.ones(2, 2)).values()).containsExactly(1, 1, 1, 1);
        }
    }

    @Test
    void classes_of_pixels_and_classes_without_names_are_told() {
        try (Predictor predictor = predictor(new Identity(), o -> o.loss = Losses.crossEntropy())) {
            Prediction pixels =
                    predictor.predict(Tensor.of(new float[] {1, 2, 3, 1, 2, 1}).reshape(3, 1, 2));
            assertThat(pixels.decided()).containsExactly(1, 0);
            assertThat(pixels.shape()).containsExactly(3, 1, 2);
            assertThatIllegalStateException().isThrownBy(pixels::label);
            assertThat(predictor.predict(Tensor.of(new float[] {1, 5})).label()).isEqualTo("1");
        }
    }

    @Test
    void many_threads_get_the_bits_of_one() throws Exception {
        try (Predictor predictor = classifier(net())) {
            List<double[]> want = IntStream.range(0, 40)
                    .mapToObj(i -> predictor.predict(image(i)).values())
                    .toList();
            ExecutorService pool = Executors.newFixedThreadPool(8);
            try {
                List<Future<double[]>> got = new ArrayList<>();
                for (int round = 0; round < 5; round++) {
                    for (int i = 0; i < 40; i++) {
                        long seed = i;
                        got.add(pool.submit(() -> {
                            try (Scope scope = Scope.open()) {
                                return predictor.predict(image(seed)).values();
                            }
                        }));
                    }
                }
                for (int i = 0; i < got.size(); i++) {
                    assertThat(got.get(i).get()).containsExactly(want.get(i % 40));
                }
            } finally {
                pool.shutdownNow();
            }
        }
    }

    @Test
    void ten_thousand_predictions_leave_no_tensor_behind() {
        try (Predictor predictor =
                predictor(Sequential.of(new Linear(4, 8), Activation.relu(), new Linear(8, 2)), o -> {
                    o.loss = Losses.crossEntropy();
                    o.transforms = List.of(Normalize.of(new double[] {0.5}, new double[] {2}));
                })) {
            Tensor x = Tensor.ones(4);
            predictor.warm(x);
            long before = Engine.liveObjects();
            for (int i = 0; i < 10_000; i++) {
                predictor.predict(x);
                if (i % 1000 == 0) {
                    assertThatExceptionOfType(TensorException.class)
                            .isThrownBy(() -> predictor.predict(Tensor.ones(5).keep()));
                }
            }
            assertThat(Engine.liveObjects()).isLessThanOrEqualTo(before + 30); // the wrong inputs are this scope's
        }
    }

    @Test
    void a_wrong_input_is_one_clear_line_and_the_next_is_right() {
        try (Predictor predictor = classifier(net())) {
            double[] want = predictor.predict(image(1)).values();
            assertThatExceptionOfType(TensorException.class)
                    .isThrownBy(() -> predictor.predict(Tensor.zeros(35)))
                    .withMessageNotContaining("\n");
            assertThatExceptionOfType(TensorException.class)
                    .isThrownBy(() -> predictor.predict(Tensor.zeros(DType.INT64, 36)))
                    .withMessageContaining("floating-point");
            assertThatIllegalArgumentException().isThrownBy(() -> predictor.predict(image(1), image(2)));
            assertThatIllegalArgumentException().isThrownBy(predictor::predict);
            assertThat(predictor.predict(image(1)).values()).containsExactly(want);
        }
    }

    @Test
    void names_that_are_not_as_many_as_the_scores_are_an_error() {
        try (Predictor predictor = predictor(new Identity(), o -> {
            o.loss = Losses.crossEntropy();
            o.classes = List.of("a", "b");
        })) {
            assertThatExceptionOfType(TensorException.class)
                    .isThrownBy(() -> predictor.warm(Tensor.ones(3)))
                    .withMessageContaining("names 2 classes, but the model gives 3");
        }
    }

    @Test
    void once_closed_it_says_so_and_its_memory_is_free() {
        long before = Engine.liveObjects();
        Predictor predictor = classifier(new Identity());
        predictor.close();
        predictor.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> predictor.predict(image(1)))
                .withMessageContaining("closed");
        Predictor.write(file, Sequential.of(new Linear(2, 2)), o -> {});
        long withLinear = Engine.liveObjects();
        Predictor.load(file).close();
        assertThat(Engine.liveObjects()).isEqualTo(withLinear);
        assertThat(before).isPositive();
    }
}
