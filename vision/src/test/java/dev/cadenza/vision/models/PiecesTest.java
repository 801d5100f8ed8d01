package dev.cadenza.vision.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.cadenza.nn.F;
import dev.cadenza.nn.Identity;
import dev.cadenza.nn.Module;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** The layers that networks for images are made of. */
@ExtendWith(InScope.class)
class PiecesTest {
    @Test
    void residual_blocks_start_as_the_identity_where_that_is_wanted() {
        Tensor x = Tensor.rand(2, 4, 5, 5);
        assertThat(new ResBlock(1, 4, 4).forward(x).equal(x)).isTrue();
        Module torchvision = ResNet.resnet18(2, o -> o.zeroInitResidual = true);
        assertThat(torchvision.namedParameters())
                .allSatisfy((name, p) -> assertThat(p.norm().item() == 0)
                        .isEqualTo(name.endsWith("bn2.weight") || name.matches(".*(bn.|downsample.1).bias")));
        Module plain = ResNet.resnet18(2);
        assertThat(plain.namedParameters().get("layer1.0.bn2.weight").sum().item())
                .isEqualTo(64);
    }

    @Test
    void blurring_keeps_a_plain_image_and_spreads_a_point() {
        BlurPool blur = new BlurPool(2, 2);
        assertThat(blur.parameters()).isEmpty();
        assertThat(blur.forward(Tensor.full(3, 1, 2, 5, 4)).allclose(Tensor.full(3, 1, 2, 3, 2), 0, 1e-6))
                .isTrue();
        Tensor point = Tensor.zeros(1, 1, 5, 5);
        point.select(2, 2).select(2, 2).fill_(16);
        Tensor around = new BlurPool(1, 1)
                .forward(point)
                .narrow(2, 1, 3)
                .narrow(3, 1, 3)
                .contiguous();
        assertThat(around.toDoubles()).containsExactly(1, 2, 1, 2, 4, 2, 1, 2, 1);
    }

    @TestFactory
    Stream<DynamicTest> pools_give_the_size_of_a_convolution_of_the_same_stride() {
        return Stream.of(Pool.values())
                .map(pool -> dynamicTest(pool.name(), () -> {
                    try (Scope scope = Scope.open()) {
                        for (int side : new int[] {2, 5, 8}) {
                            Tensor x = Tensor.rand(1, 3, side, side + 1);
                            Module block = new ResBlock(1, 3, 6, o -> {
                                o.stride = 2;
                                o.pool = pool;
                            });
                            assertThat(block.forward(x).shape()).containsExactly(1, 6, (side + 1) / 2, (side + 2) / 2);
                        }
                    }
                }));
    }

    @Test
    void a_pool_before_a_rising_activation_gives_what_it_gives_after_it() {
        Tensor x = Tensor.randn(2, 3, 6, 6);
        Module pool = Pool.MAX.of(3, 2);
        assertThat(F.relu(pool.forward(x)).equal(pool.forward(F.relu(x)))).isTrue();
    }

    @Test
    void a_layer_without_norm_has_a_bias_and_one_without_activation_ends_with_the_norm() {
        assertThat(new ConvLayer(1, 2, 3, o -> o.norm = ConvLayer.Norm.NONE).stateDict())
                .containsOnlyKeys("0.weight", "0.bias");
        assertThat(new ConvLayer(1, 2, 3, o -> o.activation = null).layers()).hasSize(2);
        assertThat(new ConvLayer(1, 2, 3, o -> o.activation = Identity::new)
                        .layers()
                        .get(2))
                .isInstanceOf(Identity.class);
    }
}
