package dev.cadenza.vision;

import dev.cadenza.io.DataException;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Find the image files in a folder (fastai's {@code get_image_files}).
 *
 * <pre>{@code
 * List<Path> files = ImageFiles.in(Path.of("photos"));
 * }</pre>
 */
public final class ImageFiles {
    private static final Set<String> ENDINGS = Set.of("jpg", "jpeg", "png", "bmp", "gif", "webp");

    private ImageFiles() {}

    /**
     * List the image files in a folder and in all folders below: those whose name ends in jpg, jpeg, png, bmp, gif or webp,
     * in capitals or not. Hidden files and folders, whose names begin with a dot, are left out. Symbolic links are followed,
     * but not to a folder that they lie in.
     *
     * @return the paths, each beginning with that of the folder, in one order on all machines: by name, folder by folder, as
     *     Unicode counts
     * @throws DataException if there is no such folder, it cannot be read, or there is no image in it
     */
    public static List<Path> in(Path dir) {
        if (!Files.isDirectory(dir)) {
            throw new DataException(
                    dir,
                    Files.exists(dir) ? "wanted a folder of images, but it is a file" : "there is no such folder",
                    "give the folder that the images are in");
        }
        List<Path> found = new ArrayList<>(all(dir));
        found.removeIf(file -> !isImage(file));
        if (found.isEmpty()) {
            throw new DataException(
                    dir,
                    "wanted images in it or below, but there is no jpg, jpeg, png, bmp, gif or webp file",
                    "give the folder that the images are in");
        }
        found.sort(byCodePoints(dir));
        return List.copyOf(found);
    }

    /** All files in a folder and below that are not hidden, in no order. */
    static List<Path> all(Path dir) {
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(dir, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, into(found, dir));
        } catch (IOException e) {
            throw new DataException(dir, "it cannot be read (" + e + ")", "see to the permissions in it", e);
        }
        return found;
    }

    static FileVisitor<Path> into(List<Path> found, Path dir) {
        return new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return isHiddenFolder(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && !isHidden(file)) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                // what a loop leads to is listed already; a hidden folder that cannot be opened comes here at once
                if (e instanceof FileSystemLoopException || isHiddenFolder(file)) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            private boolean isHiddenFolder(Path folder) {
                return isHidden(folder) && !folder.equals(dir);
            }
        };
    }

    private static boolean isHidden(Path file) {
        return file.getFileName() != null && file.getFileName().toString().startsWith(".");
    }

    private static boolean isImage(Path file) {
        String name = file.getFileName().toString();
        return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT))
                && name.indexOf('.') >= 0;
    }

    /** Paths compare differently on each system: by bytes, or without regard to capitals. */
    private static Comparator<Path> byCodePoints(Path dir) {
        return (a, b) -> {
            Path first = dir.relativize(a);
            Path second = dir.relativize(b);
            int same = Math.min(first.getNameCount(), second.getNameCount());
            for (int i = 0; i < same; i++) {
                int order =
                        compare(first.getName(i).toString(), second.getName(i).toString());
                if (order != 0) {
                    return order;
                }
            }
            return Integer.compare(first.getNameCount(), second.getNameCount());
        };
    }

    private static int compare(String a, String b) {
        return Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
    }
}
