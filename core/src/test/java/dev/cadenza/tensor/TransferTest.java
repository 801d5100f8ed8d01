package dev.cadenza.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cadenza.testing.InScope;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(InScope.class)
class TransferTest {
    @Test
    void arrays_come_back_as_they_went_in() {
        assertThat(Tensor.of(new float[] {1.5f, -0f, Float.NaN}).toFloats()).containsExactly(1.5f, -0f, Float.NaN);
        assertThat(Tensor.of(new double[] {1e300, -2}).toDoubles()).containsExactly(1e300, -2);
        assertThat(Tensor.of(new int[] {Integer.MIN_VALUE, 7}).toInts()).containsExactly(Integer.MIN_VALUE, 7);
        assertThat(Tensor.of(new long[] {Long.MAX_VALUE, -1}).toLongs()).containsExactly(Long.MAX_VALUE, -1);
        assertThat(Tensor.of(new byte[] {-1, 0, 127}).toBytes()).containsExactly(-1, 0, 127);
        assertThat(Tensor.of(new boolean[] {true, false}).toBytes()).containsExactly(1, 0);
    }

    @Test
    void arrays_give_the_dtype_of_their_elements() {
        assertThat(Tensor.of(new float[1]).describe()).isEqualTo("float32[1]");
        assertThat(Tensor.of(new double[6], 2, 3).describe()).isEqualTo("float64[2, 3]");
        assertThat(Tensor.of(new int[2], 2, 1).describe()).isEqualTo("int32[2, 1]");
        assertThat(Tensor.of(new long[1]).describe()).isEqualTo("int64[1]");
        assertThat(Tensor.of(new byte[1]).describe()).isEqualTo("uint8[1]");
        assertThat(Tensor.of(new boolean[1]).describe()).isEqualTo("bool[1]");
    }

    @Test
    void empty_ones_are_fine() {
        assertThat(Tensor.of(new float[0]).shape()).containsExactly(0);
        assertThat(Tensor.of(new long[0], 2, 0, 3).toLongs()).isEmpty();
        assertThat(Tensor.of(new boolean[0]).toFloats()).isEmpty();
        assertThat(Tensor.of(FloatBuffer.allocate(0)).toFloats()).isEmpty();
        Tensor.zeros(0).copyTo(ByteBuffer.allocate(0));
        Tensor.zeros(0).copyTo(FloatBuffer.allocate(0));
    }

    @Test
    void reading_converts() {
        Tensor x = Tensor.of(new float[] {1.9f, -1.9f, 255});
        assertThat(x.toInts()).containsExactly(1, -1, 255);
        assertThat(x.toLongs()).containsExactly(1, -1, 255);
        assertThat(x.narrow(0, 2, 1).toBytes()).containsExactly(-1);
        assertThat(Tensor.of(new byte[] {-1}).toFloats()).containsExactly(255);
        assertThat(Tensor.of(new boolean[] {true}).toDoubles()).containsExactly(1);
    }

    @Test
    void a_length_that_does_not_fill_the_shape_is_refused_clearly() {
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> Tensor.of(new float[5], 2, 3))
                .withMessage("of: shape [2, 3] has 6 elements, but the data has 5");
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> Tensor.of(new float[6], -2, -3))
                .withMessage("wanted sizes of 0 or more, but the shape is [-2, -3]");
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> Tensor.of(ByteBuffer.allocate(6), DType.FLOAT32))
                .withMessage("of: 6 bytes are not a whole number of float32");
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> Tensor.of(new float[0], 1L << 40, 1L << 40))
                .withMessageContaining("more elements than 2^63");
    }

    @Test
    void a_buffer_too_small_or_read_only_is_refused_and_stays_as_it_was() {
        Tensor x = Tensor.ones(3);
        FloatBuffer floats = FloatBuffer.allocate(2);
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> x.copyTo(floats))
                .withMessage("copyTo: float32[3] needs room for 3 elements, but the buffer has room for 2");
        assertThat(floats.position()).isZero();
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> x.copyTo(ByteBuffer.allocate(11)))
                .withMessageEndingWith("but the buffer has room for 2");
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> x.copyTo(ByteBuffer.allocate(99).asReadOnlyBuffer()))
                .withMessageContaining("ReadOnlyBufferException");
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> x.narrow(0, 0, 1).expand(1L << 62).copyTo(ByteBuffer.allocate(99)));
    }

    @Test
    void every_kind_of_float_buffer_is_read_from_its_position_which_stays() {
        FloatBuffer heap =
                FloatBuffer.wrap(new float[] {9, 1, 2, 9}).position(1).limit(3);
        FloatBuffer direct =
                ByteBuffer.allocateDirect(16).order(ByteOrder.nativeOrder()).asFloatBuffer();
        direct.put(1, 1).put(2, 2).position(1).limit(3);
        FloatBuffer foreign =
                ByteBuffer.allocateDirect(8).order(ByteOrder.BIG_ENDIAN).asFloatBuffer();
        foreign.put(0, 1).put(1, 2);
        for (FloatBuffer data : new FloatBuffer[] {heap, heap.slice(), heap.asReadOnlyBuffer(), direct, foreign}) {
            int position = data.position();
            assertThat(Tensor.of(data, 2, 1).toFloats()).as("%s", data).containsExactly(1, 2);
            assertThat(data.position()).isEqualTo(position);
            assertThat(data.remaining()).isEqualTo(2);
        }
    }

    @Test
    void writing_to_a_buffer_advances_its_position() {
        Tensor x = Tensor.of(new float[] {1, 2});
        ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.nativeOrder());
        x.copyTo(bytes.position(4));
        assertThat(bytes.position()).isEqualTo(12);
        assertThat(bytes.getFloat(8)).isEqualTo(2);
        FloatBuffer floats = FloatBuffer.allocate(5).position(1);
        Tensor.arange(2).copyTo(floats);
        assertThat(floats.position()).isEqualTo(3);
        assertThat(floats.array()).containsExactly(0, 0, 1, 0, 0);
    }

    @ParameterizedTest
    @EnumSource
    void the_bytes_of_every_dtype_come_back_as_they_went_in(DType dtype) {
        Random random = new Random(3);
        byte[] data = new byte[24];
        random.nextBytes(data);
        for (int i = 0; i < data.length; i++) {
            data[i] &= 1; // a bool knows only these, and no float is NaN
        }
        Tensor x = Tensor.of(ByteBuffer.wrap(data), dtype);
        assertThat(x.dtype()).isEqualTo(dtype);
        assertThat(x.numel()).isEqualTo(24 / dtype.bytes());
        ByteBuffer out = ByteBuffer.allocateDirect(24);
        x.copyTo(out);
        byte[] back = new byte[24];
        out.get(0, back);
        assertThat(back).isEqualTo(data);
    }

    @Test
    void tensors_that_do_not_lie_row_by_row_are_read_row_by_row() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        assertThat(x.t().toFloats()).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(x.select(1, 1).toDoubles()).containsExactly(2, 5);
        assertThat(x.narrow(1, 1, 2).toInts()).containsExactly(2, 3, 5, 6);
        assertThat(Tensor.of(new long[] {7}).expand(3).toLongs()).containsExactly(7, 7, 7);
        FloatBuffer out = FloatBuffer.allocate(6);
        x.t().requiresGrad_(true).copyTo(out);
        assertThat(out.array()).containsExactly(1, 4, 2, 5, 3, 6);
    }

    @Test
    void random_shapes_come_back_as_they_went_in() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            long[] shape = random.longs(random.nextInt(5), 0, 5).toArray();
            float[] data = new float[shape.length == 0 ? random.nextInt(50) : (int) Shapes.numel(shape)];
            for (int i = 0; i < data.length; i++) {
                data[i] = (float) random.nextGaussian();
            }
            Tensor x = Tensor.of(data, shape);
            assertThat(x.toFloats()).as("seed %d", seed).isEqualTo(data);
            assertThat(x.numel()).as("seed %d", seed).isEqualTo(data.length);
        }
    }
}
