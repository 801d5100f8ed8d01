package dev.cadenza.train;

import dev.cadenza.io.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

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
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("epoch", epoch);
        json.put("iteration", iteration);
        json.put("event", event == null ? null : event.name());
        json.put("callback", callback);
        json.put("what", what);
        json.put("from", from);
        json.put("to", to);
        json.put("why", why);
        json.values().removeIf(Objects::isNull);
        return Json.line(json);
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
