package dev.cadenza.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.testing.InScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class LayoutTest {
    private static Tensor images() {
        return Tensor.arange(2 * 3 * 4 * 5).to(DType.FLOAT32).reshape(2, 3, 4, 5);
    }

    @Test
    void values_and_shape_stay_and_come_back() {
        Tensor x = images();
        Tensor last = Layout.CHANNELS_LAST.apply(x);
        assertThat(Layout.CHANNELS_LAST.holds(last)).isTrue();
        assertThat(Layout.CONTIGUOUS.holds(last)).isFalse();
        assertThat(last.equal(x)).isTrue();
        assertThat(last.toFloats()).isEqualTo(x.toFloats());
        Tensor back = Layout.CONTIGUOUS.apply(last);
        assertThat(Layout.CONTIGUOUS.holds(back)).isTrue();
        assertThat(Layout.CHANNELS_LAST.holds(back)).isFalse();
        assertThat(back.equal(x)).isTrue();
    }

    @Test
    void channels_last_lies_in_memory_as_the_permuted_tensor_does() {
        Tensor x = images();
        Tensor last = Layout.CHANNELS_LAST.apply(x).permute(0, 2, 3, 1);
        assertThat(Layout.CONTIGUOUS.holds(last)).isTrue();
        assertThat(last.equal(x.permute(0, 2, 3, 1))).isTrue();
    }

    @Test
    void what_lies_so_already_and_what_has_not_four_dimensions_is_returned_as_it_is() {
        Tensor x = images();
        Tensor last = Layout.CHANNELS_LAST.apply(x);
        assertThat(Layout.CHANNELS_LAST.apply(last)).isSameAs(last);
        assertThat(Layout.CONTIGUOUS.apply(x)).isSameAs(x);
        for (Tensor other : new Tensor[] {
            Tensor.scalar(1), Tensor.ones(3), Tensor.ones(2, 3, 4).transpose(0, 2)
        }) {
            assertThat(Layout.CHANNELS_LAST.apply(other)).isSameAs(other);
            assertThat(Layout.CONTIGUOUS.apply(other)).isSameAs(other);
            assertThat(Layout.CHANNELS_LAST.holds(other)).isFalse();
        }
        Tensor grey = Tensor.ones(2, 1, 4, 5);
        assertThat(Layout.CHANNELS_LAST.holds(grey)).isTrue();
        assertThat(Layout.CONTIGUOUS.holds(grey)).isTrue();
    }

    @Test
    void gradients_flow_through_it() {
        Tensor x = images().requiresGrad_(true);
        Layout.CHANNELS_LAST.apply(x).mul(images()).sum().backward();
        assertThat(x.grad().equal(images())).isTrue();
    }
}
