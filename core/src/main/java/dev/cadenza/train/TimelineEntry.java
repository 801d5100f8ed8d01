package dev.cadenza.train;

import java.util.Locale;

/**
 * Tell one thing that happened in a fit; see {@link Timeline}.
 *
 * @param epoch which one, from 0; -1 before the first
 * @param iteration how many training batches were done
 * @param event where in the loop, or null at the end of the fit
 * @param callback the name of the callback that did it, or {@code fit}
 * @param what was changed or done: {@code lr}, {@code loss}, {@code cancel STEP}, {@code checkpoint}, {@code end}
 * @param from the old value, or null
 * @param to the new value, or null
 * @param why the reason, or null
 */
public record TimelineEntry(
        int epoch, int iteration, Event event, String callback, String what, String from, String to, String why) {
    /** Write it as an object of JSON on one line; what is null is left out. */
    public String toJson() {
        StringBuilder json = new StringBuilder("{\"epoch\":" + epoch + ",\"iteration\":" + iteration);
        put(json, "event", event == null ? null : event.name());
        put(json, "callback", callback);
        put(json, "what", what);
        put(json, "from", from);
        put(json, "to", to);
        put(json, "why", why);
        return json.append('}').toString();
    }

    private static void put(StringBuilder json, String name, String value) {
        if (value != null) {
            json.append(",\"").append(name).append("\":\"");
            value.chars().forEach(c -> json.append(escaped((char) c)));
            json.append('"');
        }
    }

    private static String escaped(char c) {
        if (c == '"' || c == '\\') {
            return "\\" + c;
        }
        return c < ' ' ? String.format(Locale.ROOT, "\\u%04x", (int) c) : String.valueOf(c);
    }

    /** Write it in words: {@code epoch 3, iteration 1876, AFTER_EPOCH: ReduceLROnPlateau: lr 0.1 → 0.01 (…)}. */
    @Override
    public String toString() {
        String change = from == null && to == null ? "" : " " + (from == null ? "" : from + " → ") + to;
        return (epoch < 0 ? "" : "epoch " + epoch + ", ") + "iteration " + iteration
                + (event == null ? "" : ", " + event) + ": " + callback + ": " + what + change
                + (why == null ? "" : " (" + why + ")");
    }
}
