package dev.cadenza.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.nn.BatchNorm2d;
import dev.cadenza.nn.Conv2d;
import dev.cadenza.nn.Flatten;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Sequential;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(InScope.class)
class TorchFileTest {
    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"state_dict.pt", "state_dict_legacy.pt", "state_dict_protocol4.pt"})
    void reads_a_state_dict_in_its_order(String name) throws IOException {
        Map<String, Tensor> state = TorchFile.read(Fixture.file(name));
        Fixture.assertHolds("state_dict", state);
        assertThat(state.keySet())
                .containsExactly(
                        "0.weight",
                        "0.bias",
                        "1.weight",
                        "1.bias",
                        "1.running_mean",
                        "1.running_var",
                        "1.num_batches_tracked",
                        "3.weight",
                        "3.bias");
    }

    @Test
    void a_module_of_the_same_shape_takes_it() {
        Sequential net = Sequential.of(new Conv2d(1, 2, 3), new BatchNorm2d(2), new Flatten(), new Linear(8, 3));
        Map<String, Tensor> state = Weights.read(Fixture.file("state_dict.pt"));
        net.loadStateDict(state);
        assertThat(net.stateDict().get("3.weight").equal(state.get("3.weight"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kinds.pt", "kinds_legacy.pt"})
    void reads_every_dtype_and_every_kind_of_view(String name) throws IOException {
        Map<String, Tensor> tensors = TorchFile.read(Fixture.file(name));
        Fixture.assertHolds("kinds", tensors);
        assertThat(tensors.get("whole").itemLong()).isEqualTo((1L << 53) + 2);
        assertThat(tensors.get("parameter").requiresGrad()).isFalse();
        assertThat(tensors.get("transposed").isContiguous()).isFalse();
    }

    @Test
    void tensors_that_shared_memory_share_it_and_others_do_not() {
        Map<String, Tensor> tensors = TorchFile.read(Fixture.file("kinds.pt"));
        tensors.get("tied_a").fill_(9);
        assertThat(tensors.get("tied_b").item()).isEqualTo(9);
        tensors.get("view").fill_(-1);
        assertThat(tensors.get("transposed").sum().item())
                .isEqualTo(0 + 1 + 2 + 3 + 4 + 5 + 6 + 7 + 11 - 3 + 12 + 13 + 17 - 3 + 18 + 19 + 23 - 3);
        assertThat(tensors.get("parameter").toFloats()).containsExactly(3, 4);
    }

    @Test
    void the_open_scope_owns_what_was_read() {
        Map<String, Tensor> state;
        try (Scope scope = Scope.open()) {
            state = TorchFile.read(Fixture.file("state_dict.pt"));
        }
        assertThat(state.values()).allMatch(Tensor::isClosed);
    }

    @Test
    void finds_the_only_state_dict_in_a_checkpoint() throws IOException {
        Fixture.assertHolds("checkpoint", TorchFile.read(Fixture.file("checkpoint.pt")));
    }

    @Test
    void takes_what_stands_below_a_name() throws IOException {
        Path file = Fixture.file("checkpoint.pt");
        Fixture.assertHolds("checkpoint", TorchFile.read(file, "model"));
        assertThat(TorchFile.read(file, "optimizer.state.0")).containsOnlyKeys("step", "exp_avg", "exp_avg_sq");
        assertThat(TorchFile.read(file, ""))
                .containsOnlyKeys(
                        "model.weight",
                        "model.bias",
                        "optimizer.state.0.step",
                        "optimizer.state.0.exp_avg",
                        "optimizer.state.0.exp_avg_sq",
                        "optimizer.state.1.step",
                        "optimizer.state.1.exp_avg",
                        "optimizer.state.1.exp_avg_sq");
        assertThat(Fixture.refusal(file, () -> TorchFile.read(file, "mode")))
                .startsWith("holds no tensors below 'mode', only [model.weight, model.bias, optimizer.state.0.step,");
    }

    @Test
    void two_state_dicts_must_be_chosen_from() throws IOException {
        Path file = Fixture.file("two_models.pt");
        assertThat(Fixture.refusal(file, () -> TorchFile.read(file)))
                .isEqualTo(
                        "wanted one dict of tensors, but it holds several dicts of tensors: [model, ema]; choose with"
                                + " TorchFile.read(path, name), or take all with TorchFile.read(path, \"\")");
        Fixture.assertHolds("checkpoint", TorchFile.read(file, "ema"));
    }

    @Test
    void a_whole_module_is_refused_by_the_name_of_its_class() {
        Path file = Fixture.file("module.pt");
        assertThat(Fixture.refusal(file, () -> TorchFile.read(file)))
                .isEqualTo("holds an object of the Python type torch.nn.modules.container.Sequential, which only Python"
                        + " can make; save the weights alone, in Python: torch.save(model.state_dict(), path)");
    }

    @Test
    void a_dtype_that_is_not_ours_is_refused_by_name() {
        Path file = Fixture.file("complex.pt");
        assertThat(Fixture.refusal(file, () -> TorchFile.read(file))).contains("torch.ComplexFloatStorage");
    }

    @Test
    void the_kind_of_a_file_is_seen_from_its_bytes() throws IOException {
        Path torch = Files.copy(Fixture.file("state_dict.pt"), dir.resolve("a.safetensors"));
        Path old = Files.copy(Fixture.file("state_dict_legacy.pt"), dir.resolve("b.safetensors"));
        Path safe = Files.copy(Fixture.file("dtypes.safetensors"), dir.resolve("c.pth"));
        Fixture.assertHolds("state_dict", Weights.read(torch));
        Fixture.assertHolds("state_dict", Weights.read(old));
        Fixture.assertHolds("dtypes", Weights.read(safe));
        Path text = Files.writeString(dir.resolve("d.pt"), "not any weights");
        assertThat(Fixture.refusal(text, () -> Weights.read(text)))
                .startsWith("is no file of weights: it begins neither as safetensors nor as torch.save writes; ");
        assertThat(Fixture.refusal(safe, () -> TorchFile.read(safe)))
                .isEqualTo(
                        "is no file of torch.save: it begins neither as a zip file nor as a pickle; check that this is"
                                + " the right file; for .safetensors use Safetensors.read");
    }
}
