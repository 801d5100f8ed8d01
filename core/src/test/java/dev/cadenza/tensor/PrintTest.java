package dev.cadenza.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.testing.InScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The expected texts are PyTorch's ({@code torch/_tensor_str.py}, 2.x). */
@ExtendWith(InScope.class)
class PrintTest {
    private static final float NAN = Float.NaN;
    private static final float INF = Float.POSITIVE_INFINITY;

    private static Tensor of(float... data) {
        return Tensor.of(data);
    }

    @Test
    void whole_floats_end_in_a_point() {
        assertThat(Tensor.zeros(2, 3)).hasToString("tensor([[0., 0., 0.],\n        [0., 0., 0.]])");
        assertThat(of(1, -20, 3)).hasToString("tensor([  1., -20.,   3.])");
        assertThat(of(-0f, 5)).hasToString("tensor([-0., 5.])");
        assertThat(of(1e8f, 1e8f)).hasToString("tensor([100000000., 100000000.])");
    }

    @Test
    void integers_and_truth_values_are_right_aligned() {
        assertThat(Tensor.of(new long[] {1, -20, 300})).hasToString("tensor([  1, -20, 300])");
        assertThat(Tensor.of(new long[] {Long.MAX_VALUE})).hasToString("tensor([9223372036854775807])");
        assertThat(Tensor.of(new boolean[] {true, false})).hasToString("tensor([ True, False])");
        assertThat(Tensor.of(new boolean[] {true, true})).hasToString("tensor([True, True])");
        assertThat(Tensor.of(new boolean[] {false}).sum()).hasToString("tensor(0)");
    }

    @Test
    void fractions_have_four_digits() {
        assertThat(of(1.5f, -2.25f, 100)).hasToString("tensor([  1.5000,  -2.2500, 100.0000])");
        assertThat(of(0, 0.1f)).hasToString("tensor([0.0000, 0.1000])");
        assertThat(of(-0.00012f, 0.01f)).hasToString("tensor([-0.0001,  0.0100])");
    }

    @Test
    void ties_are_rounded_to_even_as_in_c() {
        assertThat(of(0.03125f, 0.09375f)).hasToString("tensor([0.0312, 0.0938])");
        assertThat(Tensor.of(new double[] {0.00015, 0.5}))
                .hasToString("tensor([1.5000e-04, 5.0000e-01], dtype=torch.float64)");
        assertThat(Tensor.of(new double[] {0.00105, 0.5})).hasToString("tensor([0.0010, 0.5000], dtype=torch.float64)");
        assertThat(of(1.03125f)).hasToString("tensor([1.0312])");
    }

    @Test
    void far_apart_large_and_tiny_numbers_are_scientific() {
        assertThat(of(1e-5f)).hasToString("tensor([1.0000e-05])");
        assertThat(of(1, 1001)).hasToString("tensor([1.0000e+00, 1.0010e+03])");
        assertThat(of(1, 1000)).hasToString("tensor([   1., 1000.])");
        assertThat(of(0, -1e10f)).hasToString("tensor([ 0.0000e+00, -1.0000e+10])");
        assertThat(of(0.5f, 1e4f)).hasToString("tensor([5.0000e-01, 1.0000e+04])");
        assertThat(Tensor.of(new double[] {1e300})).hasToString("tensor([1.0000e+300], dtype=torch.float64)");
        assertThat(of(1e-5f, INF)).hasToString("tensor([1.0000e-05,        inf])");
    }

    @Test
    void what_is_not_finite_is_named() {
        assertThat(of(NAN, INF, -INF)).hasToString("tensor([nan, inf, -inf])");
        assertThat(of(NAN, 1)).hasToString("tensor([nan, 1.])");
        assertThat(of(NAN, 1.5f, -INF)).hasToString("tensor([   nan, 1.5000,   -inf])");
    }

    @Test
    void a_scalar_has_no_brackets() {
        assertThat(Tensor.scalar(3)).hasToString("tensor(3.)");
        assertThat(Tensor.scalar(3.25)).hasToString("tensor(3.2500)");
        assertThat(Tensor.scalar(Double.NaN)).hasToString("tensor(nan)");
        assertThat(Tensor.scalar(0)).hasToString("tensor(0.)");
        assertThat(Tensor.full(DType.INT64, 7)).hasToString("tensor(7)");
        assertThat(Tensor.full(DType.BOOL, 1)).hasToString("tensor(True)");
    }

    @Test
    void an_empty_tensor_shows_its_size_and_dtype() {
        assertThat(Tensor.zeros(0)).hasToString("tensor([])");
        assertThat(Tensor.zeros(2, 0)).hasToString("tensor([], size=(2, 0))");
        assertThat(Tensor.zeros(DType.INT64, 0)).hasToString("tensor([], dtype=torch.int64)");
        assertThat(Tensor.zeros(DType.BOOL, 0, 3)).hasToString("tensor([], size=(0, 3), dtype=torch.bool)");
    }

    @Test
    void other_dtypes_are_named() {
        assertThat(Tensor.zeros(DType.FLOAT64, 1)).hasToString("tensor([0.], dtype=torch.float64)");
        assertThat(Tensor.full(DType.FLOAT16, 0.5, 1)).hasToString("tensor([0.5000], dtype=torch.float16)");
        assertThat(Tensor.full(DType.BFLOAT16, 2, 1)).hasToString("tensor([2.], dtype=torch.bfloat16)");
        assertThat(Tensor.of(new int[] {1})).hasToString("tensor([1], dtype=torch.int32)");
        assertThat(Tensor.of(new byte[] {-1})).hasToString("tensor([255], dtype=torch.uint8)");
        assertThat(Tensor.full(DType.INT8, -3, 1)).hasToString("tensor([-3], dtype=torch.int8)");
    }

    @Test
    void a_recorded_tensor_names_its_operation_and_a_leaf_that_it_is_one() {
        Tensor x = Tensor.ones(2).requiresGrad_(true);
        assertThat(x).hasToString("tensor([1., 1.], requires_grad=True)");
        assertThat(x.add(x)).hasToString("tensor([2., 2.], grad_fn=<AddBackward0>)");
        assertThat(x.mul(x).sum()).hasToString("tensor(2., grad_fn=<SumBackward0>)");
        assertThat(Tensor.zeros(DType.FLOAT64, 1).requiresGrad_(true))
                .hasToString("tensor([0.], dtype=torch.float64, requires_grad=True)");
    }

    @Test
    void more_than_two_dimensions_are_set_apart_by_empty_lines() {
        assertThat(Tensor.arange(8).view(2, 2, 2))
                .hasToString("tensor([[[0, 1],\n         [2, 3]],\n\n        [[4, 5],\n         [6, 7]]])");
        assertThat(Tensor.arange(2).view(2, 1, 1, 1)).hasToString("tensor([[[[0]]],\n\n\n        [[[1]]]])");
    }

    @Test
    void long_rows_are_wrapped_at_eighty_columns() {
        assertThat(Tensor.arange(20))
                .hasToString("tensor([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17,\n"
                        + "        18, 19])");
        assertThat(Tensor.full(0.5, 10))
                .hasToString("tensor([0.5000, 0.5000, 0.5000, 0.5000, 0.5000, 0.5000, 0.5000, 0.5000, 0.5000,\n"
                        + "        0.5000])");
    }

    @Test
    void a_suffix_that_does_not_fit_goes_on_a_line_of_its_own() {
        assertThat(Tensor.full(DType.FLOAT64, 0.5, 7))
                .hasToString("tensor([0.5000, 0.5000, 0.5000, 0.5000, 0.5000, 0.5000, 0.5000],\n"
                        + "       dtype=torch.float64)");
        assertThat(Tensor.full(5, 12).requiresGrad_(true))
                .hasToString("tensor([5., 5., 5., 5., 5., 5., 5., 5., 5., 5., 5., 5.], requires_grad=True)");
        assertThat(Tensor.full(5, 13).requiresGrad_(true)) // 79 columns would do, but PyTorch counts one more
                .hasToString("tensor([5., 5., 5., 5., 5., 5., 5., 5., 5., 5., 5., 5., 5.],\n"
                        + "       requires_grad=True)");
        assertThat(of(1000, 100, 100, 100, 100, 100, 100.5f).requiresGrad_(true))
                .hasToString("tensor([1000.0000,  100.0000,  100.0000,  100.0000,  100.0000,  100.0000,\n"
                        + "         100.5000], requires_grad=True)");
    }

    @Test
    void of_more_than_a_thousand_elements_the_middle_is_left_out() {
        assertThat(Tensor.arange(1001)).hasToString("tensor([   0,    1,    2,  ...,  998,  999, 1000])");
        assertThat(Tensor.zeros(2000)).hasToString("tensor([0., 0., 0.,  ..., 0., 0., 0.])");
        assertThat(Tensor.arange(1002).view(2, 501))
                .hasToString("tensor([[   0,    1,    2,  ...,  498,  499,  500],\n"
                        + "        [ 501,  502,  503,  ...,  999, 1000, 1001]])");
        assertThat(Tensor.arange(1002).view(501, 2))
                .hasToString("tensor([[   0,    1],\n        [   2,    3],\n        [   4,    5],\n        ...,\n"
                        + "        [ 996,  997],\n        [ 998,  999],\n        [1000, 1001]])");
        String row = "[[0., 0., 0.,  ..., 0., 0., 0.]]";
        assertThat(Tensor.zeros(7, 1, 143))
                .hasToString("tensor([" + String.join(",\n\n        ", row, row, row, "...", row, row, row) + "])");
    }

    @Test
    void what_is_left_out_does_not_decide_the_format() {
        assertThat(Tensor.zeros(2000).maskedFill(Tensor.arange(2000).eq(1000), 12345.5))
                .hasToString("tensor([0., 0., 0.,  ..., 0., 0., 0.])");
    }

    @Test
    void even_a_tensor_larger_than_memory_is_printed() {
        assertThat(Tensor.ones(1).expand(1L << 50)).hasToString("tensor([1., 1., 1.,  ..., 1., 1., 1.])");
    }
}
