package dev.cadenza.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.testing.InScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Convolutions in 32 and 16 bits are right for all numbers of channels: as in float64, which other kernels compute. */
@ExtendWith(InScope.class)
class ConvolutionTest {
    private static final int[] CHANNELS = {1, 2, 3, 4, 7, 8, 16, 20, 24, 32, 40, 48, 64, 72, 100, 112};

    private record Result(Tensor y, Tensor dx, Tensor dweight, Tensor dbias) {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Case(long[] x, long[] weight, long stride, long padding, long dilation, long groups, boolean last) {
        static Case draw(Random random, boolean grouped) {
            long kernel = 1L + random.nextInt(5);
            long dilation = 1L + random.nextInt(2);
            long size = dilation * kernel + random.nextInt(12);
            long groups = grouped ? 2 + random.nextInt(3) : 1;
            long in = CHANNELS[random.nextInt(CHANNELS.length)];
            long out = CHANNELS[random.nextInt(CHANNELS.length)];
            if (grouped && random.nextBoolean()) { // each channel by itself
                groups = Math.max(2, in);
                in = 1;
                out = 1;
            }
            long[] x = {1 + random.nextInt(5), in * groups, size + 1, size};
            long[] weight = {out * groups, in, kernel, kernel};
            return new Case(
                    x, weight, 1 + random.nextInt(3), random.nextInt(2), dilation, groups, random.nextBoolean());
        }

        private Tensor leaf(long[] shape, DType dtype, DType computed, int seed, double spread) {
            Tensor drawn = Tensor.zeros(shape)
                    .normal_(0, spread, new Rng(seed))
                    .to(dtype)
                    .to(computed);
            Tensor laid = last && shape.length == 4 ? Layout.CHANNELS_LAST.apply(drawn) : drawn;
            return laid.detach().requiresGrad_(true);
        }

        /** Computes with numbers that {@code dtype} can hold. */
        Result run(DType dtype, DType computed) {
            Tensor x = leaf(this.x, dtype, computed, 1, 1);
            Tensor w = leaf(weight, dtype, computed, 2, 0.2);
            Tensor b = leaf(new long[] {weight[0]}, dtype, computed, 3, 1);
            Tensor y = Kernels.conv2d(
                    x,
                    w,
                    b,
                    new long[] {stride, stride},
                    new long[] {padding, padding},
                    new long[] {dilation, dilation},
                    groups);
            Tensor g =
                    Tensor.zeros(y.shape()).normal_(0, 1, new Rng(4)).to(dtype).to(computed);
            y.backward(g);
            return new Result(y.detach(), x.grad(), w.grad(), b.grad());
        }
    }

    private static double relativeDifference(Tensor got, Tensor want) {
        double scale = want.abs().max().item() + 1e-9;
        return got.to(DType.FLOAT64).sub(want).abs().max().item() / scale;
    }

    private static List<String> wrong(int cases, boolean grouped, DType dtype, double tolerance) {
        Random random = new Random(11);
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < cases; i++) {
            try (Scope scope = Scope.open()) {
                Case each = Case.draw(random, grouped);
                Result want = each.run(dtype, DType.FLOAT64);
                Result got = each.run(dtype, dtype);
                double y = relativeDifference(got.y, want.y);
                double dx = relativeDifference(got.dx, want.dx);
                double dw = relativeDifference(got.dweight, want.dweight);
                double db = relativeDifference(got.dbias, want.dbias);
                if (!(y < tolerance && dx < tolerance && dw < tolerance && db < tolerance)) { // not NaN either
                    wrong.add(List.of(y, dx, dw, db) + " " + got.y.describe() + " " + got.dx.describe() + " "
                            + got.dweight.describe() + each);
                }
            }
        }
        return wrong;
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32, false, 1e-4", "FLOAT32, true, 1e-4", "BFLOAT16, false, 0.05", "BFLOAT16, true, 0.05"})
    void results_and_gradients_are_those_of_float64(DType dtype, boolean grouped, double tolerance) {
        assertThat(wrong(60, grouped, dtype, tolerance)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"24, 40, 1", "8, 8, 2", "6, 6, 6"})
    void autocast_computes_them_in_16_bits(long in, long out, long groups) {
        Tensor x = Tensor.zeros(2, in, 9, 8).normal_(0, 1, new Rng(1));
        Tensor w = Tensor.zeros(out, in / groups, 3, 3).normal_(0, 0.2, new Rng(2));
        long[] one = {1, 1};
        Tensor want = Kernels.conv2d(x.to(DType.FLOAT64), w.to(DType.FLOAT64), null, one, one, one, groups);
        try (Autocast half = Autocast.open(Device.Type.CPU, DType.BFLOAT16)) {
            Tensor got = Kernels.conv2d(x, w, null, one, one, one, groups);
            assertThat(got.dtype()).isEqualTo(DType.BFLOAT16);
            assertThat(relativeDifference(got, want)).isLessThan(0.03);
        }
    }

    @Test
    void the_result_lies_in_memory_as_the_input_does() {
        long[] one = {1, 1};
        Tensor x = Tensor.ones(2, 24, 5, 5);
        Tensor w = Tensor.ones(20, 24, 3, 3);
        assertThat(Kernels.conv2d(x, w, null, one, one, one, 1).isContiguous()).isTrue();
        Tensor last = Kernels.conv2d(Layout.CHANNELS_LAST.apply(x), w, null, one, one, one, 1);
        assertThat(Layout.CHANNELS_LAST.holds(last)).isTrue();
    }

    @Test
    void channels_that_do_not_fit_are_an_error_that_names_them() {
        long[] one = {1, 1};
        assertThatThrownBy(
                        () -> Kernels.conv2d(Tensor.ones(1, 5, 4, 4), Tensor.ones(8, 4, 3, 3), null, one, one, one, 1))
                .isInstanceOf(TensorException.class)
                .hasMessageContaining("to have 4 channels, but got 5 channels");
    }

    @Test
    void filling_up_leaves_no_native_object_behind() {
        long[] one = {1, 1};
        Tensor x = Tensor.ones(1, 24, 4, 4);
        Tensor w = Tensor.ones(8, 12, 3, 3);
        long before = 0;
        for (int i = 0; i < 5; i++) {
            try (Scope scope = Scope.open()) {
                Kernels.conv2d(x, w, null, one, one, one, 2);
            }
            before = i == 1 ? Engine.liveObjects() : before;
        }
        assertThat(Engine.liveObjects()).isLessThanOrEqualTo(before);
    }
}
