package dev.cadenza.vision;

import dev.cadenza.io.DataException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks at the folder of a data set before it is handed out. */
final class Folders {
    private Folders() {}

    /** Return this folder if it has these parts. */
    static Path with(Path folder, String... parts) {
        for (String part : parts) {
            if (!Files.isDirectory(folder.resolve(part))) {
                throw new DataException(
                        folder,
                        "wanted the folders " + String.join(" and ", parts) + " in it, but there is no " + part,
                        "delete or move it, so that the data set is extracted or downloaded again");
            }
        }
        return folder;
    }
}
