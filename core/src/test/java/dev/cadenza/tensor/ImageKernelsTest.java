package dev.cadenza.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.testing.InScope;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class ImageKernelsTest {
    /** Two rows of three pixels of two colours, with one byte of padding after each row. */
    private static ImageKernels.Raw raw() {
        ByteBuffer rows = ByteBuffer.allocateDirect(14);
        for (int i = 0; i < 14; i++) {
            rows.put(i, (byte) (i % 7 == 6 ? 99 : i));
        }
        return new ImageKernels.Raw(rows, 7, 2);
    }

    private static Tensor twoByThree() {
        return ImageKernels.gather(raw(), new int[] {0, 1}, new int[] {0, 1, 2});
    }

    private static Tensor bytes(int... values) {
        return Tensor.of(values).to(DType.UINT8);
    }

    @Test
    void pixels_of_padded_rows_become_channels_first() {
        Tensor x = twoByThree();
        assertThat(x.shape()).containsExactly(2, 2, 3);
        assertThat(x.equal(bytes(0, 2, 4, 7, 9, 11, 1, 3, 5, 8, 10, 12).view(2, 2, 3)))
                .isTrue();
    }

    @Test
    void pixels_are_read_from_the_position_of_their_buffer_on() {
        ImageKernels.Raw raw = raw();
        raw.rows().position(7);
        Tensor x = ImageKernels.gather(raw, new int[] {0}, new int[] {1, 2});
        assertThat(x.equal(bytes(9, 11, 10, 12).view(2, 1, 2))).isTrue();
        assertThat(raw.rows().position()).isEqualTo(7);
    }

    @Test
    void pixels_beyond_the_buffer_are_refused() {
        for (int[] wrong : new int[][] {{}, {2}, {-2}}) {
            assertThatThrownBy(() -> ImageKernels.gather(raw(), wrong, new int[] {0}))
                    .isInstanceOf(TensorException.class)
                    .hasMessageContaining("uint8[2, 2, 3], rows");
        }
        assertThatThrownBy(() -> ImageKernels.gather(raw(), new int[] {0}, new int[] {3}))
                .isInstanceOf(TensorException.class)
                .hasMessageContaining("columns [3]");
        assertThatThrownBy(() -> new ImageKernels.Raw(raw().rows(), 2, 3))
                .isInstanceOf(TensorException.class)
                .hasMessageContaining("2 bytes and 3 channels");
    }

    @Test
    void resize_to_half_weights_by_a_triangle_and_keeps_the_dtype() {
        Tensor x = bytes(0, 0, 80, 80, 0, 0, 80, 80).view(1, 2, 4);
        // weights 1/8 3/8 3/8 1/8 of the pixels under the triangle, cut off at the border: 3/7 3/7 1/7
        assertThat(ImageKernels.resize(x, 2, 2).equal(bytes(11, 69, 11, 69).view(1, 2, 2)))
                .isTrue();
        Tensor floats = ImageKernels.resize(x.to(DType.FLOAT64), 2, 2);
        assertThat(floats.allclose(
                        Tensor.of(new double[] {80.0 / 7, 480.0 / 7, 80.0 / 7, 480.0 / 7}, 1, 2, 2), 1e-12, 0))
                .isTrue();
    }

    @Test
    void resize_takes_batches_and_leaves_an_image_of_that_size_alone() {
        Tensor x = twoByThree();
        assertThat(ImageKernels.resize(x, 2, 3)).isSameAs(x);
        Tensor batch = Tensor.stack(List.of(x, x), 0);
        Tensor resized = ImageKernels.resize(batch, 5, 4);
        assertThat(resized.shape()).containsExactly(2, 2, 5, 4);
        assertThat(resized.select(0, 1).equal(ImageKernels.resize(x, 5, 4))).isTrue();
    }

    @Test
    void resize_refuses_what_is_no_image_or_no_size() {
        for (Tensor wrong : new Tensor[] {Tensor.ones(4), Tensor.ones(4, 4), Tensor.zeros(1, 0, 4)}) {
            assertThatThrownBy(() -> ImageKernels.resize(wrong, 2, 2)).isInstanceOf(TensorException.class);
        }
        for (long wrong : new long[] {0, -1, Long.MAX_VALUE}) {
            assertThatThrownBy(() -> ImageKernels.resize(Tensor.ones(1, 4, 4), 2, wrong))
                    .isInstanceOf(TensorException.class)
                    .hasMessageContaining("float32[1, 4, 4]");
        }
        assertThatThrownBy(() -> ImageKernels.resize(Tensor.of(new long[4], 1, 2, 2), 1, 1))
                .isInstanceOf(TensorException.class);
    }

    @Test
    void turn_transposes_first_and_mirrors_then() {
        Tensor x = bytes(1, 2, 3, 4, 5, 6).view(1, 2, 3);
        assertThat(ImageKernels.turn(x, false, true, false)
                        .equal(bytes(3, 2, 1, 6, 5, 4).view(1, 2, 3)))
                .isTrue();
        assertThat(ImageKernels.turn(x, false, false, true)
                        .equal(bytes(4, 5, 6, 1, 2, 3).view(1, 2, 3)))
                .isTrue();
        assertThat(ImageKernels.turn(x, true, false, false)
                        .equal(bytes(1, 4, 2, 5, 3, 6).view(1, 3, 2)))
                .isTrue();
        assertThat(ImageKernels.turn(x, true, true, true)
                        .equal(bytes(6, 3, 5, 2, 4, 1).view(1, 3, 2)))
                .isTrue();
        Tensor same = ImageKernels.turn(x, false, false, false).fill_(9);
        assertThat(x.equal(same)).isFalse();
    }

    @Test
    void compact_copies() {
        Tensor x = twoByThree();
        Tensor part = ImageKernels.compact(x.narrow(2, 1, 2));
        assertThat(part.equal(x.narrow(2, 1, 2))).isTrue();
        part.fill_(0);
        assertThat(x.max().item()).isEqualTo(12);
    }

    private static Tensor gather(Tensor x, int[] rows, int[] columns) {
        return ImageKernels.read(x, raw -> ImageKernels.gather(raw, rows, columns));
    }

    @Test
    void gather_takes_rows_and_columns_in_any_order_and_black_where_there_are_none() {
        Tensor x = twoByThree();
        Tensor got = gather(x, new int[] {1, -1, 0, 0}, new int[] {2, 0, -1});
        Tensor first = bytes(11, 7, 0, 0, 0, 0, 4, 0, 0, 4, 0, 0).view(4, 3);
        // the first channel: rows 0 2 4 and 7 9 11
        assertThat(got.shape()).containsExactly(2, 4, 3);
        assertThat(got.select(0, 0).equal(first)).isTrue();
        assertThat(gather(x.contiguous(), new int[] {1}, new int[] {1})
                        .equal(bytes(9, 10).view(2, 1, 1)))
                .isTrue();
    }

    @Test
    void planes_overwrite_what_was_there_and_go_no_further() {
        ByteBuffer to = ByteBuffer.allocate(10).put(0, new byte[] {7, 7, 7, 7, 7, 7, 7, 7, 7, 7});
        raw().planes(new int[] {-1, 1}, new int[] {-1, 2}, to.position(1));
        assertThat(to.array()).containsExactly(7, 0, 0, 0, 11, 0, 0, 0, 12, 7);
        assertThat(to.position()).isEqualTo(9);
        assertThatThrownBy(() -> raw().planes(new int[] {0}, new int[] {0}, to))
                .isInstanceOf(BufferOverflowException.class);
        assertThat(to.position()).isEqualTo(9);
        assertThatThrownBy(() -> raw().planes(new int[] {2}, new int[] {0}, to)).isInstanceOf(TensorException.class);
    }

    private static void requireGathered(ImageKernels.Raw raw, int[] rows, int[] columns) {
        Tensor got = ImageKernels.gather(raw, rows, columns);
        assertThat(got.shape()).containsExactly(raw.channels(), rows.length, columns.length);
        ByteBuffer planes = ByteBuffer.allocate((int) got.numel());
        raw.planes(rows, columns, planes);
        assertThat(planes.array()).isEqualTo(got.toBytes());
        for (int c = 0; c < raw.channels(); c++) {
            for (int i = 0; i < rows.length; i++) {
                for (int j = 0; j < columns.length; j++) {
                    boolean black = rows[i] < 0 || columns[j] < 0;
                    int expected =
                            black ? 0 : raw.rows().get(rows[i] * raw.rowBytes() + columns[j] * raw.channels() + c);
                    assertThat(got.select(0, c).select(0, i).select(0, j).item())
                            .isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void columns_may_run_backwards_be_black_or_leave_some_out() {
        int[] rows = {1, -1, 0};
        for (int[] columns :
                new int[][] {{2, 1, 0}, {-1}, {-1, 1, 2, -1}, {0, 2}, {1, 1}, {2}, {-1, -1}, {1, 0}, {0, 1, -1}}) {
            requireGathered(raw(), rows, columns);
            if (Arrays.stream(columns).max().orElseThrow() < 2) {
                requireGathered(new ImageKernels.Raw(raw().rows().limit(12), 6, 3), rows, columns); // two pixels wide
            }
        }
    }

    @Test
    void what_is_no_image_is_not_read() {
        for (Tensor wrong :
                new Tensor[] {Tensor.ones(1, 2, 2), bytes(1, 2), bytes(1, 2).view(1, 1, 1, 2)}) {
            assertThatThrownBy(() -> ImageKernels.read(wrong, raw -> raw.channels()))
                    .isInstanceOf(TensorException.class)
                    .hasMessageContaining("but got " + wrong.describe());
        }
    }

    @Test
    void no_call_leaves_a_native_object_behind() {
        Tensor x = twoByThree();
        Runnable round = () -> {
            try (Scope scope = Scope.open()) {
                ImageKernels.turn(ImageKernels.compact(ImageKernels.resize(twoByThree(), 4, 5)), true, true, false);
                ImageKernels.resize(x.unsqueeze(0), 1, 1);
                gather(x, new int[] {0}, new int[] {-1, 2});
            }
        };
        round.run();
        long before = Engine.liveObjects();
        for (int i = 0; i < 50; i++) {
            round.run();
        }
        assertThat(Engine.liveObjects()).isEqualTo(before);
    }
}
