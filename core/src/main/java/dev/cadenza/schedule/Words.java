package dev.cadenza.schedule;

import java.util.Locale;

/** The words by which schedules show themselves. */
final class Words {
    private Words() {}

    static String fromTo(String name, double start, double end) {
        return name + "(" + number(start) + " → " + number(end) + ")";
    }

    /** Show six digits, which hides what rounding leaves in a sum of shares. */
    static String number(double value) {
        String rounded = Double.toString(Double.parseDouble(String.format(Locale.ROOT, "%.5e", value)));
        return rounded.replaceFirst("\\.0(?=E|$)", "");
    }

    static String piece(Schedule piece) {
        if (piece instanceof Combined combined && combined.isJoint()) {
            return "(" + combined + ")";
        }
        // the own words of a lambda are its class and its address, which differ from run to run
        return piece.getClass().isHidden() ? "a lambda" : piece.toString();
    }
}
