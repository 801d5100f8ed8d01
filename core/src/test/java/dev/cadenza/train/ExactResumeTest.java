package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.callback.Checkpointing;
import dev.cadenza.callback.EarlyStopping;
import dev.cadenza.callback.GradientAccumulation;
import dev.cadenza.callback.GradientClip;
import dev.cadenza.callback.MixUp;
import dev.cadenza.callback.MixedPrecision;
import dev.cadenza.callback.SaveBest;
import dev.cadenza.callback.WeightAverage;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.Dataset;
import dev.cadenza.data.Draw;
import dev.cadenza.data.Sample;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.io.SealedFolder;
import dev.cadenza.metric.Metrics;
import dev.cadenza.nn.Activation;
import dev.cadenza.nn.BatchNorm1d;
import dev.cadenza.nn.Dropout;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Sequential;
import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A run that is resumed, at whatever place, ends with the bits of one that was never interrupted. */
class ExactResumeTest {
    private static final int EPOCHS = 3;

    @TempDir
    Path dir;

    /** What is tried; each plays with all that it needs. */
    enum Technique {
        PLAIN(() -> new Callback[0]),
        MIX_UP_AND_CLIP(() -> new Callback[] {new MixUp(), GradientClip.norm(0.5)}),
        ACCUMULATION(() -> new Callback[] {new GradientAccumulation(20)}),
        AVERAGE(() -> new Callback[] {WeightAverage.ema(0.9)}),
        MEAN_OF_EPOCHS(() -> new Callback[] {WeightAverage.swa(o -> o.start = 0.3)}),
        BEST(() -> new Callback[] {new SaveBest(), new EarlyStopping(o -> o.patience = 2)}),
        BF16(() -> new Callback[] {new MixedPrecision()}),
        COUNTED(() -> new Callback[] {Callback.every(3, Event.AFTER_STEP, ExactResumeTest::shrink)});

        @SuppressWarnings("ImmutableEnumChecker") // lambdas that hold nothing
        private final Supplier<Callback[]> callbacks;

        Technique(Supplier<Callback[]> callbacks) {
            this.callbacks = callbacks;
        }
    }

    private static void shrink(Learner learn) {
        learn.model().parameters().forEach(weight -> weight.detach().mul_(0.9));
    }

    @ParameterizedTest
    @EnumSource(Technique.class)
    void a_run_resumed_after_any_batch_ends_with_the_same_bits(Technique technique) {
        Learner whole = learner(0);
        List<Path> places = new ArrayList<>();
        fit(whole, technique, saveEverywhere(places));
        assertThat(places).hasSize(EPOCHS * (5 + 2));
        int step = technique == Technique.PLAIN ? 1 : 4; // all places once, and each technique at some of each kind
        for (int i = technique.ordinal() % step; i < places.size(); i += step) {
            Path place = places.get(i);
            Learner resumed = learner(2);
            resumed.resume(place.getParent());
            fit(resumed, technique, new Callback[0]);
            assertThat(resumed.digest()).as("resumed from " + place).isEqualTo(whole.digest());
            assertThat(resumed.recorder().losses()).isEqualTo(whole.recorder().losses());
            assertThat(resumed.recorder().lrs()).isEqualTo(whole.recorder().lrs());
            assertThat(resumed.recorder().epochs().stream().map(EpochRecord::values))
                    .containsExactlyElementsOf(whole.recorder().epochs().stream()
                            .map(EpochRecord::values)
                            .toList());
            assertThat(resumed.iteration()).isEqualTo(whole.iteration());
        }
    }

    private static void fit(Learner learn, Technique technique, Callback... more) {
        List<Callback> all = new ArrayList<>(Arrays.asList(technique.callbacks.get()));
        all.addAll(Arrays.asList(more));
        learn.fitOneCycle(EPOCHS, 0.05, all.toArray(Callback[]::new));
    }

    /** Each into a folder of its own, so that it is the newest there. */
    private Callback saveEverywhere(List<Path> places) {
        return new Callback() {
            @Override
            public double order() {
                return 1000;
            }

            @Override
            public boolean observes() {
                return true;
            }

            @Override
            public void afterBatch(Learner learn) {
                if (learn.training()) {
                    save(learn);
                }
            }

            @Override
            public void afterTrain(Learner learn) {
                save(learn);
            }

            @Override
            public void afterEpoch(Learner learn) {
                save(learn);
            }

            private void save(Learner learn) {
                try (Checkpoint now = Checkpoint.of(learn)) {
                    CheckpointFolder folder = new CheckpointFolder(dir.resolve("at" + places.size()));
                    folder.prepare();
                    places.add(folder.write(now));
                }
            }
        };
    }

    @Test
    void fits_that_were_done_are_passed_over() {
        Learner whole = learner(0);
        threeFits(whole, new Checkpointing(dir.resolve("run"), o -> {
            o.everySteps = 1;
            o.keep = 1000;
        }));
        List<Path> places = new CheckpointFolder(dir.resolve("run")).list();
        assertThat(places).hasSize(15 + 3);
        for (int i = 0; i < places.size(); i++) {
            places.subList(places.size() - i, places.size()).forEach(SealedFolder::delete);
            Learner resumed = learner(0);
            resumed.resume(dir.resolve("run"));
            threeFits(resumed);
            assertThat(resumed.digest()).as("without the last " + i).isEqualTo(whole.digest());
        }
    }

    private static void threeFits(Learner learn, Callback... callbacks) {
        learn.freezeTo(0);
        learn.fit(1, 0.1, callbacks);
        learn.optimizer().set(Hyper.wd(0.1));
        learn.fitOneCycle(1, 0.05, callbacks);
        learn.fit(1, callbacks);
    }

    /** Two classes of noisy points, which the data set makes noisier, with all that is random in a network. */
    private static Learner learner(int workers) {
        Rng.global().seed(3);
        TensorDataset points = new TensorDataset(
                Tensor.zeros(36, 4).uniform_(-1, 1, new Rng(1)),
                Tensor.zeros(36).uniform_(0, 2, new Rng(2)).to(DType.INT64));
        DataLoaders data = DataLoaders.of(new Noisy(points), points, o -> {
            o.batchSize = 8;
            o.workers = workers;
        });
        Sequential model = Sequential.of(
                new Linear(4, 16), new BatchNorm1d(16), Activation.relu(), new Dropout(0.3), new Linear(16, 2));
        return new Learner(data, model, Losses.crossEntropy())
                .optimizer(Optimizers.adam(o -> o.wd = 0.01))
                .metrics(Metrics.accuracy());
    }

    private record Noisy(TensorDataset points) implements Dataset {
        @Override
        public int size() {
            return points.size();
        }

        @Override
        public Sample get(int index) {
            return points.get(index);
        }

        @Override
        public Sample get(int index, Draw draw) {
            Sample sample = points.get(index);
            Tensor noisy = sample.inputs().get(0).add(draw.random().nextDouble());
            return Sample.of(noisy, sample.targets().get(0));
        }
    }
}
