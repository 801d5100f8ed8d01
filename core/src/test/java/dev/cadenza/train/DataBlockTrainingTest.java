package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.data.Block;
import dev.cadenza.data.CategoryBlock;
import dev.cadenza.data.DataBlock;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.Datasets;
import dev.cadenza.data.Labels;
import dev.cadenza.data.MultiCategoryBlock;
import dev.cadenza.data.Normalize;
import dev.cadenza.data.RegressionBlock;
import dev.cadenza.data.Splitter;
import dev.cadenza.metric.Metrics;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Loss;
import dev.cadenza.nn.Losses;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.Rng;
import dev.cadenza.testing.InScope;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Learners train from blocks over rows of a table. */
@ExtendWith(InScope.class)
class DataBlockTrainingTest {
    record House(double area, double age, String kind, String tags) {
        double price() {
            return 3 * area - age + 2;
        }
    }

    private static final Block<House> FACTS = RegressionBlock.of(2, house -> new double[] {house.area(), house.age()});

    private final List<House> houses = houses();

    private static List<House> houses() {
        SplittableRandom random = new SplittableRandom(1);
        return Stream.generate(() -> house(random.nextDouble(), random.nextDouble()))
                .limit(200)
                .toList();
    }

    private static House house(double area, double age) {
        return new House(
                area, age, area > age ? "villa" : "ruin", (area > 0.5 ? "large " : "") + (age > 0.5 ? "old" : ""));
    }

    @BeforeEach
    void seed() {
        Rng.global().seed(1);
    }

    private static Learner learner(DataLoaders data, Linear model, Loss loss) {
        return new Learner(data, model, loss).optimizer(Optimizers.sgd(o -> o.mom = 0.9));
    }

    @Test
    void a_regression_finds_the_formula() {
        DataBlock<House> block = DataBlock.of(FACTS, RegressionBlock.of(House::price));
        Linear model = new Linear(2, 1);
        learner(block.loaders(houses, o -> o.batchSize = 20), model, Losses.mse())
                .fit(20, 0.1);
        assertThat(model.parameters().get(0).toFloats()[0]).isCloseTo(3, within(0.01f));
        assertThat(model.parameters().get(0).toFloats()[1]).isCloseTo(-1, within(0.01f));
    }

    @Test
    void a_classifier_learns_the_label_from_measured_and_normalized_facts() {
        DataBlock<House> block = DataBlock.of(
                FACTS, CategoryBlock.of(House::kind), o -> o.splitter = Splitter.stratified(0.2, 1, House::kind));
        Datasets sets = block.datasets(houses);
        Normalize measured = Normalize.measure(sets.loaders(o -> {}).train(), 3);
        DataLoaders data = sets.with(measured).loaders(o -> o.batchSize = 20);
        Learner learn = learner(data, new Linear(2, 2), Losses.crossEntropy()).metrics(Metrics.accuracy());
        learn.fit(10, 0.5);
        assertThat(sets.classes()).containsExactly("ruin", "villa");
        assertThat(learn.recorder().lastEpoch().get("accuracy")).isGreaterThan(0.95);
    }

    @Test
    void several_labels_are_learnt_at_once() {
        DataBlock<House> block = DataBlock.of(FACTS, MultiCategoryBlock.of(Labels.delimited(House::tags, " ")));
        Datasets sets = block.datasets(houses);
        assertThat(sets.classes()).containsExactly("large", "old");
        Learner learn = learner(sets.loaders(o -> o.batchSize = 20), new Linear(2, 2), Losses.bceWithLogits());
        learn.fit(20, 1);
        assertThat(learn.recorder().lastEpoch().get("valid_loss")).isLessThan(0.3);
    }
}
