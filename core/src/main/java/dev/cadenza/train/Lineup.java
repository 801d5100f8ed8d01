package dev.cadenza.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Who plays at each event, in order; computed when a fit begins. */
final class Lineup {
    private final List<Callback> callbacks;
    private final Map<Event, int[]> players = new EnumMap<>(Event.class);

    Lineup(List<Callback> added) {
        callbacks = sort(added);
        for (Event event : Event.values()) {
            players.put(event, playersAt(event));
        }
    }

    /** The places, in the order of callbacks, of those who play at an event. */
    int[] at(Event event) {
        return players.get(event);
    }

    Callback callback(int place) {
        return callbacks.get(place);
    }

    List<Callback> callbacks() {
        return callbacks;
    }

    /** Those with a state to keep, each by a name of its own. */
    Map<String, Stateful> stateful() {
        Map<String, Stateful> named = new LinkedHashMap<>();
        for (Callback callback : callbacks) {
            if (callback instanceof Stateful stateful) {
                String name = name(callback);
                for (int i = 2; named.containsKey(name); i++) {
                    name = name(callback) + "#" + i;
                }
                named.put(name, stateful);
            }
        }
        return named;
    }

    private int[] playersAt(Event event) {
        int[] places = new int[callbacks.size()];
        int count = 0;
        for (int place = 0; place < places.length; place++) {
            if (plays(callbacks.get(place), event)) {
                places[count++] = place;
            }
        }
        return Arrays.copyOf(places, count);
    }

    private static boolean plays(Callback callback, Event event) {
        if (callback instanceof AtEvents at) {
            return at.events().contains(event);
        }
        try {
            return callback.getClass().getMethod(hook(event), Learner.class).getDeclaringClass() != Callback.class;
        } catch (NoSuchMethodException e) {
            throw new AssertionError("Callback has no hook for " + event, e);
        }
    }

    /** The name of an event's hook: {@code BEFORE_FIT} is {@code beforeFit}. */
    static String hook(Event event) {
        String[] words = event.name().toLowerCase(Locale.ROOT).split("_");
        return words[0]
                + Arrays.stream(words)
                        .skip(1)
                        .map(w -> Character.toUpperCase(w.charAt(0)) + w.substring(1))
                        .collect(Collectors.joining());
    }

    /** Takes again and again, of those that need wait for nobody, the first by order and then by adding. */
    private static List<Callback> sort(List<Callback> added) {
        List<Callback> waiting = new ArrayList<>(added);
        waiting.sort(Comparator.comparingDouble(Callback::order)); // stable
        List<Callback> sorted = new ArrayList<>();
        while (!waiting.isEmpty()) {
            Callback next = waiting.stream()
                    .filter(c -> waiting.stream().noneMatch(other -> mustPrecede(other, c)))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("the callbacks cannot be ordered: " + cycle(waiting)
                            + "; change their runAfter() or runBefore()"));
            waiting.remove(next);
            sorted.add(next);
        }
        return List.copyOf(sorted);
    }

    private static boolean mustPrecede(Callback first, Callback second) {
        if (first == second) { // naming a type of its own means the others of that type, unless it is exactly its own
            return first.runAfter().contains(first.getClass())
                    || first.runBefore().contains(first.getClass());
        }
        return second.runAfter().stream().anyMatch(type -> type.isInstance(first))
                || first.runBefore().stream().anyMatch(type -> type.isInstance(second));
    }

    /** Names a cycle among callbacks of which each waits for another. */
    private static String cycle(List<Callback> waiting) {
        List<Callback> path = new ArrayList<>();
        Callback at = waiting.get(0);
        while (!path.contains(at)) {
            path.add(at);
            Callback current = at;
            at = waiting.stream()
                    .filter(c -> mustPrecede(c, current))
                    .findFirst()
                    .orElseThrow();
        }
        List<Callback> cycle = new ArrayList<>(path.subList(path.indexOf(at), path.size()));
        cycle.add(at);
        return cycle.stream().map(Lineup::name).collect(Collectors.joining(" waits for "));
    }

    static <T extends Callback> T find(Class<T> type, List<Callback> callbacks) {
        return callbacks.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "no " + type.getSimpleName() + " was added; there is " + names(callbacks)));
    }

    static List<String> names(List<Callback> callbacks) {
        return callbacks.stream().map(Lineup::name).toList();
    }

    static String name(Callback callback) {
        String simple = callback.getClass().getSimpleName();
        return callback instanceof AtEvents || simple.isEmpty() ? callback.toString() : simple;
    }
}
