package dev.cadenza.data;

import dev.cadenza.io.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Split by a file that lists what to validate on.
 *
 * @param file the list
 * @param lines names of files, or ends of their paths
 */
record Listed(Path file, Set<Path> lines) implements Splitter<Path> {
    static Listed in(Path file) {
        try {
            Set<Path> lines = Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .map(Path::of)
                    .collect(Collectors.toCollection(LinkedHashSet::new));
            return new Listed(file, lines);
        } catch (IOException e) {
            throw new DataException(
                    file, "wanted a text file that lists files, one a line, but: " + e, "give one in UTF-8", e);
        }
    }

    @Override
    public Split split(List<Path> items) {
        Set<Path> found = new HashSet<>();
        boolean[] mask = new boolean[items.size()];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = isListed(items.get(i), found);
        }
        List<Path> missing =
                lines.stream().filter(line -> !found.contains(line)).toList();
        if (lines.isEmpty() || !missing.isEmpty()) {
            throw new DataException(
                    file,
                    "wanted names of the " + items.size() + " items, but "
                            + (lines.isEmpty()
                                    ? "it is empty"
                                    : missing.size() + " of " + lines.size() + " lines name none, such as '"
                                            + missing.get(0) + "'"),
                    "list names as cat.jpg, or ends of paths as pets/cat.jpg");
        }
        return Splits.mask(mask.length, mask);
    }

    private boolean isListed(Path item, Set<Path> found) {
        int names = item.getNameCount();
        List<Path> matching = IntStream.range(0, names)
                .mapToObj(from -> item.subpath(from, names))
                .filter(lines::contains)
                .toList();
        found.addAll(matching);
        if (lines.contains(item)) { // an absolute path is no part of itself
            found.add(item);
            return true;
        }
        return !matching.isEmpty();
    }
}
