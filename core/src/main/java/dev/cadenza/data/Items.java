package dev.cadenza.data;

import java.util.List;
import java.util.function.Supplier;

/** Name items in errors. */
final class Items {
    private static final int LONG = 120;

    private Items() {}

    /** Run; what is thrown leaves as it was, and says of which item it was. */
    static <R> R name(Supplier<R> run, String doing, Object item) {
        try {
            return run.get();
        } catch (RuntimeException e) {
            e.addSuppressed(new IllegalStateException("while " + doing + " " + describe(item)));
            throw e;
        }
    }

    /** The item in a few words: rows of tables are long. */
    static String describe(Object item) {
        String text = String.valueOf(item);
        return text.length() <= LONG ? text : text.substring(0, LONG) + "…";
    }

    /** Some of many names. */
    static String some(List<String> names) {
        int shown = 20;
        return names.size() <= shown
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, shown)) + " and " + (names.size() - shown) + " more";
    }
}
