package dev.cadenza.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.tensor.GridKernels.Padding;
import dev.cadenza.testing.InScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class GridKernelsTest {
    private static Tensor image() {
        return Tensor.of(new float[] {1, 2, 3, 4}, 1, 1, 2, 2);
    }

    private static Tensor places(float... xy) {
        return Tensor.of(xy, 1, 1, xy.length / 2, 2);
    }

    @Test
    void a_grid_reads_places_between_pixels() {
        Tensor grid = places(-1, -1, 1, -1, 0, 0, 0, 1);
        assertThat(GridKernels.gridSample(image(), grid, Padding.ZEROS, true).toDoubles())
                .containsExactly(1, 2, 2.5, 3.5);
        assertThat(GridKernels.gridSample(image(), grid, Padding.BORDER, false).toDoubles())
                .containsExactly(1, 2, 2.5, 3.5);
        assertThat(GridKernels.gridSample(image(), grid, Padding.ZEROS, false).toDoubles())
                .containsExactly(0.25, 0.5, 2.5, 1.75);
    }

    @Test
    void outside_of_the_image_lies_what_the_padding_says() {
        Tensor grid = places(2, -1, 3, -1);
        assertThat(GridKernels.gridSample(image(), grid, Padding.ZEROS, true).toDoubles())
                .containsExactly(1, 0);
        assertThat(GridKernels.gridSample(image(), grid, Padding.BORDER, true).toDoubles())
                .containsExactly(2, 2);
        assertThat(GridKernels.gridSample(image(), grid, Padding.REFLECTION, true)
                        .toDoubles())
                .containsExactly(1.5, 1);
    }

    @Test
    void places_that_are_no_numbers_do_not_crash() {
        Tensor grid = places(Float.NaN, 0, Float.POSITIVE_INFINITY, 1, -1e30f, 1e30f);
        for (Padding padding : Padding.values()) {
            assertThat(GridKernels.gridSample(image(), grid, padding, true).shape())
                    .containsExactly(1, 1, 1, 3);
        }
    }

    @Test
    void a_grid_that_does_not_fit_is_refused() {
        Tensor two = Tensor.zeros(2, 1, 1, 2);
        Tensor three = Tensor.zeros(1, 1, 1, 3);
        Tensor wide = Tensor.zeros(DType.FLOAT64, 1, 1, 1, 2);
        for (Tensor grid : new Tensor[] {two, three, wide}) {
            assertThatExceptionOfType(TensorException.class)
                    .isThrownBy(() -> GridKernels.gridSample(image(), grid, Padding.ZEROS, true))
                    .withMessageStartingWith("gridSample: ");
        }
        Tensor bytes = image().to(DType.UINT8);
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> GridKernels.gridSample(bytes, places(0, 0).to(DType.UINT8), Padding.ZEROS, true));
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> GridKernels.gridSample(Tensor.ones(1, 1, 0, 2), places(0, 0), Padding.ZEROS, true));
    }

    @Test
    void a_smaller_image_has_the_means_of_areas() {
        Tensor x = Tensor.arange(8).to(DType.FLOAT32).view(1, 1, 2, 4);
        assertThat(GridKernels.areaResize(x, 1, 2).toDoubles()).containsExactly(2.5, 4.5);
        for (long size : new long[] {0, -1, 1L << 40}) {
            assertThatExceptionOfType(TensorException.class)
                    .isThrownBy(() -> GridKernels.areaResize(x, 1, size))
                    .withMessage("areaResize: wanted sizes from 1 to 2^20, but got: 1, " + size);
        }
    }

    @Test
    void flip_reverses_dimensions() {
        assertThat(GridKernels.flip(image(), 3).toDoubles()).containsExactly(2, 1, 4, 3);
        assertThat(GridKernels.flip(image(), 2, 3).toDoubles()).containsExactly(4, 3, 2, 1);
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> GridKernels.flip(image(), 4));
    }

    @Test
    void images_of_a_batch_are_overwritten() {
        Tensor x = Tensor.zeros(3, 2);
        Tensor source = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
        assertThat(GridKernels.indexCopy_(x, Tensor.of(new long[] {2, 0}), source))
                .isSameAs(x);
        assertThat(x.toDoubles()).containsExactly(3, 4, 0, 0, 1, 2);
        for (long wrong : new long[] {3, -4, Long.MAX_VALUE}) {
            Tensor index = Tensor.of(new long[] {0, wrong});
            assertThatExceptionOfType(TensorException.class)
                    .isThrownBy(() -> GridKernels.indexCopy_(x, index, source))
                    .withMessageStartingWith("indexCopy_: ");
        }
        Tensor one = Tensor.of(new long[] {0});
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> GridKernels.indexCopy_(x, one, source));
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> GridKernels.indexCopy_(x, one.to(DType.FLOAT32), source.narrow(0, 0, 1)));
    }

    @Test
    void logit_is_the_inverse_of_sigmoid_within_limits() {
        Tensor x = Tensor.of(new double[] {0.2, 0.5, 0, 1});
        double[] logits = GridKernels.logit(x, 1e-3).toDoubles();
        double limit = Math.log(0.999 / 0.001);
        assertThat(logits).containsExactly(new double[] {Math.log(0.25), 0, -limit, limit}, within(1e-12));
    }

    @Test
    void a_remainder_is_never_negative() {
        Tensor x = Tensor.of(new float[] {7, -1, 6, 0.5f});
        assertThat(GridKernels.remainder(x, 6).toDoubles()).containsExactly(1, 5, 0, 0.5);
    }
}
