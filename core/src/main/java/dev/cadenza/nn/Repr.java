package dev.cadenza.nn;

import java.math.BigDecimal;
import java.util.Locale;

/** Write values as Python does, so that a printed module reads like PyTorch's. */
final class Repr {
    private Repr() {}

    static String bool(boolean value) {
        return value ? "True" : "False";
    }

    /** A float: {@code 0.1}, {@code 1.0}, {@code 1e-05}. */
    static String number(double value) {
        BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        int exponent = decimal.precision() - decimal.scale() - 1;
        if (value == 0 || (exponent >= -4 && exponent < 16)) {
            return decimal.scale() <= 0 ? decimal.toBigInteger() + ".0" : decimal.toPlainString();
        }
        String digits = decimal.unscaledValue().toString();
        String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
        return String.format(Locale.ROOT, "%s%se%+03d", digits.charAt(0), fraction, exponent);
    }

    /** A pair for height and width: {@code (3, 3)}. */
    static String pair(long[] pair) {
        return "(" + pair[0] + ", " + pair[1] + ")";
    }

    /** A pair whose halves are mostly the same: {@code 3}, or {@code (3, 2)}. */
    static String oneOrPair(long[] pair) {
        return pair[0] == pair[1] ? Long.toString(pair[0]) : pair(pair);
    }
}
