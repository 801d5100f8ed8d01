package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.callback.Checkpointing;
import dev.cadenza.callback.ProgressiveResizing;
import dev.cadenza.callback.ReduceLROnPlateau;
import dev.cadenza.callback.SafeStep;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.io.SealedFolder;
import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.testing.TinyProblem;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Resuming where something else happens at the same place. */
class ResumeCornersTest {
    @TempDir
    private Path tmp;

    private Path dir;

    @BeforeEach
    void name() {
        dir = tmp.resolve("checkpoints");
    }

    private Checkpointing every(int steps, Consumer<Checkpointing.Options> more) {
        return TinyProblem.checkpoints(dir, steps, more);
    }

    private List<String> names() {
        return new CheckpointFolder(dir)
                .list().stream().map(each -> each.getFileName().toString()).toList();
    }

    @Test
    void a_resumed_run_knows_its_best_checkpoint_and_keeps_it() {
        Consumer<Checkpointing.Options> best = o -> {
            o.best = true;
            o.keep = 1;
        };
        TinyProblem.learner().fit(2, every(0, best)); // each epoch is better than the one before
        Callback worse = Callback.on(Event.AFTER_TRAIN, l -> {
            if (l.epoch() > 1) {
                l.model().parameters().forEach(weight -> weight.detach().add_(9));
            }
        });
        Learner resumed = TinyProblem.learner();
        resumed.resume(dir, o -> o.whatFits = true); // for more epochs
        Checkpointing after = every(0, best);
        resumed.fit(5, worse, after);
        assertThat(after.best()).contains(dir.resolve("fit000-epoch000002"));
        assertThat(names()).containsExactly("fit000-epoch000002", "fit000-epoch000005");
    }

    /** Fails in the whole of a batch, then in none of its pieces. */
    private static Callback tooLarge(int batch) {
        return Callback.on(Event.AFTER_PRED, l -> {
            if (l.training() && l.batchIndex() == batch && l.batch().size() == 4) {
                throw new IllegalStateException("too large");
            }
        });
    }

    @Test
    void between_the_pieces_of_a_batch_no_checkpoint_is_taken() {
        Callback pieces = new SafeStep(o -> o.then = SafeStep.Then.RETRY);
        int[] looked = new int[1];
        Callback looks = Callback.on(Event.AFTER_BATCH, l -> {
            if (l.training() && l.batchIndex() == 1 && l.batch().size() < 4 && l.iteration() == 1) {
                looked[0]++;
                assertThat(Checkpoint.isPossible(l)).isFalse();
                assertThatThrownBy(() -> Checkpoint.of(l)).hasMessageContaining("more parts of the batch");
            }
        });
        Learner learn = TinyProblem.learner();
        learn.fit(1, pieces, tooLarge(1), looks, every(1, o -> o.everyEpochs = 0));
        assertThat(looked[0]).isEqualTo(1);
        assertThat(names())
                .containsExactly(
                        "fit000-epoch000000-batch000000001",
                        "fit000-epoch000000-batch000000002",
                        "fit000-epoch000000-batch000000003");
        for (Path place : new CheckpointFolder(dir).list()) {
            try (Checkpoint checkpoint = Checkpoint.read(place)) {
                assertThat(checkpoint.position().iteration())
                        .isEqualTo(checkpoint.position().batch());
                assertThat(checkpoint.gradients()).as(place.toString()).isEmpty();
            }
        }
    }

    @Test
    void a_stop_at_a_batch_that_fails_waits_for_one_that_is_done() {
        Checkpointing checkpoints = every(0, o -> o.everyEpochs = 0);
        Callback fails = Callback.on(Event.AFTER_LOSS, l -> {
            if (l.training() && l.batchIndex() == 1) {
                checkpoints.stop("told to end");
                throw new IllegalStateException("broken");
            }
        });
        Learner learn = TinyProblem.learner();
        learn.fit(1, new SafeStep(), fails, checkpoints);
        assertThat(learn.outcome()).hasToString("cancelled: told to end");
        assertThat(names()).containsExactly("fit000-epoch000000-batch000000003");
    }

    @Test
    void a_run_that_begins_its_epoch_anew_keeps_its_own_checkpoints_not_those_behind() {
        TinyProblem.learner().fit(1, every(1, o -> o.everyEpochs = 0));
        assertThat(names()).endsWith("fit000-epoch000000-batch000000003");
        Learner others = TinyProblem.learner(5, 2);
        others.resume(dir, o -> o.whatFits = true);
        Callback ends = Callback.on(Event.AFTER_BATCH, l -> {
            if (l.training() && l.batchIndex() == 1) {
                throw Cancel.fit("as if it died");
            }
        });
        others.fit(1, ends, every(1, o -> {
            o.everyEpochs = 0;
            o.keep = 2;
        }));
        assertThat(names()).containsExactly("fit000-epoch000000-batch000000001");
        Learner again = TinyProblem.learner(5, 2);
        assertThat(again.resume(dir).batch()).isEqualTo(1);
        again.fit(1, Callback.on(Event.AFTER_BATCH, l -> {})); // in the place of the one in the plan
        assertThat(again.recorder().losses()).hasSize(3 + 5);
    }

    @Test
    void what_fits_goes_on_with_the_rate_that_this_fit_asks_for() {
        TinyProblem.learner().fit(1, 0.5, every(1, o -> {}));
        Learner slower = TinyProblem.learner();
        slower.resume(dir, o -> o.whatFits = true);
        slower.fit(2, 0.01);
        double[] rates = slower.recorder().lrs();
        assertThat(rates[0]).isEqualTo(0.5);
        assertThat(rates[rates.length - 1]).isEqualTo(0.01);
    }

    @Test
    void other_data_are_noticed_among_many_other_differences() {
        TinyProblem.learner().fit(1, 0.1, every(1, o -> o.everyEpochs = 0));
        Learner other = TinyProblem.learner(1, 1); // has no batch 3
        other.optimizer(Optimizers.adam(o -> {}));
        other.resume(dir, o -> o.whatFits = true);
        other.fit(2, 0.01);
        assertThat(other.recorder().losses()).hasSize(3 + 2);
    }

    @Test
    void a_validation_is_resumed_on_the_loaders_of_its_epoch() {
        DataLoaders small = TinyProblem.learner(2, 1).data();
        Consumer<ProgressiveResizing.Options> sizes = o -> {
            o.from(0, small);
            o.from(1, TinyProblem.learner().data());
        };
        Learner whole = TinyProblem.learner();
        whole.fit(2, new ProgressiveResizing(sizes));
        Checkpointing checkpoints = every(0, o -> o.everyEpochs = 0);
        TinyProblem.learner().fit(2, new ProgressiveResizing(sizes), checkpoints, new Callback() {
            @Override
            public boolean observes() {
                return true;
            }

            @Override
            public void beforeValidate(Learner learn) {
                checkpoints.stop("in the validation");
            }
        });
        assertThat(names()).containsExactly("fit000-epoch000000-validate");
        Learner resumed = TinyProblem.learner();
        resumed.resume(dir);
        resumed.fit(2, new ProgressiveResizing(sizes));
        assertThat(resumed.recorder().epochs().get(0).values())
                .isEqualTo(whole.recorder().epochs().get(0).values());
        assertThat(resumed.digest()).isEqualTo(whole.digest());
    }

    @Test
    void a_fit_that_goes_on_with_the_rates_of_the_one_before_is_resumed_too() {
        Learner whole = TinyProblem.learner();
        Consumer<Learner> program = l -> {
            l.fit(4, 0.2, new ReduceLROnPlateau(o -> {
                o.patience = 1;
                o.minDelta = 100;
            }));
            l.fit(2);
        };
        program.accept(whole);
        assertThat(whole.optimizer().groups().get(0).hypers().get(Hyper.LR)).isLessThan(0.2);
        Learner saved = TinyProblem.learner().add(every(1, o -> {}));
        program.accept(saved);
        Learner resumed = TinyProblem.learner();
        new CheckpointFolder(dir)
                .list().stream()
                        .filter(place -> place.toString()
                                        .compareTo(dir.resolve("fit001-epoch000001")
                                                .toString())
                                > 0)
                        .forEach(SealedFolder::delete);
        assertThat(resumed.resume(dir).fit()).isEqualTo(1);
        program.accept(resumed);
        assertThat(resumed.digest()).isEqualTo(whole.digest());
    }
}
