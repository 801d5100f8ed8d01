package dev.cadenza.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cadenza.testing.InScope;
import java.util.concurrent.FutureTask;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class AutocastTest {
    private static final Device.Type CPU = Device.Type.CPU;

    private static DType product() {
        return Tensor.ones(2, 2).matmul(Tensor.ones(2, 2)).dtype();
    }

    private static int dtype(DeviceType type) {
        return torch.get_autocast_dtype(type).value;
    }

    @Test
    void products_are_computed_in_the_type_while_it_is_open() {
        for (DType type : new DType[] {DType.BFLOAT16, DType.FLOAT16}) {
            Autocast cast = Autocast.open(CPU, type);
            assertThat(product()).isEqualTo(type);
            assertThat(Autocast.isOn(CPU)).isTrue();
            cast.close();
            cast.close();
            assertThat(product()).isEqualTo(DType.FLOAT32);
            assertThat(Autocast.isOn(CPU)).isFalse();
        }
    }

    @Test
    void what_was_set_before_is_restored_type_included() {
        int before = dtype(DeviceType.CPU);
        torch.set_autocast_dtype(DeviceType.CPU, ScalarType.Half);
        torch.set_autocast_enabled(DeviceType.CPU, true);
        try {
            Autocast.open(CPU, DType.BFLOAT16).close();
            assertThat(Autocast.isOn(CPU)).isTrue();
            assertThat(product()).isEqualTo(DType.FLOAT16);
        } finally {
            torch.set_autocast_enabled(DeviceType.CPU, false);
            torch.set_autocast_dtype(DeviceType.CPU, ScalarType.BFloat16);
        }
        assertThat(dtype(DeviceType.CPU)).isEqualTo(before);
    }

    @Test
    void of_nested_ones_the_last_that_is_open_holds_in_whatever_order_they_are_closed() {
        Autocast outer = Autocast.open(CPU, DType.BFLOAT16);
        Autocast inner = Autocast.open(CPU, DType.FLOAT16);
        assertThat(product()).isEqualTo(DType.FLOAT16);
        inner.close();
        assertThat(product()).isEqualTo(DType.BFLOAT16);
        Autocast again = Autocast.open(CPU, DType.FLOAT16);
        outer.close();
        assertThat(product()).isEqualTo(DType.FLOAT16);
        again.close();
        assertThat(product()).isEqualTo(DType.FLOAT32);
        assertThat(dtype(DeviceType.CPU)).isEqualTo(ScalarType.BFloat16.value);
    }

    @Test
    void kinds_of_devices_are_apart() {
        int before = dtype(DeviceType.CUDA);
        try (Autocast gpu = Autocast.open(Device.Type.CUDA, DType.BFLOAT16)) {
            assertThat(Autocast.isOn(Device.Type.CUDA)).isTrue();
            assertThat(Autocast.isOn(CPU)).isFalse();
            assertThat(product()).isEqualTo(DType.FLOAT32);
        }
        assertThat(Autocast.isOn(Device.Type.CUDA)).isFalse();
        assertThat(dtype(DeviceType.CUDA)).isEqualTo(before);
    }

    @Test
    void converted_parameters_are_forgotten_with_the_last_one_and_between_types() {
        Parameter w = new Parameter(Tensor.eye(2));
        Tensor x = Tensor.ones(2, 2);
        try (Autocast outer = Autocast.open(CPU, DType.BFLOAT16)) {
            x.matmul(w);
            try (Autocast inner = Autocast.open(CPU, DType.FLOAT16)) {
                assertThat(x.matmul(w).dtype()).isEqualTo(DType.FLOAT16);
            }
            assertThat(x.matmul(w).dtype()).isEqualTo(DType.BFLOAT16);
        }
        change(w);
        try (Autocast later = Autocast.open(CPU, DType.BFLOAT16)) {
            assertThat(x.matmul(w).to(DType.FLOAT32).toFloats()).containsOnly(3);
        }
    }

    private static void change(Parameter w) {
        try (NoGrad off = NoGrad.open()) {
            w.mul_(3);
        }
    }

    @Test
    void gradients_of_float32_parameters_are_float32() {
        Parameter w = new Parameter(Tensor.randn(3, 4));
        Tensor x = Tensor.randn(5, 4);
        Tensor y;
        try (Autocast cast = Autocast.open(CPU, DType.BFLOAT16)) {
            y = Kernels.linear(x, w, null);
        }
        assertThat(y.dtype()).isEqualTo(DType.BFLOAT16);
        assertThat(y.to(DType.FLOAT32).allclose(Kernels.linear(x, w, null), 0.02, 0.05))
                .isTrue();
        y.to(DType.FLOAT32).sum().backward();
        assertThat(w.grad().dtype()).isEqualTo(DType.FLOAT32);
        assertThat(w.grad().allclose(x.sum(0).expand(3, 4), 0.02, 0.05)).isTrue();
    }

    @Test
    void other_types_are_refused_and_change_nothing() {
        for (DType type : new DType[] {DType.FLOAT32, DType.FLOAT64, DType.INT64, DType.BOOL}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Autocast.open(CPU, type))
                    .withMessage("wanted bfloat16 or float16 to compute in, but got: " + type);
        }
        assertThat(Autocast.isOn(CPU)).isFalse();
    }

    @Test
    void it_belongs_to_its_thread() throws Exception {
        try (Autocast cast = Autocast.open(CPU, DType.BFLOAT16)) {
            FutureTask<Throwable> close = new FutureTask<>(() -> catchThrowable(cast::close));
            FutureTask<Boolean> on = new FutureTask<>(() -> Autocast.isOn(CPU));
            new Thread(close).start();
            new Thread(on).start();
            assertThat(close.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining("cannot be closed");
            assertThat(on.get()).isFalse();
            assertThat(Autocast.isOn(CPU)).isTrue();
        }
    }
}
