package dev.cadenza.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cadenza.testing.InScope;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class NoGradTest {
    private static Tensor leaf() {
        return Tensor.ones(1).requiresGrad_(true);
    }

    @Test
    void nothing_is_recorded_while_a_NoGrad_is_open() {
        Tensor x = leaf();
        NoGrad outer = NoGrad.open();
        NoGrad inner = NoGrad.open();
        assertThat(x.mul(2).requiresGrad()).isFalse();
        inner.close();
        inner.close();
        assertThat(NoGrad.gradIsEnabled()).isFalse();
        outer.close();
        outer.close();
        assertThat(NoGrad.gradIsEnabled()).isTrue();
        assertThat(x.mul(2).requiresGrad()).isTrue();
    }

    @Test
    void NoGrads_closed_out_of_order_end_with_gradients_on() {
        NoGrad first = NoGrad.open();
        NoGrad second = NoGrad.open();
        first.close();
        assertThat(NoGrad.gradIsEnabled()).isFalse();
        second.close();
        assertThat(NoGrad.gradIsEnabled()).isTrue();
    }

    @Test
    void a_NoGrad_belongs_to_its_thread() throws Exception {
        try (NoGrad off = NoGrad.open()) {
            FutureTask<Throwable> close = new FutureTask<>(() -> catchThrowable(off::close));
            FutureTask<Boolean> enabled = new FutureTask<>(NoGrad::gradIsEnabled);
            new Thread(close).start();
            new Thread(enabled).start();
            assertThat(close.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining("cannot be closed");
            assertThat(enabled.get()).isTrue();
            assertThat(NoGrad.gradIsEnabled()).isFalse();
        }
    }
}
