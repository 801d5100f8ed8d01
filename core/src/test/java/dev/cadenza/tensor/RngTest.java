package dev.cadenza.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.testing.InScope;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class RngTest {
    private static float[] normals(Rng rng, int n) {
        return Tensor.zeros(n).normal_(0, 1, rng).toFloats();
    }

    @Test
    void seed_42_gives_pytorchs_numbers() {
        Rng.global().seed(42);
        assertThat(Tensor.randn(2, 3))
                .hasToString("tensor([[ 0.3367,  0.1288,  0.2345],\n        [ 0.2303, -1.1229, -0.1863]])");
        Rng.global().seed(42);
        assertThat(Tensor.rand(2)).hasToString("tensor([0.8823, 0.9150])");
        Rng.global().seed(42);
        assertThat(Rng.global().randperm(5).toLongs()).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
        assertThat(normals(new Rng(42), 6)[0]).isCloseTo(0.3367f, within(1e-4f));
    }

    @Test
    void a_state_set_again_repeats_the_numbers() {
        Rng rng = new Rng(1);
        for (int drawn : new int[] {0, 1, 2, 3, 623, 624, 1000}) {
            normals(rng, drawn); // after an odd number the second of a pair of normals is still to come
            byte[] state = rng.state();
            float[] first = normals(rng, 7);
            float[] more = normals(rng, 20);
            rng.setState(state);
            assertThat(normals(rng, 7)).as("after %d", drawn).isEqualTo(first);
            assertThat(normals(rng, 20)).as("after %d", drawn).isEqualTo(more);
        }
    }

    @Test
    void a_state_goes_from_one_generator_to_another() {
        Rng a = new Rng(1);
        normals(a, 3);
        Rng b = new Rng(2);
        b.setState(a.state());
        assertThat(normals(b, 5)).isEqualTo(normals(a, 5));
        assertThat(b).hasToString(a.toString());
    }

    @Test
    void own_generators_do_not_disturb_the_global_one_nor_each_other() {
        Rng.global().seed(3);
        float[] alone = normals(Rng.global(), 10);
        Rng.global().seed(3);
        Rng own = new Rng(3);
        float[] first = normals(own, 5);
        assertThat(normals(Rng.global(), 10)).isEqualTo(alone);
        normals(new Rng(3), 99);
        own.seed(3);
        assertThat(normals(own, 5)).isEqualTo(first);
        assertThat(normals(new Rng(4), 5)).isNotEqualTo(first);
    }

    @Test
    void draws_have_the_moments_that_were_asked_for() {
        Rng rng = new Rng(5);
        Tensor normal = Tensor.zeros(10_000).normal_(3, 2, rng);
        assertThat(normal.mean().item()).as("seed 5").isCloseTo(3, within(0.1));
        assertThat(normal.std(true).item()).as("seed 5").isCloseTo(2, within(0.1));
        Tensor uniform = Tensor.zeros(10_000).uniform_(-1, 3, rng);
        assertThat(uniform.min().item()).as("seed 5").isBetween(-1.0, -0.9);
        assertThat(uniform.max().item()).as("seed 5").isBetween(2.9, 3.0);
        assertThat(Tensor.zeros(10_000).bernoulli_(0.3, rng).mean().item())
                .as("seed 5")
                .isCloseTo(0.3, within(0.02));
        assertThat(Tensor.zeros(5).bernoulli_(1, rng).toFloats()).containsOnly(1);
    }

    @Test
    void wrong_distributions_are_refused() {
        Tensor x = Tensor.zeros(3);
        Rng rng = new Rng(1);
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> x.bernoulli_(1.5, rng));
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> x.bernoulli_(Double.NaN, rng));
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> x.normal_(0, -1, rng));
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> x.uniform_(1, 0, rng));
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> Tensor.arange(3).normal_(0, 1, rng));
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> rng.randperm(-1));
    }

    @Test
    void what_is_no_state_is_refused_and_changes_nothing() {
        Rng rng = new Rng(1);
        byte[] good = rng.state();
        int refused = 0;
        for (int length : new int[] {0, 1, 23, 24, 5055, 5057, 10_000}) {
            byte[] bad = new byte[length];
            assertThatExceptionOfType(TensorException.class)
                    .as("length %d", length)
                    .isThrownBy(() -> rng.setState(bad));
        }
        SplittableRandom dice = new SplittableRandom(8);
        for (int i = 0; i < 200; i++) {
            byte[] bad = good.clone();
            bad[8 + dice.nextInt(16)] ^= (byte) (1 << dice.nextInt(8));
            try {
                rng.setState(bad);
                normals(rng, 2000); // whatever it accepts it can draw from
                rng.setState(good);
            } catch (TensorException e) {
                refused++;
                assertThat(rng.state()).as("round %d, seed 8", i).isEqualTo(good);
            }
        }
        assertThat(refused).as("seed 8").isPositive();
    }

    @Test
    void a_state_that_points_behind_the_twister_is_refused() {
        Rng rng = new Rng(1);
        byte[] bad = rng.state();
        ByteBuffer.wrap(bad).order(ByteOrder.nativeOrder()).putInt(8, 624).putLong(16, 624);
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> rng.setState(bad))
                .withMessageContaining("wanted what state() gave");
    }

    @Test
    void keys_of_neighbours_differ_in_half_of_their_bits() {
        Set<Long> seen = new HashSet<>();
        long flipped = 0;
        int pairs = 0;
        for (long seed = 0; seed < 20; seed++) {
            for (long index = 0; index < 500; index++) {
                long key = Rng.key(seed, 0, index);
                seen.add(key);
                flipped += Long.bitCount(key ^ Rng.key(seed, 0, index + 1))
                        + Long.bitCount(key ^ Rng.key(seed + 1, 0, index));
                pairs += 2;
            }
        }
        assertThat(seen).hasSize(10_000);
        assertThat((double) flipped / pairs).isCloseTo(32, within(0.5));
        assertThat(Rng.key(1, 2))
                .isNotEqualTo(Rng.key(2, 1))
                .isNotEqualTo(Rng.key(1, 2, 0))
                .isEqualTo(Rng.key(1, 2));
    }
}
