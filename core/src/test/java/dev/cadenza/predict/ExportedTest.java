package dev.cadenza.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cadenza.data.Batch;
import dev.cadenza.data.Reshape;
import dev.cadenza.io.DataException;
import dev.cadenza.io.Safetensors;
import dev.cadenza.nn.Conv2d;
import dev.cadenza.nn.Identity;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Loss;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Sequential;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Files of models that cannot be written or read. */
@ExtendWith(InScope.class)
class ExportedTest {
    @TempDir
    private Path dir;

    private Path file;

    @BeforeEach
    void name() {
        file = dir.resolve("model.safetensors");
    }

    @Test
    void a_loss_or_a_transform_that_is_a_function_is_named() {
        Loss own = (pred, target) -> pred.sum();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Predictor.write(file, new Identity(), o -> o.loss = own))
                .withMessageStartingWith("loss is a function, ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Predictor.write(
                        file,
                        new Identity(),
                        o -> o.transforms =
                                List.of(Reshape.of(2), (batch, draws) -> new Batch(batch.inputs(), batch.targets()))))
                .withMessageStartingWith("transforms.1 is a function, ");
        assertThat(file).doesNotExist();
    }

    private void assertRefused(String... parts) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> Predictor.load(file))
                .withMessageStartingWith(file + ": ")
                .withMessageNotContaining("\n")
                .satisfies(e -> assertThat(e.getMessage()).contains(parts));
    }

    @Test
    void a_wrong_file_is_refused_in_one_line() throws IOException {
        assertRefused("no such file");
        Files.writeString(file, "no safetensors at all, but long enough for a header");
        assertRefused("safetensors");
        Safetensors.write(file, Map.of("weight", Tensor.ones(2)));
        assertRefused("has weights, but no description of a model", "learn.export");
        for (String[] wrong : new String[][] {
            {"", "it is no description"},
            {"{\"type\":\"Linear\"}", "wanted 'in'"},
            {"{\"type\":\"Predictor\",\"format\":2}", "format 2, this version of Cadenza reads format 1"},
            {"{\"type\":\"Predictor\",\"format\":1}", "wanted 'model' to be a spec"},
            {
                "{\"type\":\"Predictor\",\"format\":1,\"model\":{\"type\":\"java.lang.Runtime\"},\"transforms\":[],"
                        + "\"classes\":[]}",
                "model (java.lang.Runtime): this type is unknown"
            },
            {
                "{\"type\":\"Predictor\",\"format\":1,\"model\":{\"type\":\"Identity\"},\"transforms\":[],\"classes\":[]}",
                "unknown: weight"
            },
            {
                "{\"type\":\"Predictor\",\"format\":1,\"model\":{\"type\":\"Identity\"},\"transforms\":"
                        + "[{\"type\":\"Dropout\",\"p\":0}],\"classes\":[]}",
                "transforms.0 (Dropout): wanted a BatchTransform here"
            },
            {"{\"type\":\"A\",\"a\":".repeat(500), "one inside the other"},
        }) {
            Safetensors.write(file, Map.of("weight", Tensor.ones(2)), Map.of("cadenza.predictor", wrong[0]));
            assertRefused(wrong[1]);
        }
    }

    @Test
    void a_file_damaged_anywhere_is_refused_or_loads_but_never_crashes() throws IOException {
        Predictor.write(file, Sequential.of(new Linear(2, 3), new Conv2d(1, 1, 2)), o -> {
            o.loss = Losses.crossEntropy();
            o.transforms = List.of(Reshape.of(2));
        });
        byte[] whole = Files.readAllBytes(file);
        int refused = 0;
        for (int i = 0; i < whole.length; i += 3) {
            byte[] damaged = whole.clone();
            damaged[i] ^= (byte) (1 << (i % 7));
            Files.write(file, damaged);
            try {
                Predictor.load(file).close();
            } catch (DataException e) {
                refused++;
                assertThat(e.getMessage()).startsWith(file + ": ");
            }
            Files.write(file, Arrays.copyOf(whole, i));
            assertThatExceptionOfType(DataException.class).isThrownBy(() -> Predictor.load(file));
        }
        assertThat(refused).isGreaterThan(50);
    }
}
