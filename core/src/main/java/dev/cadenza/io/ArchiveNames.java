package dev.cadenza.io;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Decides which names in an archive may become files. */
final class ArchiveNames {
    private static final Set<String> WINDOWS_DEVICES = Set.of("con", "prn", "aux", "nul");
    private static final Pattern WINDOWS_PORT = Pattern.compile("(com|lpt)[0-9¹²³]");
    private static final int LONGEST_SHOWN = 100;

    private ArchiveNames() {}

    /** Return why this name is refused, or null if it is good. */
    static String problem(String name, boolean windows) {
        if (name.isEmpty()) {
            return "is empty";
        }
        if (name.chars().anyMatch(c -> c < ' ' || c == 0x7F)) {
            return "has a control character";
        }
        if (name.startsWith("/") || name.matches("[A-Za-z]:.*")) {
            return "is absolute";
        }
        if (name.indexOf('\\') >= 0) {
            return "has a backslash";
        }
        for (String part : name.split("/")) {
            if (part.equals("..")) {
                return "leads out of its folder";
            }
            if (windows && !part.equals(".") && badOnWindows(part)) {
                return "cannot be a file's name on Windows";
            }
        }
        return null;
    }

    private static boolean badOnWindows(String part) {
        String stem = part.toLowerCase(Locale.ROOT).split("\\.", 2)[0].strip();
        return part.chars().anyMatch(c -> "<>:\"|?*".indexOf(c) >= 0)
                || part.endsWith(".")
                || part.endsWith(" ")
                || WINDOWS_DEVICES.contains(stem)
                || WINDOWS_PORT.matcher(stem).matches();
    }

    /** Split a good name into the folders and the file that it names, without empty ones and {@code .}. */
    static List<String> parts(String name) {
        List<String> parts = new ArrayList<>(List.of(name.split("/")));
        parts.removeIf(part -> part.isEmpty() || part.equals("."));
        return parts;
    }

    /** Make a name fit to be shown: no control characters, which could change what a terminal shows, and not too long. */
    static String shown(String name) {
        String clean = name.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= LONGEST_SHOWN ? clean : clean.substring(0, LONGEST_SHOWN) + "…";
    }
}
