package dev.cadenza.io;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Draws a bar in a terminal, ten times a second at most. */
final class DownloadBar implements DownloadProgress {
    private static final int BAR = 24;
    private static final long REDRAW_NANOS = 100_000_000;

    private final String name;
    private final PrintStream out;
    private final LongSupplier nanos;
    private long begun;
    private long before = -1;
    private long drawnAt;
    private String line = "";
    private int drawn;

    DownloadBar(String name, PrintStream out, LongSupplier nanos) {
        this.name = name;
        this.out = out;
        this.nanos = nanos;
    }

    @Override
    public void at(long done, long total) {
        long now = nanos.getAsLong();
        boolean first = before < 0 || done < before; // a download that starts afresh has a speed of its own
        if (first) {
            before = done;
            begun = now;
        }
        line = line(done, total, (now - begun) / 1e9);
        if (first || now - drawnAt >= REDRAW_NANOS) {
            drawnAt = now;
            draw();
        }
    }

    @Override
    public void end() {
        if (before >= 0) {
            draw();
            out.println();
            before = -1;
            drawn = 0;
        }
    }

    private void draw() {
        // The cursor waits at the start of the line, so that what others print there hides the bar, not itself.
        out.print(line + " ".repeat(Math.max(0, drawn - line.length())) + "\r");
        out.flush();
        drawn = line.length();
    }

    private String line(long done, long total, double seconds) {
        double speed = seconds > 0 ? (done - before) / seconds : 0;
        String pace = speed > 0 ? "  " + size((long) speed) + "/s" : "";
        if (total <= 0) {
            return name + "  " + size(done) + pace;
        }
        double share = Math.min(1, (double) done / total);
        int filled = (int) (BAR * share);
        String bar = "=".repeat(filled) + (filled < BAR ? ">" + " ".repeat(BAR - filled - 1) : "");
        String left =
                speed > 0 && done < total ? String.format(Locale.ROOT, "  %.0fs left", (total - done) / speed) : "";
        return String.format(
                        Locale.ROOT, "%s [%s] %3d%%  %s of %s", name, bar, (int) (100 * share), size(done), size(total))
                + pace
                + left;
    }

    /** Writes bytes for people: {@code 135.1 MB}, in powers of 1000. */
    static String size(long bytes) {
        String[] units = {"bytes", "kB", "MB", "GB", "TB", "PB", "EB"};
        double value = bytes;
        int unit = 0;
        while (value >= 999.95 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return unit == 0 ? bytes + " bytes" : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }
}
