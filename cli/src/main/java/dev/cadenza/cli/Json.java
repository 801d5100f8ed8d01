package dev.cadenza.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.jr.ob.JSON;

/** Writes JSON that every reader understands: numbers that JSON does not know (NaN, Infinity) become null. */
final class Json {
    private static final JSON LINE = JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES);
    private static final JSON PRETTY = LINE.with(JSON.Feature.PRETTY_PRINT_OUTPUT);

    private Json() {}

    static String line(Map<String, ?> values) {
        return LINE.asString(finite(values));
    }

    static String pretty(Map<String, ?> values) {
        return PRETTY.asString(finite(values)) + "\n";
    }

    private static Map<String, Object> finite(Map<String, ?> values) {
        Map<String, Object> finite = new LinkedHashMap<>(values);
        finite.replaceAll((name, value) -> value instanceof Double d && !Double.isFinite(d) ? null : value);
        return finite;
    }
}
