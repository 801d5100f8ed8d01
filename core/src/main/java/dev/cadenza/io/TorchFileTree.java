package dev.cadenza.io;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Find the weights in what was saved. */
final class TorchFileTree {
    private static final int MAX_DEPTH = 64;

    /** One for each thing and each letter of a name: shared parts could make a small file endless. */
    private static final long MAX_LETTERS = 1L << 27;

    private static final int SHOWN = 10;

    private final TorchFileContent content;
    private final Map<String, TorchFileGlobals.View> views = new LinkedHashMap<>();
    private long letters;

    private TorchFileTree(TorchFileContent content) {
        this.content = content;
    }

    /** The map of tensors that the file is, or the only one that it holds by a name. */
    static Map<String, TorchFileGlobals.View> stateDict(TorchFileContent content) {
        if (content.root() instanceof LinkedHashMap<?, ?> root && allViews(root)) {
            return new TorchFileTree(content).all(root);
        }
        Map<Object, Object> root = TorchFilePickle.map(content.root());
        List<Object> found = root.entrySet().stream()
                .filter(each -> each.getValue() instanceof LinkedHashMap<?, ?> map && !map.isEmpty() && allViews(map))
                .map(Map.Entry::getKey)
                .toList();
        if (found.size() != 1) {
            String what = found.isEmpty() ? "no dict that holds tensors alone" : "several dicts of tensors";
            throw new DataException(
                    content.reader().file(),
                    "wanted one dict of tensors, but it holds " + what + ": "
                            + shown(found.isEmpty() ? keys(root) : names(found)),
                    "choose with TorchFile.read(path, name), or take all with TorchFile.read(path, \"\")");
        }
        return new TorchFileTree(content).all(root.get(found.get(0)));
    }

    private static boolean allViews(Map<?, ?> map) {
        return map.values().stream().allMatch(TorchFileGlobals.View.class::isInstance);
    }

    /** All tensors below a name, their own names joined by dots; the empty name is above all. */
    static Map<String, TorchFileGlobals.View> under(TorchFileContent content, String name) {
        Map<String, TorchFileGlobals.View> all = new TorchFileTree(content).all(content.root());
        if (name.isEmpty()) {
            return all;
        }
        Map<String, TorchFileGlobals.View> below = new LinkedHashMap<>();
        all.forEach((each, view) -> {
            if (each.startsWith(name + ".")) {
                below.put(each.substring(name.length() + 1), view);
            }
        });
        if (below.isEmpty()) {
            throw new DataException(
                    content.reader().file(),
                    "holds no tensors below '" + name + "', only " + shown(List.copyOf(all.keySet())),
                    "give a name that stands before a dot there");
        }
        return below;
    }

    private Map<String, TorchFileGlobals.View> all(Object top) {
        collect("", top, 0);
        return views;
    }

    private void collect(String name, Object value, int depth) {
        letters += name.length() + 1;
        if (depth > MAX_DEPTH || letters > MAX_LETTERS) {
            throw content.reader().damaged("its dicts and lists hold each other without end");
        }
        String prefix = depth == 0 ? "" : name + ".";
        if (value instanceof TorchFileGlobals.View view) {
            if (views.putIfAbsent(name, view) != null) {
                throw new DataException(
                        content.reader().file(),
                        "holds two tensors whose name is '" + name + "'",
                        "choose a part of it with TorchFile.read(path, name)");
            }
        } else if (value instanceof LinkedHashMap<?, ?> map) {
            map.forEach((key, each) -> collect(prefix + text(key), each, depth + 1));
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                collect(prefix + i, list.get(i), depth + 1);
            }
        }
    }

    private static String text(Object key) {
        return key instanceof TorchFilePickle.Opaque ? "?" : key.toString();
    }

    private static List<String> keys(Map<Object, Object> map) {
        return names(List.copyOf(map.keySet()));
    }

    private static List<String> names(List<Object> keys) {
        return keys.stream().map(TorchFileTree::text).toList();
    }

    private static String shown(List<String> names) {
        String first = names.stream().limit(SHOWN).collect(Collectors.joining(", ", "[", ""));
        return first + (names.size() > SHOWN ? ", … " + (names.size() - SHOWN) + " more]" : "]");
    }
}
