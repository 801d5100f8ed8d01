package dev.cadenza.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.cadenza.nn.Activation;
import dev.cadenza.nn.BatchNorm2d;
import dev.cadenza.nn.Conv2d;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.jr.ob.JSON;

/** A reader in another language, which knows nothing but the format, reads exported models: weights and description. */
@ExtendWith(InScope.class)
class PythonReadsTest {
    private static final Map<String, DType> DTYPES =
            Map.of("F32", DType.FLOAT32, "F64", DType.FLOAT64, "I64", DType.INT64, "F16", DType.FLOAT16);

    @TempDir
    private Path dir;

    @Test
    void python_reads_weights_and_description_of_an_exported_model() throws Exception {
        for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64, DType.FLOAT16)) {
            Module model = Sequential.of(new Conv2d(2, 3, 3), new BatchNorm2d(3), Activation.mish())
                    .to(dtype);
            model.stateDict().get("1.running_mean").normal_(0, 1, new Rng(1));
            Path file = dir.resolve("model 蓝.safetensors");
            Predictor.write(file, model, o -> {
                o.loss = Losses.crossEntropy();
                o.classes = List.of("ant", "\"bee\"", "蜂");
            });
            Map<String, Object> seen = python(file);
            Map<?, ?> tensors = (Map<?, ?>) seen.get("tensors");
            assertThat(tensors.keySet()).isEqualTo(model.stateDict().keySet());
            model.stateDict().forEach((name, value) -> assertSame(name, (Map<?, ?>) tensors.get(name), value));
            Map<?, ?> predictor = (Map<?, ?>) ((Map<?, ?>) seen.get("metadata")).get("cadenza.predictor");
            assertThat(predictor.get("format")).isEqualTo(1);
            assertThat(predictor.get("classes")).isEqualTo(List.of("ant", "\"bee\"", "蜂"));
            assertThat(((Map<?, ?>) predictor.get("model")).get("type")).isEqualTo("Sequential");
        }
    }

    private static void assertSame(String name, Map<?, ?> seen, Tensor value) {
        assertThat(DTYPES.get(seen.get("dtype"))).as(name).isEqualTo(value.dtype());
        assertThat(numbers(seen.get("shape")))
                .as(name)
                .containsExactly(Arrays.stream(value.shape()).asDoubleStream().toArray());
        assertThat(numbers(seen.get("data"))).as(name).containsExactly(value.toDoubles());
    }

    private static double[] numbers(Object list) {
        return ((List<?>) list)
                .stream().mapToDouble(each -> ((Number) each).doubleValue()).toArray();
    }

    private Map<String, Object> python(Path file) throws IOException, InterruptedException {
        Path reader = dir.resolve("read_safetensors.py");
        try (InputStream in = getClass().getResourceAsStream("read_safetensors.py")) {
            Files.write(reader, in.readAllBytes());
        }
        Path out = dir.resolve("seen.json");
        Process python;
        try {
            python = new ProcessBuilder("python3", reader.toString(), file.toString())
                    .redirectOutput(out.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            return abort("python3 is not installed, so that no reader in another language was tried: " + e);
        }
        assertThat(python.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(python.exitValue()).isZero();
        return JSON.std.mapFrom(Files.readString(out));
    }
}
