package dev.cadenza.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tell the label of an item; any function from the item to a String does too, such as {@code Row::kind}.
 *
 * <pre>{@code
 * Block<Path> byFolder = CategoryBlock.of(Labels.parent());
 * Block<Path> byName = CategoryBlock.of(Labels.regex("(\\w+)_\\d+\\.jpg$"));
 * Block<Map<String, String>> byColumn = CategoryBlock.of(Labels.column("kind"));
 * }</pre>
 */
public final class Labels {
    private Labels() {}

    /** Label a file by the folder that it lies in ({@code parent_label}); that of {@code train/cat/1.jpg} is cat. */
    public static Function<Path, String> parent() {
        return file -> {
            int names = file.getNameCount();
            if (names < 2) {
                throw new IllegalArgumentException(
                        "wanted a file in a folder, which is its label, but got: " + file + "; give longer paths");
            }
            return file.getName(names - 2).toString();
        };
    }

    /**
     * Label an item by what group 1 of a pattern finds first in its text ({@code RegexLabeller}).
     *
     * @param pattern a regular expression with a group, searched for in {@code item.toString()}; the parts of a path are
     *     separated by {@code /} on every system
     * @return a function that throws IllegalArgumentException where the pattern finds nothing
     * @throws IllegalArgumentException if it is no regular expression, or has no group
     */
    public static Function<Object, String> regex(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        if (compiled.matcher("").groupCount() < 1) {
            throw new IllegalArgumentException(
                    "wanted a pattern with a group in parentheses, which is the label, but got: " + pattern);
        }
        return item -> {
            String text = item instanceof Path path
                    ? path.toString().replace(path.getFileSystem().getSeparator(), "/")
                    : String.valueOf(item);
            Matcher matcher = compiled.matcher(text);
            if (!matcher.find() || matcher.group(1) == null) {
                throw new IllegalArgumentException("wanted a label by the pattern " + pattern
                        + ", but it finds none in: " + text + "; change the pattern, or leave the item out");
            }
            return matcher.group(1);
        };
    }

    /**
     * Label a row by one of its columns ({@code ColReader}).
     *
     * @return a function that throws IllegalArgumentException where the row has no such column: says which it has
     */
    public static Function<Map<String, String>, String> column(String name) {
        return row -> {
            if (!row.containsKey(name)) {
                throw new IllegalArgumentException("wanted a column '" + name + "', but the row has only: "
                        + Items.some(row.keySet().stream().sorted().toList()));
            }
            return row.get(name);
        };
    }

    /**
     * Cut a text into several labels, for {@link MultiCategoryBlock}; blanks around them do not count, and a blank or
     * missing text has none.
     *
     * @param text what to cut, such as {@code Row::tags}
     * @param delimiter what stands between two labels, such as {@code ","} or a blank; not a pattern
     * @throws IllegalArgumentException if the delimiter is empty
     */
    public static <T> Function<T, List<String>> delimited(Function<? super T, String> text, String delimiter) {
        if (delimiter.isEmpty()) {
            throw new IllegalArgumentException("wanted a delimiter of at least one character, but got none");
        }
        Pattern between = Pattern.compile(Pattern.quote(delimiter));
        return item -> {
            String all = text.apply(item);
            return all == null
                    ? List.of()
                    : Arrays.stream(between.split(all))
                            .map(String::strip)
                            .filter(label -> !label.isEmpty())
                            .toList();
        };
    }
}
