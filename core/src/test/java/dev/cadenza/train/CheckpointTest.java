package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.callback.Checkpointing;
import dev.cadenza.io.DataException;
import dev.cadenza.io.SealedFolder;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.testing.TinyProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointTest {
    @TempDir
    private Path tmp;

    private Path dir;

    @BeforeEach
    void name() {
        dir = tmp.resolve("checkpoints");
    }

    private Checkpointing all(Consumer<Checkpointing.Options> more) {
        return TinyProblem.checkpoints(dir, 1, more);
    }

    @Test
    void any_byte_that_is_changed_is_found_and_its_file_named() throws IOException {
        TinyProblem.learner().fit(1, all(o -> {}));
        List<Path> places = new CheckpointFolder(dir).list();
        Path newest = places.get(places.size() - 1);
        Position before = position(places.get(places.size() - 2));
        int looked = 0;
        for (Path file : files(newest)) {
            byte[] bytes = Files.readAllBytes(file);
            for (int i = 0; i < bytes.length; i++) {
                byte right = bytes[i];
                bytes[i] ^= (byte) (1 << (i % 8));
                Files.write(file, bytes);
                assertThatThrownBy(() -> SealedFolder.verify(newest))
                        .as(file + " at " + i)
                        .isInstanceOf(DataException.class)
                        .hasMessageStartingWith(newest.toString());
                if (looked++ % 500 == 0) {
                    try (Checkpoint found = new CheckpointFolder(dir).newest()) {
                        assertThat(found.position()).isEqualTo(before);
                    }
                }
                bytes[i] = right;
            }
            Files.write(file, bytes);
        }
        assertThat(position(newest).toString()).isEqualTo("the begin of epoch 1 of fit 0");
    }

    @Test
    void files_that_are_cut_missing_or_too_many_are_found() throws IOException {
        TinyProblem.learner().fit(1, all(o -> {}));
        List<Path> places = new CheckpointFolder(dir).list();
        Path newest = places.get(places.size() - 1);
        for (Path file : files(newest)) {
            byte[] bytes = Files.readAllBytes(file);
            for (int length : new int[] {0, 1, bytes.length / 2, bytes.length - 1}) {
                Files.write(file, Arrays.copyOf(bytes, length));
                assertThatThrownBy(() -> Checkpoint.read(newest)).isInstanceOf(DataException.class);
            }
            Files.delete(file);
            assertThatThrownBy(() -> Checkpoint.read(newest))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining(file.getFileName().toString());
            Files.write(file, bytes);
        }
        Files.writeString(newest.resolve("more"), "");
        assertThatThrownBy(() -> Checkpoint.read(newest)).hasMessageContaining("more: is not in SHA256SUMS");
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> content = Files.list(folder)) {
            return content.sorted().toList();
        }
    }

    private static Position position(Path folder) {
        try (Checkpoint checkpoint = Checkpoint.read(folder)) {
            return checkpoint.position();
        }
    }

    @Test
    void where_all_are_damaged_or_none_is_there_resume_says_so() throws IOException {
        Learner learn = TinyProblem.learner();
        assertThatThrownBy(() -> learn.resume(dir))
                .isInstanceOf(DataException.class)
                .hasMessage(dir + ": has no checkpoint; name the folder of one, or train from the start");
        TinyProblem.learner().fit(1, new Checkpointing(dir));
        Files.writeString(new CheckpointFolder(dir).list().get(0).resolve("checkpoint.json"), "{}");
        assertThatThrownBy(() -> learn.resume(dir))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("has no checkpoint that is whole")
                .hasMessageContaining("checkpoint.json: has another SHA-256 than when written");
    }

    @Test
    void a_fit_of_another_plan_is_refused_with_the_differences() {
        TinyProblem.learner().fit(2, all(o -> {}));
        Learner more = TinyProblem.learner(4, 2);
        more.resume(dir);
        assertThatThrownBy(() -> more.fit(2))
                .isInstanceOf(PlanException.class)
                .hasMessageContaining("training data: the checkpoint has 12 samples in 3 batches")
                .hasMessageContaining("this fit 16 samples in 4 batches");
        Learner other = TinyProblem.learner().optimizer(Optimizers.adam(o -> {}));
        other.resume(dir);
        assertThatThrownBy(() -> other.fit(3, 0.5))
                .hasMessageContaining("epochs: the checkpoint has 2, this fit 3")
                .hasMessageContaining("optimizer: the checkpoint has Optimizer[")
                .hasMessageContaining("lr=0.5");
        Learner wider = new Learner(TinyProblem.learner().data(), new Linear(1, 2), Losses.mse())
                .optimizer(Optimizers.sgd(o -> o.lr = 0.1));
        wider.resume(dir);
        assertThatThrownBy(() -> wider.fit(2))
                .hasMessageContaining("model/weight: the checkpoint has float32[1, 1], this fit float32[2, 1]");
    }

    @Test
    void what_fits_goes_on_if_asked_and_the_timeline_says_what_did_not() {
        Learner first = TinyProblem.learner();
        first.fit(1, all(o -> {}));
        Learner more = TinyProblem.learner();
        more.resume(dir, o -> o.whatFits = true);
        more.fit(3);
        assertThat(more.recorder().losses())
                .startsWith(first.recorder().losses())
                .hasSize(9);
        assertThat(more.timeline().toString()).contains("epochs: the checkpoint has 1, this fit 3");
        Learner others = TinyProblem.learner(5, 2);
        others.resume(dir, o -> o.whatFits = true);
        others.fit(2);
        assertThat(others.recorder().losses()).hasSize(3 + 5);
    }

    @Test
    void the_folder_of_another_run_is_refused() {
        TinyProblem.learner().fit(1, new Checkpointing(dir));
        assertThatThrownBy(() -> TinyProblem.learner().fit(1, new Checkpointing(dir)))
                .isInstanceOf(PlanException.class)
                .hasMessageContaining("has checkpoints of another run");
        assertThat(TinyProblem.learner().validate(new Checkpointing(dir)).values())
                .containsKey("valid_loss");
    }

    @Test
    void the_newest_and_the_best_are_kept() {
        Checkpointing checkpoints = new Checkpointing(dir, o -> {
            o.best = true;
            o.keep = 1;
        });
        Callback worse = Callback.on(Event.AFTER_TRAIN, l -> {
            if (l.epoch() > 1) {
                l.model().parameters().forEach(weight -> weight.detach().add_(9));
            }
        });
        TinyProblem.learner().fit(4, worse, checkpoints);
        assertThat(new CheckpointFolder(dir)
                        .list().stream().map(each -> each.getFileName().toString()))
                .containsExactly("fit000-epoch000002", "fit000-epoch000004");
        assertThat(checkpoints.best()).contains(dir.resolve("fit000-epoch000002"));
    }

    @Test
    void what_is_no_checkpoint_of_the_folder_has_nothing_deleted_for_it() {
        TinyProblem.learner().fit(1, all(o -> {}));
        CheckpointFolder folder = new CheckpointFolder(dir);
        List<Path> before = folder.list();
        Path elsewhere = tmp.resolve("fit000-epoch000001");
        assertThatThrownBy(() -> folder.keep(elsewhere, 1, List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("but got " + elsewhere + " and 1");
        assertThatThrownBy(() -> folder.keep(before.get(0), 0, List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThat(folder.list()).isEqualTo(before);
    }

    @Test
    void a_fit_that_is_stopped_in_training_or_validation_goes_on_to_the_same_bits() {
        Learner whole = TinyProblem.learner();
        whole.fit(3);
        for (boolean training : new boolean[] {true, false}) {
            Path here = tmp.resolve("stopped " + training);
            Checkpointing checkpoints = new Checkpointing(here, o -> o.everyEpochs = 0);
            Learner stopped = TinyProblem.learner();
            stopped.fit(3, checkpoints, Callback.on(Event.BEFORE_BATCH, l -> {
                if (l.epoch() == 1 && l.training() == training && l.batchIndex() == 1) {
                    checkpoints.stop("enough");
                }
            }));
            assertThat(stopped.outcome()).hasToString("cancelled: enough");
            Learner resumed = TinyProblem.learner();
            Position place = resumed.resume(here);
            assertThat(place.next()).isEqualTo(training ? Position.Next.TRAIN : Position.Next.VALIDATE);
            // the callback of the plan: it does nothing this time
            resumed.fit(3, Callback.on(Event.BEFORE_BATCH, l -> {}));
            assertThat(resumed.digest()).isEqualTo(whole.digest());
        }
    }

    @Test
    void a_folder_that_cannot_be_written_ends_the_fit_or_if_asked_does_not() throws IOException {
        Callback inTheWay = Callback.on(Event.BEFORE_VALIDATE, l -> replaceByFile());
        assertThatThrownBy(() -> TinyProblem.learner().fit(2, inTheWay, new Checkpointing(dir)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("cannot be written");
        Files.delete(dir);
        Learner goesOn = TinyProblem.learner();
        goesOn.fit(2, inTheWay, new Checkpointing(dir, o -> o.required = false));
        assertThat(goesOn.outcome()).hasToString("completed");
        assertThatThrownBy(() -> TinyProblem.learner().fit(2, new Checkpointing(dir)))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(dir + ": cannot be read");
    }

    private void replaceByFile() {
        try {
            SealedFolder.delete(dir);
            Files.writeString(dir, "a file where the folder was");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void what_a_writer_that_died_left_is_deleted() throws IOException {
        Path left = dir.resolve(".fit000-epoch000001.0000.unfinished");
        Files.createDirectories(left);
        Files.writeString(left.resolve("model.safetensors"), "half");
        TinyProblem.learner().fit(1, new Checkpointing(dir));
        assertThat(left).doesNotExist();
    }

    @Test
    void outside_the_places_where_a_batch_is_done_none_is_taken() {
        assertThatThrownBy(() -> Checkpoint.of(TinyProblem.learner()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("outside a fit");
        assertThatThrownBy(() -> TinyProblem.learner().fit(1, Callback.on(Event.AFTER_STEP, Checkpoint::of)))
                .hasMessageContaining("but it is AFTER_STEP");
    }
}
