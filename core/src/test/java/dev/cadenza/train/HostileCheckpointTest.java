package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.io.DataException;
import dev.cadenza.io.SealedFolder;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.TensorException;
import dev.cadenza.testing.Mutations;
import dev.cadenza.testing.TinyProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints with right hashes and wrong content: an error that helps, or a run, but never another exception. */
class HostileCheckpointTest {
    private static final long SEED = 5;
    private static final String NAME = "fit000-epoch000001-batch000000002";

    @TempDir
    private Path dir;

    @Test
    void hundreds_of_sealed_checkpoints_with_damage_inside_are_read_or_refused() throws IOException {
        Map<String, byte[]> sound = sound();
        Mutations mutations = new Mutations(SEED);
        List<String> names = List.copyOf(sound.keySet());
        Random random = new Random(SEED);
        int refused = 0;
        for (int i = 0; i < 300; i++) {
            String name = i % 2 == 0 ? "checkpoint.json" : names.get(random.nextInt(names.size()));
            Map<String, byte[]> damaged = new LinkedHashMap<>(sound);
            byte[] bytes = sound.get(name);
            damaged.put(name, name.endsWith("json") ? edited(bytes, random) : mutations.damaged(bytes));
            refused += isRefused(damaged, "seed " + SEED + ", damage " + i + " of " + name) ? 1 : 0;
        }
        assertThat(refused).isBetween(100, 299);
    }

    private Map<String, byte[]> sound() throws IOException {
        Path place = dir.resolve("sound").resolve(NAME);
        Files.createDirectories(place.getParent());
        TinyProblem.learner().fit(2, save(place));
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (Stream<Path> content = Files.list(place)) {
            for (Path file :
                    content.filter(each -> !each.endsWith("SHA256SUMS")).toList()) {
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        assertThat(isRefused(files, "sound")).isFalse();
        return files;
    }

    private static Callback save(Path place) {
        return new Callback() {
            @Override
            public boolean observes() {
                return true;
            }

            @Override
            public void afterBatch(Learner learn) {
                if (learn.training() && learn.epoch() == 1 && learn.batchIndex() == 1) {
                    try (Checkpoint now = Checkpoint.of(learn)) {
                        now.write(place);
                    }
                }
            }
        };
    }

    /** Another value where there is one: JSON that is still JSON, most often. */
    private static byte[] edited(byte[] json, Random random) {
        String text = new String(json, StandardCharsets.UTF_8);
        List<String> values = List.of("-1", "null", "\"x\"", "{}", "[]", "1e300", "2147483647", "99999999999", "true");
        String value = values.get(random.nextInt(values.size()));
        int at = text.indexOf(" : ", random.nextInt(text.length() - 20));
        if (at < 0) {
            return text.substring(0, random.nextInt(text.length())).getBytes(StandardCharsets.UTF_8);
        }
        return (text.substring(0, at + 3) + text.substring(at + 3).replaceFirst("(\"[^\"]*\"|[^,\\s{}]+|\\{)", value))
                .getBytes(StandardCharsets.UTF_8);
    }

    private boolean isRefused(Map<String, byte[]> files, String what) {
        Path place = dir.resolve("tried").resolve(NAME);
        try (Scope scope = Scope.open()) {
            Files.createDirectories(place.getParent());
            SealedFolder.write(place, inside -> files.forEach((name, bytes) -> write(inside.resolve(name), bytes)));
            Learner learn = TinyProblem.learner();
            learn.resume(place.getParent());
            learn.fit(2);
            return false;
        } catch (DataException | IllegalArgumentException | TensorException e) {
            assertThat(e.getMessage()).as(what).isNotBlank();
            return true;
        } catch (RuntimeException e) {
            throw new AssertionError(what + ": " + e, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
