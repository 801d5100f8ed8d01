package dev.cadenza.vision.models;

import dev.cadenza.nn.AvgPool2d;
import dev.cadenza.nn.MaxPool2d;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import java.util.List;

/** How a network makes images smaller, to {@code ⌈H/stride⌉} by {@code ⌈W/stride⌉}. */
public enum Pool {
    /** By the average of each window. */
    AVG {
        @Override
        Module of(long channels, int stride) {
            return new AvgPool2d(stride, o -> o.ceilMode = true);
        }
    },
    /** By the largest value of each window. */
    MAX {
        @Override
        Module of(long channels, int stride) {
            return new MaxPool2d(stride, o -> o.ceilMode = true);
        }
    },
    /** By the largest value around each pixel, and then {@link BlurPool}: a shift of the image changes little. */
    MAX_BLUR {
        @Override
        Module of(long channels, int stride) {
            MaxPool2d around = new MaxPool2d(3, o -> {
                o.stride = 1;
                o.padding = 1;
            });
            return new MaxBlurPool(around, new BlurPool(channels, stride));
        }
    };

    private static final class MaxBlurPool extends Sequential {
        MaxBlurPool(Module max, Module blur) {
            super(List.of(max, blur));
        }
    }

    abstract Module of(long channels, int stride);
}
