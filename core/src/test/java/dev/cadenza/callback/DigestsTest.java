package dev.cadenza.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.jr.ob.JSON;

@ExtendWith(InScope.class)
class DigestsTest {
    @TempDir
    private Path dir;

    private List<Map<String, Object>> lines(Callback... callbacks) throws IOException {
        Path file = dir.resolve("digests.jsonl");
        Learner learn = Shipped.learner();
        learn.add(new Digests(file));
        learn.fit(1, callbacks);
        learn.fit(1, callbacks);
        return Files.readAllLines(file).stream().map(JSON.std::mapFrom).toList();
    }

    @Test
    void each_step_of_all_fits_has_a_line_in_causal_order() throws IOException {
        List<Map<String, Object>> lines = lines();
        assertThat(lines).extracting(line -> line.get("step")).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(lines).extracting(line -> line.get("batch")).containsExactly(0, 1, 2, 0, 1, 2);
        Map<String, Object> line = lines.get(0);
        assertThat(line.keySet())
                .containsExactly("step", "epoch", "batch", "inputs", "targets", "loss", "grads", "params", "buffers");
        assertThat(names(line, "params"))
                .containsExactly("first.weight", "first.bias", "norm.weight", "norm.bias", "last.weight", "last.bias");
        assertThat(names(line, "grads"))
                .containsExactly("last.bias", "last.weight", "norm.bias", "norm.weight", "first.bias", "first.weight");
        assertThat(names(line, "buffers"))
                .containsExactly("norm.running_mean", "norm.running_var", "norm.num_batches_tracked");
        assertThat(line.get("loss").toString()).matches("[0-9a-f]{16}");
        assertThat(((Map<?, ?>) line.get("params")).values())
                .allMatch(h -> h.toString().matches("[0-9a-f]{16}"));
    }

    private static List<String> names(Map<String, Object> line, String part) {
        return ((Map<?, ?>) line.get(part))
                .keySet().stream().map(Object::toString).toList();
    }

    @Test
    void the_same_run_has_the_same_lines_and_training_is_not_touched() throws IOException {
        Learner alone = Shipped.learner();
        alone.fit(2);
        Learner watched = Shipped.learner();
        watched.fit(2, new Digests(dir.resolve("a")));
        assertThat(watched.digest()).isEqualTo(alone.digest());
        Shipped.learner().fit(2, new Digests(dir.resolve("b")));
        assertThat(dir.resolve("b")).hasSameTextualContentAs(dir.resolve("a"));
    }

    @Test
    void one_changed_bit_of_a_gradient_shows_there_first() throws IOException {
        List<Map<String, Object>> lines = lines();
        List<Map<String, Object>> changed = lines(Callback.on(Event.AFTER_BACKWARD, l -> {
            if (l.iteration() == 1) {
                Tensor grad = l.model().namedParameters().get("norm.bias").grad();
                grad.copy_(grad.mul(1.0000001));
            }
        }));
        assertThat(changed.get(0)).isEqualTo(lines.get(0));
        for (String same : List.of("inputs", "targets", "loss", "buffers")) {
            assertThat(changed.get(1).get(same)).isEqualTo(lines.get(1).get(same));
        }
        Map<?, ?> before = (Map<?, ?>) lines.get(1).get("grads");
        Map<?, ?> after = (Map<?, ?>) changed.get(1).get("grads");
        assertThat(before.keySet())
                .filteredOn(name -> !before.get(name).equals(after.get(name)))
                .singleElement()
                .isEqualTo("norm.bias");
    }

    @Test
    void a_batch_without_a_step_has_no_gradients_and_a_failed_one_no_line() throws IOException {
        List<Map<String, Object>> lines = lines(new GradientAccumulation(8));
        assertThat(names(lines.get(0), "grads")).isEmpty();
        assertThat(names(lines.get(1), "grads")).hasSize(6);
        List<Map<String, Object>> cancelled = lines(Callback.on(Event.AFTER_PRED, l -> {
            if (l.training() && l.batchIndex() == 1) {
                throw Cancel.batch("test");
            }
        }));
        assertThat(cancelled.get(1)).containsEntry("loss", null).containsEntry("batch", 1);
        Path file = dir.resolve("failed");
        assertThatThrownBy(() -> Shipped.learner().fit(1, new Digests(file), Callback.on(Event.AFTER_STEP, l -> {
                    if (l.batchIndex() == 1) {
                        throw new IllegalStateException("test");
                    }
                })))
                .hasMessage("test");
        assertThat(Files.readAllLines(file)).hasSize(1);
    }

    @Test
    void hashes_tell_dtype_shape_and_every_element_and_not_the_layout() {
        TensorHash hash = new TensorHash();
        Set<String> seen = new HashSet<>();
        Tensor x = Tensor.zeros(3, 5).normal_(0, 1);
        seen.add(hash.of(x));
        for (int i = 0; i < x.numel(); i++) {
            Tensor other = x.clone();
            other.view(15).narrow(0, i, 1).add_(1e-3);
            seen.add(hash.of(other));
        }
        seen.add(hash.of(x.view(5, 3)));
        seen.add(hash.of(x.to(DType.FLOAT64)));
        seen.add(hash.of(x.neg()));
        assertThat(seen).hasSize(1 + 15 + 3);
        assertThat(hash.of(x.t().contiguous().t())).isEqualTo(hash.of(x));
        assertThat(hash.of(Tensor.zeros(0))).isNotEqualTo(hash.of(Tensor.zeros(DType.INT64, 0)));
    }

    /** Names its layers as no Java program could. */
    private static final class Odd extends Module {
        final Linear inner = new Linear(16, 2);

        Odd() {
            register("a\"b\\c", new Linear(1, 1));
        }

        @Override
        protected Tensor compute(Tensor x) {
            return inner.forward(x.flatten(1));
        }
    }

    @Test
    void odd_names_are_valid_json() throws IOException {
        Path file = dir.resolve("odd");
        new Learner(Shipped.data(), new Odd(), Losses.crossEntropy()).fit(1, new Digests(file));
        Map<String, Object> line = JSON.std.mapFrom(Files.readAllLines(file).get(0));
        assertThat(names(line, "params")).contains("a\"b\\c.weight");
    }

    @Test
    void a_file_that_cannot_be_written_is_named() {
        assertThatThrownBy(() -> Shipped.learner().fit(1, new Digests(dir)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("cannot write the digests to " + dir);
    }
}
