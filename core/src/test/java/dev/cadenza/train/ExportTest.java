package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cadenza.data.CategoryBlock;
import dev.cadenza.data.DataBlock;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.Dataset;
import dev.cadenza.data.Datasets;
import dev.cadenza.data.Normalize;
import dev.cadenza.data.RegressionBlock;
import dev.cadenza.data.Splitter;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.io.DataException;
import dev.cadenza.io.Safetensors;
import dev.cadenza.nn.Activation;
import dev.cadenza.nn.BatchNorm1d;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Sequential;
import dev.cadenza.predict.Prediction;
import dev.cadenza.predict.Predictor;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import dev.cadenza.testing.TinyProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a learner writes to files, and reads. */
@ExtendWith(InScope.class)
class ExportTest {
    @TempDir
    private Path dir;

    @Test
    void weights_and_buffers_are_saved_and_loaded() {
        Path file = dir.resolve("weights.safetensors");
        Learner learn = rows();
        learn.fit(1, 0.1);
        learn.save(file);
        assertThat(Safetensors.read(file).keySet())
                .containsExactlyInAnyOrderElementsOf(learn.model().stateDict().keySet())
                .contains("1.running_mean");
        Learner other = rows();
        other.load(file);
        learn.model()
                .stateDict()
                .forEach((name, value) -> assertThat(
                                other.model().stateDict().get(name).equal(value))
                        .as(name)
                        .isTrue());
    }

    @Test
    void weights_that_do_not_fit_are_refused_with_all_differences_and_nothing_is_changed() throws IOException {
        Learner learn = TinyProblem.learner();
        double before = learn.model().stateDict().get("weight").item();
        Path file = dir.resolve("other.safetensors");
        Safetensors.write(file, Map.of("weight", Tensor.ones(1, 2), "more", Tensor.ones(1)));
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> learn.load(file))
                .withMessageContainingAll(
                        file + ": ",
                        "missing: bias",
                        "weight: wanted float32[1, 1], but got float32[1, 2]",
                        "unknown: more");
        Files.writeString(file, "nothing of the kind");
        assertThatExceptionOfType(DataException.class).isThrownBy(() -> learn.load(file));
        assertThat(learn.model().stateDict().get("weight").item()).isEqualTo(before);
    }

    private static Learner rows() {
        Tensor x = Tensor.zeros(300, 9).uniform_(0, 1, new Rng(1));
        Dataset set = new TensorDataset(x, x.narrow(1, 0, 4).argmax(1));
        DataLoaders data = new Datasets(set, set, List.of("a", "b", "c", "d"))
                .with(Normalize.of(new double[] {0.1}, new double[] {0.3}))
                .loaders(o -> o.batchSize = 50);
        return new Learner(
                data,
                Sequential.of(new Linear(9, 12), new BatchNorm1d(12), Activation.relu(), new Linear(12, 4)),
                Losses.crossEntropy());
    }

    @Test
    void an_exported_model_predicts_what_the_learner_predicts() {
        Learner learn = rows();
        learn.fit(1, 0.1);
        Path file = dir.resolve("rows.safetensors");
        learn.export(file);
        Predictions want = learn.getPreds();
        try (Predictor predictor = Predictor.load(file)) {
            assertThat(predictor.classes()).containsExactly("a", "b", "c", "d");
            for (int i = 0; i < 20; i++) {
                Prediction got = predictor.predict(
                        learn.data().valid().dataset().get(i).inputs().get(0));
                assertThat(got.values())
                        .usingComparatorWithPrecision(1e-6)
                        .containsExactly(want.preds().select(0, i).toDoubles());
                assertThat(got.label()).isEqualTo(predictor.classes().get((int)
                        want.decoded().select(0, i).itemLong()));
            }
        }
        Learner again = rows();
        again.load(file); // it holds the weights as any other file
        assertThat(again.model()
                        .stateDict()
                        .get("3.bias")
                        .equal(learn.model().stateDict().get("3.bias")))
                .isTrue();
    }

    private record Fruit(double weight, double length, String kind) {}

    @Test
    void the_vocabulary_of_a_data_block_goes_along() {
        List<Fruit> fruits = List.of(
                new Fruit(1, 2, "pear"), new Fruit(2, 3, "apple"), new Fruit(3, 1, "fig"), new Fruit(1, 1, "pear"));
        DataLoaders data = DataBlock.of(
                        RegressionBlock.of(2, fruit -> new double[] {fruit.weight(), fruit.length()}),
                        CategoryBlock.of(Fruit::kind),
                        o -> o.splitter = Splitter.none())
                .loaders(fruits, o -> o.batchSize = 2);
        Path file = dir.resolve("fruits.safetensors");
        new Learner(data, new Linear(2, 3), Losses.crossEntropy()).export(file);
        try (Predictor predictor = Predictor.load(file)) {
            assertThat(predictor.predict(Tensor.ones(2)).probabilities().keySet())
                    .containsExactly("apple", "fig", "pear");
        }
    }

    @Test
    void what_the_learner_does_not_say_or_says_wrongly_can_be_chosen() {
        Learner learn = new Learner(rows().data(), Sequential.of(new Linear(9, 2)), (pred, target) -> pred.sum());
        Path file = dir.resolve("own.safetensors");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> learn.export(file))
                .withMessageStartingWith("loss is a function");
        learn.export(file, o -> {
            o.loss = Losses.bceWithLogits();
            o.classes = List.of("x", "y");
        });
        try (Predictor predictor = Predictor.load(file)) {
            assertThat(predictor.predict(Tensor.ones(9)).probabilities().keySet())
                    .containsExactly("x", "y");
        }
    }
}
