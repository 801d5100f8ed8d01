package dev.cadenza.vision;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.data.Batch;
import dev.cadenza.data.BatchTransform;
import dev.cadenza.data.Draw;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import dev.cadenza.testing.InScope;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What cannot be varied, and options that make no sense. */
@ExtendWith(InScope.class)
class AugmentInputTest {
    private static final int N = 8;

    @Test
    void what_cannot_be_varied_is_refused_in_a_sentence() {
        assertRefused(
                Augment.flip(),
                Tensor.zeros(DType.UINT8, N, 3, 4, 4),
                "Augment: wanted images [N, C, H, W] of float32"
                        + " or float64, but got uint8[8, 3, 4, 4]; bytes become such by to(DType.FLOAT32).div(255)");
        assertRefused(
                Augment.flip(),
                Tensor.zeros(N, 4, 4),
                "Augment: wanted images [N, C, H, W] of float32 or float64, but"
                        + " got float32[8, 4, 4]; bytes become such by to(DType.FLOAT32).div(255)");
        assertRefused(
                Augment.flip(),
                Tensor.zeros(3, 3, 4, 4),
                "Augment: wanted one draw for each image of float32[3, 3, 4," + " 4], but got 8 draws");
        assertRefused(
                Augment.erasing(),
                Tensor.zeros(3, 3, 4, 4),
                "RandomErasing: wanted floating-point images and one draw"
                        + " for each, but got float32[3, 3, 4, 4] and 8 draws");
        assertRefused(
                Augment.contrast(0.2),
                Tensor.full(-1, N, 3, 4, 4),
                "Augment: wanted pixels from 0 to 1, but got -1.0"
                        + " to -1.0; let it come after the division by 255 and before normalisation");
        assertRefused(
                Augment.contrast(0.2),
                Tensor.full(Double.NaN, N, 3, 4, 4),
                "Augment: wanted pixels from 0 to 1, but"
                        + " got NaN to NaN; let it come after the division by 255 and before normalisation");
    }

    private static void assertRefused(BatchTransform transform, Tensor images, String message) {
        List<Draw> draws = LongStream.range(0, N).mapToObj(Draw::of).toList();
        assertThatThrownBy(() -> transform.apply(Batch.of(images, Tensor.zeros(images.size(0))), draws))
                .isInstanceOf(TensorException.class)
                .hasMessage(message);
    }

    @Test
    void options_out_of_range_are_refused() {
        assertWrong(() -> Augment.flip(1.1), "wanted p from 0 to 1, but got: 1.1");
        assertWrong(() -> Augment.rotate(-1), "wanted degrees from 0 to 360, but got: -1.0");
        assertWrong(() -> Augment.zoom(1.2, 1.1), "wanted a least factor above 0 and up to 1.1, but got: 1.2");
        assertWrong(() -> Augment.warp(0.7), "wanted a magnitude from 0 to 0.5, but got: 0.7");
        assertWrong(() -> Augment.warp(0.2, -1), "wanted p from 0 to 1, but got: -1.0");
        assertWrong(() -> Augment.brightness(1), "wanted a maximum of at least 0 and below 1, but got: 1.0");
        assertWrong(
                () -> Augment.randomResizedCrop(o -> o.minScale = 0),
                "wanted minScale above 0 and up to 1.0, but got: 0.0");
        assertWrong(() -> Augment.of(o -> o.size = -1), "wanted size from 1 to 32768, or 0, but got: -1");
        assertWrong(() -> Augment.of(o -> o.width = 3), "wanted size beside width = 3, but got: 0");
        assertThatThrownBy(() -> Augment.of(o -> o.padding = null)).isInstanceOf(NullPointerException.class);
        assertWrong(() -> Augment.erasing(o -> o.sh = 2), "wanted sh of at most 1, but got: 2.0");
    }

    private static void assertWrong(Runnable call, String message) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
