package dev.cadenza.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Random sequences of operations, right and wrong ones: nothing but a value or a clean exception may come of them. */
class FuzzTest {
    private static final long SEED = Long.getLong("fuzz.seed", 20_261_123);
    private static final int SEQUENCES = Integer.getInteger("fuzz.sequences", 10_000);
    private static final double EVIL = Double.parseDouble(System.getProperty("fuzz.evil", "0.003"));
    private static final List<FuzzSteps.Step> STEPS = FuzzSteps.all();

    @Test
    void random_sequences_end_in_values_or_clean_exceptions_and_leave_nothing_behind() {
        runSequence(SEED - 1); // what is made once for all
        for (int i = 0; i < SEQUENCES; i++) {
            long seed = SEED + i;
            long before = Engine.liveObjects();
            List<String> log = runSequence(seed);
            assertThat(Engine.liveObjects())
                    .as("live native objects after sequence %d: %s", seed, log)
                    .isLessThanOrEqualTo(before);
            assertThat(Scope.current())
                    .as("scope after sequence %d: %s", seed, log)
                    .isNull();
            assertThat(NoGrad.gradIsEnabled())
                    .as("gradients after sequence %d: %s", seed, log)
                    .isTrue();
        }
    }

    private static List<String> runSequence(long seed) {
        FuzzWorld world = new FuzzWorld(seed, EVIL);
        int length = 6 + world.dice.nextInt(14);
        try {
            for (int i = 0; i < length; i++) {
                runStep(world, STEPS.get(world.dice.nextInt(STEPS.size())));
            }
        } catch (Throwable e) {
            fail("sequence " + seed + " ended in " + e + " after " + world.log(), e);
        } finally {
            world.end();
        }
        return world.log();
    }

    private static void runStep(FuzzWorld world, FuzzSteps.Step step) {
        world.begin(step.name());
        try {
            if (step.action().apply(world) instanceof Tensor result) {
                world.put(result);
            }
        } catch (TensorException | IllegalStateException | IllegalArgumentException e) {
            assertThat(e.getMessage())
                    .as("message of %s", e.getClass())
                    .doesNotContain("\n", "frame #")
                    .isNotBlank();
        } catch (NullPointerException e) {
            assertThat(world.log().get(world.log().size() - 1))
                    .as("only a null argument may give %s", e)
                    .contains("null");
        }
    }
}
