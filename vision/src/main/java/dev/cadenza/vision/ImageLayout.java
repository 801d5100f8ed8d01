package dev.cadenza.vision;

import dev.cadenza.data.Datasets;
import dev.cadenza.data.Splitter;
import dev.cadenza.io.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the images of a folder lie: which parts and which classes.
 *
 * @param dir all of it
 * @param train the folder of the classes to train on
 * @param valid the folder of the classes to validate on; null if there is none
 * @param files the images in both
 */
record ImageLayout(Path dir, Path train, Path valid, List<Path> files) {
    private static final Logger LOG = LoggerFactory.getLogger(ImageLayout.class);

    static ImageLayout of(Path dir) {
        List<Path> all = ImageFiles.in(dir); // says what is wrong with the folder
        Path train = dir.resolve("train");
        if (folders(train).isEmpty()) { // else it is a class: of vehicles, perhaps
            return new ImageLayout(dir, dir, null, all).requireClasses();
        }
        Path valid = Stream.of("valid", "val", "test")
                .map(dir::resolve)
                .filter(Files::isDirectory)
                .findFirst()
                .orElse(null);
        List<Path> files = valid == null
                ? ImageFiles.in(train)
                : Stream.concat(ImageFiles.in(train).stream(), ImageFiles.in(valid).stream())
                        .toList();
        return new ImageLayout(dir, train, valid, files).requireClasses();
    }

    /** The folders in a folder, without hidden ones; none if it is no folder. */
    private static List<Path> folders(Path dir) {
        if (!Files.isDirectory(dir)) {
            return List.of();
        }
        try (Stream<Path> inside = Files.list(dir)) {
            return inside.filter(path -> Files.isDirectory(path)
                            && !path.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new DataException(dir, "it cannot be read (" + e + ")", "see to the permissions in it", e);
        }
    }

    /** An output of the model that nothing trains would be a silent wrong number. */
    private ImageLayout requireClasses() {
        Set<Path> used = new HashSet<>();
        for (Path file : files) {
            Path below = part(file).relativize(file);
            if (below.getNameCount() < 2) {
                throw new DataException(
                        file,
                        "wanted images in a folder for each class, but this one is in none, right in " + part(file),
                        "move it into the folder of its class");
            }
            used.add(part(file).resolve(below.getName(0)));
        }
        for (Path folder : folders(train)) {
            if (!used.contains(folder)) {
                throw new DataException(
                        folder,
                        "wanted images of this class to train on, but there is none",
                        "add some, or take the folder away");
            }
        }
        return this;
    }

    private Path part(Path file) {
        return isValid(file) ? valid : train;
    }

    private boolean isValid(Path file) {
        return valid != null && file.startsWith(valid);
    }

    /** The class of an image: the folder right below that of its part. */
    String label(Path file) {
        return part(file).relativize(file).getName(0).toString();
    }

    Splitter<Path> splitter(double validShare, long seed) {
        Splitter<Path> random = Splitter.stratified(validShare, seed, this::label);
        return valid == null ? random : Splitter.function(this::isValid);
    }

    void log(Datasets sets) {
        if (!LOG.isInfoEnabled()) {
            return; // counting a million files takes seconds
        }
        long others = others();
        LOG.info(
                "{}: {} images to train on, {} to validate on, classes: {}{}",
                dir,
                sets.train().size(),
                sets.valid().size(),
                sets.classes().size(),
                others == 0 ? "" : "; " + others + " other files left out");
    }

    /** How many files there are, in folders and with names that are not hidden, that are no images. */
    long others() {
        Set<Path> images = new HashSet<>(files);
        return others(train, images) + (valid == null ? 0 : others(valid, images));
    }

    private static long others(Path folder, Set<Path> images) {
        return ImageFiles.all(folder).stream()
                .filter(file -> !images.contains(file))
                .count();
    }
}
