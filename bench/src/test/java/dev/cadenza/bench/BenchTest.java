package dev.cadenza.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.cli.BadInputException;
import dev.cadenza.cli.Subcommand;
import dev.cadenza.cli.Terminal;
import dev.cadenza.data.Batch;
import dev.cadenza.data.Dataset;
import dev.cadenza.data.Digits;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.vision.models.ResNet;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.jr.ob.JSON;

class BenchTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(Subcommand command, String... args) throws Exception {
        new CommandLine(command).parseArgs(args);
        return command.run(new Terminal(print(out), print(err), false, 80));
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private Map<String, Object> result() {
        return JSON.std.mapFrom(out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void the_command_is_found_as_a_service() {
        assertThat(ServiceLoader.load(Subcommand.class)).hasAtLeastOneElementOfType(BenchCommand.class);
    }

    @Test
    void the_mlp_benchmark_ends_in_a_line_with_name_ours_limit_and_ratio() throws Exception {
        assertThat(run(new MlpBench(), "--rounds", "5", "--warm-up", "0", "--json"))
                .isZero();
        assertThat(result()).containsEntry("name", "mlp").containsKeys("ours", "limit", "ratio", "machine");
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("Learner", "by hand", "steps/s");
    }

    @Test
    void the_timeline_benchmark_compares_on_with_off() throws Exception {
        assertThat(run(new TimelineBench(), "--rounds", "5", "--warm-up", "0", "--json"))
                .isZero();
        assertThat(result()).containsEntry("name", "timeline").containsKeys("ours", "limit", "ratio", "machine");
    }

    @Test
    void the_memory_benchmark_reads_memory_twice() throws Exception {
        assertThat(run(new MemoryBench(), "--after", "100", "--steps", "500", "--json"))
                .isZero();
        assertThat(result()).containsEntry("name", "memory").containsKeys("ours", "limit", "ratio", "machine");
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("step       100:", "step       500:");
    }

    @Test
    void both_contenders_learn_the_same() {
        Rng.global().seed(1);
        Dataset digits = Digits.make(1).train();
        Batch all = digits.batch(IntStream.range(0, digits.size()).toArray());
        var learn = LearnerMlp.learner(digits, 50);
        learn.fit(1);
        try (HandWrittenMlp byHand = new HandWrittenMlp(all, 50)) {
            double ours = learn.recorder().lastEpoch().get("train_loss");
            assertThat(byHand.epoch()).isCloseTo(ours, within(0.1));
        }
    }

    @Test
    void the_resnet_benchmark_compares_both_layouts_and_precisions() throws Exception {
        assertThat(run(new ResNetBench(), "--rounds", "5", "--steps", "1", "--bs", "2", "--size", "32", "--json"))
                .isZero();
        assertThat(result())
                .containsEntry("name", "resnet")
                .containsKeys("ours", "limit", "ratio", "fp32", "fp32, channels last", "bf16", "bf16, channels last");
    }

    @Test
    void the_checkpoint_benchmark_compares_steps_with_and_without_one() throws Exception {
        assertThat(run(new CheckpointBench(), "--rounds", "1", "--steps", "5", "--bs", "2", "--size", "32", "--json"))
                .isZero();
        assertThat(result()).containsEntry("name", "checkpoint").containsKeys("ratio", "cpu_ratio", "share");
    }

    @Test
    void the_resnet_by_hand_is_the_same_network() {
        List<long[]> ours =
                ResNet.resnet18(10).parameters().stream().map(Tensor::shape).toList();
        try (HandWrittenResNet byHand = new HandWrittenResNet(10, 0.01, true, true)) {
            assertThat(byHand.shapes()).usingRecursiveComparison().isEqualTo(ours);
            Tensor images = Tensor.randn(4, 3, 32, 32);
            Tensor labels = Tensor.of(new long[] {1, 2, 3, 4});
            double[] losses = IntStream.range(0, 8)
                    .mapToDouble(i -> byHand.step(
                            (org.bytedeco.pytorch.Tensor) images.unsafeHandle(),
                            (org.bytedeco.pytorch.Tensor) labels.unsafeHandle()))
                    .toArray();
            assertThat(losses[7]).isLessThan(losses[0]); // it learns these four by heart
        }
    }

    @Test
    void the_loader_benchmark_compares_with_the_decoder_alone(@TempDir Path dir) throws Exception {
        for (int i = 0; i < 6; i++) {
            BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
            ImageIO.write(
                    image,
                    "jpg",
                    Files.createDirectories(dir.resolve("a"))
                            .resolve(i + ".jpg")
                            .toFile());
        }
        String folder = dir.toString();
        assertThat(run(
                        new LoaderBench(),
                        "--photos",
                        folder,
                        "--small",
                        folder,
                        "--workers",
                        "2",
                        "--no-pillow",
                        "--json"))
                .isZero();
        assertThat(result()).containsEntry("name", "loader").containsKeys("ours", "limit", "ratio", "cifar10 2");
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("decoder alone", "images/s");
    }

    @Test
    void too_few_rounds_are_refused() {
        assertThatThrownBy(() -> run(new MlpBench(), "--rounds", "4"))
                .isInstanceOf(BadInputException.class)
                .hasMessage("--rounds: wanted 5 or more, but got: 4");
    }
}
