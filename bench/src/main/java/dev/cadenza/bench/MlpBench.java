package dev.cadenza.bench;

import dev.cadenza.cli.Subcommand;
import dev.cadenza.cli.Terminal;
import dev.cadenza.data.Batch;
import dev.cadenza.data.Dataset;
import dev.cadenza.data.Digits;
import dev.cadenza.tensor.Rng;
import dev.cadenza.train.Learner;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Measure what a {@code Learner} costs: the lesson's network (784-50-10, batch 64, SGD) through it, beside the same loop
 * written by hand on JavaCPP-PyTorch.
 */
@Command(name = "mlp", description = "Steps per second through Learner, beside a loop written by hand.")
final class MlpBench implements Subcommand {
    @Mixin
    private Pairs pairs;

    @Override
    public int run(Terminal terminal) {
        pairs.require();
        Rng.global().seed(1);
        Dataset digits = Digits.make(1).train();
        Batch all = digits.batch(IntStream.range(0, digits.size()).toArray());
        Learner learn = LearnerMlp.learner(digits, 50);
        int steps = learn.data().train().size();
        try (HandWrittenMlp byHand = new HandWrittenMlp(all, 50)) {
            pairs.compare(
                    terminal,
                    "mlp",
                    steps,
                    new Pairs.Side("Learner", () -> learn.fit(1)),
                    new Pairs.Side("by hand", byHand::epoch));
        }
        return 0;
    }
}
