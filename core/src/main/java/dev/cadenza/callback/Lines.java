package dev.cadenza.callback;

import dev.cadenza.train.EpochRecord;
import java.util.List;
import java.util.Locale;

/** The lines that {@link Progress} prints. */
final class Lines {
    private static final int WIDTH = 10;
    private static final int LONGEST_BAR = 40;
    private static final int SHORTEST_BAR = 5;

    private Lines() {}

    static String header(List<String> names) {
        StringBuilder line = new StringBuilder("epoch");
        names.forEach(name -> line.append("  ").append(right(name, WIDTH)));
        return line.append("  ").append(right("time", 8)).toString();
    }

    /** A value that an epoch does not have, as without validation, is a dash. */
    static String row(EpochRecord epoch, List<String> names) {
        StringBuilder line = new StringBuilder(right(String.valueOf(epoch.epoch()), 5));
        for (String name : names) {
            Double value = epoch.values().get(name);
            String text = value == null ? "-" : number(value, 6);
            line.append("  ").append(right(text, Math.max(WIDTH, name.length())));
        }
        return line.append("  ")
                .append(right(time(epoch.seconds()), 8))
                .append(waiting(epoch))
                .toString();
    }

    /** Says that the data was too slow, where it was; a second is not worth a word. */
    private static String waiting(EpochRecord epoch) {
        double share = epoch.secondsWaiting() / epoch.seconds();
        return share > 0.1 && epoch.secondsWaiting() > 1
                ? String.format(Locale.ROOT, "  (%.0f%% waiting for data)", 100 * share)
                : "";
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    /** Fits what is given into less than {@code columns}, since a full line makes some terminals begin a new one. */
    static String bar(String head, int done, int total, String tail, int columns) {
        int percent = (int) (100L * done / total);
        String counts = String.format(Locale.ROOT, "%3d%%  %d/%d%s", percent, done, total, tail);
        int room = Math.min(LONGEST_BAR, columns - 1 - head.length() - counts.length() - " [] ".length());
        if (room < SHORTEST_BAR) {
            String line = head + " " + counts;
            return line.substring(0, Math.min(line.length(), columns - 1));
        }
        int filled = (int) ((long) room * done / total);
        String tip = filled < room ? ">" : "";
        String rest = " ".repeat(room - filled - tip.length());
        return head + " [" + "=".repeat(filled) + tip + rest + "] " + counts;
    }

    /** Says how fast samples go and how long the rest takes, which is {@code rest} times what is done. */
    static String pace(long samples, double seconds, double rest) {
        return String.format(Locale.ROOT, "%,d/s  %s left", Math.round(samples / seconds), time(rest * seconds));
    }

    /** Keeps a column aligned at its decimal point; numbers too large or too small for that get an exponent. */
    static String number(double value, int digits) {
        double size = Math.abs(value);
        boolean plain = !Double.isFinite(value) || size == 0 || (size < 1000 && size >= Math.pow(10, -digits));
        return String.format(Locale.ROOT, "%." + (plain ? digits + "f" : "3e"), value);
    }

    static String time(double seconds) {
        if (seconds < 60) {
            return String.format(Locale.ROOT, "%.1fs", seconds);
        }
        long s = Math.round(seconds);
        return s < 3600
                ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
    }
}
