package dev.cadenza.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.tensor.Tensor;

/** Compare tensors as the golden files say: {@code |got - want| ≤ atol + rtol · |want|}, NaN and ∞ equal to themselves. */
public final class Close {
    private Close() {}

    /** Fail at the first element that differs, or if shape or dtype do. */
    public static void assertClose(String what, Tensor got, Tensor want, double rtol, double atol) {
        assertThat(got.describe()).as(what).isEqualTo(want.describe());
        assertClose(what, got.toDoubles(), want.toDoubles(), rtol, atol);
    }

    /** Fail at the first element that differs. */
    public static void assertClose(String what, double[] got, double[] want, double rtol, double atol) {
        assertThat(got).as(what).hasSameSizeAs(want);
        for (int i = 0; i < got.length; i++) {
            boolean same = Double.compare(got[i], want[i]) == 0
                    || Math.abs(got[i] - want[i]) <= atol + rtol * Math.abs(want[i]);
            assertThat(same)
                    .as("%s, element %d: got %s, want %s", what, i, got[i], want[i])
                    .isTrue();
        }
    }
}
