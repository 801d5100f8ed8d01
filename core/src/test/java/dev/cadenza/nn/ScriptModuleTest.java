package dev.cadenza.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.io.DataException;
import dev.cadenza.io.Safetensors;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Device;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import dev.cadenza.testing.InScope;
import dev.cadenza.train.Learner;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.jr.ob.JSON;

/** TorchScript of PyTorch 1.13, as resources/dev/cadenza/nn/make_script.py wrote it. */
@ExtendWith(InScope.class)
class ScriptModuleTest {
    private static final int FEATURES = 6;

    @TempDir
    private Path dir;

    private byte[] bytes(String name) throws IOException {
        try (InputStream in = getClass().getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    private ScriptModule script(String name) throws IOException {
        return ScriptModule.load(Files.write(dir.resolve("蓝 " + name), bytes(name)));
    }

    private Map<String, Object> expected() throws IOException {
        return JSON.std.mapFrom(bytes("script.json"));
    }

    private double[] numbers(String name) throws IOException {
        return ((List<?>) expected().get(name))
                .stream().mapToDouble(each -> ((Number) each).doubleValue()).toArray();
    }

    private static Tensor input() {
        float[] x = new float[2 * 3 * 8 * 7];
        for (int i = 0; i < x.length; i++) {
            x[i] = i * 7 % 23 / 23f;
        }
        return Tensor.of(x).reshape(2, 3, 8, 7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"scripted.pt", "traced.pt"})
    void it_computes_what_python_computed(String name) throws IOException {
        ScriptModule script = script(name);
        for (int run = 0; run < 4; run++) { // libtorch optimizes after the first ones
            Tensor got = script.forward(input());
            assertThat(got.shape()).containsExactly(2, FEATURES);
            assertThat(got.toDoubles()).containsExactly(numbers("output"), within(1e-6));
        }
    }

    @Test
    void its_state_has_the_names_of_pytorch_and_is_frozen() throws IOException {
        ScriptModule script = script("scripted.pt");
        assertThat(script.stateDict().keySet())
                .containsExactlyInAnyOrderElementsOf(((List<?>) expected().get("names"))
                        .stream().map(String::valueOf).toList());
        assertThat(script.namedParameters())
                .containsOnlyKeys(
                        "conv1.weight",
                        "bn1.weight",
                        "bn1.bias",
                        "block.0.weight",
                        "block.0.bias",
                        "block.1.weight",
                        "block.1.bias");
        assertThat(script.parameters()).noneMatch(Tensor::requiresGrad);
        assertThat(script).hasToString("ScriptModule(TorchScript, 13 tensors)");
    }

    @Test
    void as_a_frozen_body_it_stays_as_it_came_while_its_head_learns() throws IOException {
        ScriptModule body = script("scripted.pt");
        Map<String, Tensor> before = new LinkedHashMap<>();
        body.stateDict().forEach((name, value) -> before.put(name, value.clone()));
        Rng.global().seed(1);
        Linear head = new Linear(FEATURES, 2);
        Tensor weight = head.weight().detach().clone();
        Tensor x = Tensor.zeros(16, 3, 8, 7).normal_(0, 1, new Rng(1));
        TensorDataset set = new TensorDataset(x, Tensor.zeros(16).to(DType.INT64));
        Learner learn = new Learner(
                DataLoaders.of(set, set, o -> o.batchSize = 8), Sequential.of(body, head), Losses.crossEntropy());
        learn.fit(2, 0.1);
        assertThat(head.weight().detach().equal(weight)).isFalse();
        body.stateDict()
                .forEach((name, value) -> assertThat(value.detach().equal(before.get(name)))
                        .as(name)
                        .isTrue());
    }

    @Test
    void once_unfrozen_it_trains_as_in_python() throws IOException {
        ScriptModule script = script("scripted.pt");
        script.requiresGrad_(true);
        script.train();
        assertThat(script.forward(input()).toDoubles()).containsExactly(numbers("train_output"), within(1e-5));
        assertThat(script.stateDict().get("bn1.num_batches_tracked").itemLong()).isEqualTo(4);
        script.forward(input()).sum().backward();
        assertThat(script.namedParameters()
                        .get("conv1.weight")
                        .grad()
                        .abs()
                        .sum()
                        .item())
                .isPositive();
        script.eval();
        assertThat(script.forward(input()).toDoubles()).isNotEqualTo(numbers("train_output"));
    }

    @Test
    void its_weights_are_loaded_converted_and_moved_as_those_of_any_module() throws IOException {
        ScriptModule script = script("scripted.pt");
        ScriptModule other = script("scripted.pt");
        try (NoGrad off = NoGrad.open()) {
            other.namedParameters().get("block.1.bias").add_(1);
        }
        Path file = dir.resolve("weights.safetensors");
        Safetensors.write(file, other.stateDict());
        script.loadStateDict(Safetensors.read(file));
        assertThat(script.forward(input()).equal(other.forward(input()))).isTrue();
        assertThat(script.forward(input()).toDoubles()[0]).isGreaterThan(0.5);

        script.to(DType.FLOAT64).to(Device.CPU);
        assertThat(script.forward(input().to(DType.FLOAT64)).dtype()).isEqualTo(DType.FLOAT64);
    }

    @Test
    void a_program_of_two_inputs_takes_two_and_one_of_two_outputs_is_refused() throws IOException {
        ScriptModule sum = script("sum.pt");
        assertThat(sum.forward(List.of(Tensor.ones(2), Tensor.ones(2))).toDoubles())
                .containsExactly(3, 3);
        ScriptModule pair = script("pair.pt");
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> pair.forward(Tensor.ones(1)))
                .withMessageStartingWith("wanted a TorchScript program that gives one tensor, but it gives a Tuple");
    }

    @Test
    void wrong_inputs_are_one_line_and_the_next_is_right() throws IOException {
        ScriptModule script = script("scripted.pt");
        for (List<Tensor> wrong : List.of(
                List.of(Tensor.ones(2, 5, 8, 7)),
                List.of(Tensor.ones(3)),
                List.of(input(), input()),
                List.<Tensor>of(),
                List.of(Tensor.zeros(DType.INT64, 2, 3, 8, 7)))) {
            assertThatExceptionOfType(TensorException.class)
                    .isThrownBy(() -> script.forward(wrong))
                    .withMessageStartingWith("the TorchScript program failed: ")
                    .withMessageNotContaining("\n")
                    .withMessageNotContaining("Traceback");
        }
        assertThat(script.forward(input()).toDoubles()).containsExactly(numbers("output"), within(1e-6));
    }

    @Test
    void many_threads_get_the_same_and_nothing_is_left_behind() throws Exception {
        ScriptModule script = script("scripted.pt");
        for (int i = 0; i < 3; i++) {
            script.forward(input());
        }
        double[] want = script.forward(input()).toDoubles();
        long before = Engine.liveObjects();
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<double[]>> all = IntStream.range(0, 200)
                    .mapToObj(i -> pool.submit(() -> {
                        try (Scope scope = Scope.open()) {
                            return script.forward(input()).toDoubles();
                        }
                    }))
                    .toList();
            for (Future<double[]> each : all) {
                assertThat(each.get()).containsExactly(want, within(1e-6));
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(Engine.liveObjects()).isLessThanOrEqualTo(before);
    }

    private void assertRefused(Path file, String part) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> ScriptModule.load(file))
                .withMessageStartingWith(file + ": ")
                .withMessageNotContaining("\n")
                .withMessageContaining(part);
    }

    @Test
    void files_of_another_kind_are_refused() throws IOException {
        assertRefused(dir.resolve("none.pt"), "no such file");
        assertRefused(dir, "directory");
        assertRefused(Files.writeString(dir.resolve("text.pt"), "no zip"), "no TorchScript program");
        assertRefused(Files.write(dir.resolve("empty.pt"), new byte[0]), "no TorchScript program");
        Path weights = dir.resolve("weights.pt");
        Files.write(
                weights,
                getClass().getResourceAsStream("/dev/cadenza/io/checkpoint.pt").readAllBytes());
        assertRefused(weights, "such as weights");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sequential.of(script("sum.pt")).spec())
                .withMessageContaining("layers.0 is of dev.cadenza.nn.ScriptModule");
    }

    @Test
    void a_file_damaged_anywhere_is_refused_before_libtorch_sees_it() throws IOException {
        byte[] whole = bytes("traced.pt");
        Path file = dir.resolve("damaged.pt");
        int refused = 0;
        int tried = 0;
        for (int i = 0; i < whole.length; i += 211) {
            byte[] damaged = whole.clone();
            damaged[i] ^= (byte) (1 << (i % 7));
            Files.write(file, damaged);
            tried++;
            try {
                ScriptModule.load(file);
            } catch (DataException e) {
                refused++;
                assertThat(e.getMessage()).startsWith(file + ": ").doesNotContain("\n");
            }
            Files.write(file, Arrays.copyOf(whole, i));
            assertThatExceptionOfType(DataException.class).isThrownBy(() -> ScriptModule.load(file));
        }
        assertThat(refused).isGreaterThan(tried / 3);
    }
}
