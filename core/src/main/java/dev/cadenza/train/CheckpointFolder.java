package dev.cadenza.train;

import dev.cadenza.io.DataException;
import dev.cadenza.io.SealedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keep the checkpoints of one run in a folder, each in a folder of its own, whose name says where it stands.
 *
 * <pre>{@code
 * try (Checkpoint newest = new CheckpointFolder(dir.resolve("checkpoints")).newest()) {
 *     System.out.println(newest.position());
 *     model.loadStateDict(newest.model());
 * }
 * }</pre>
 */
public final class CheckpointFolder {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointFolder.class);
    private static final String NAME = "fit\\d{3,}-epoch\\d{6,}(-batch\\d{9,}|-validate)?";

    private final Path dir;

    /** Use a folder, which is made with the first checkpoint. */
    public CheckpointFolder(Path dir) {
        this.dir = dir;
    }

    /**
     * Return the folders of checkpoints, damaged ones too, in the order of their positions; none if there is no folder.
     *
     * @throws DataException if the folder cannot be read
     */
    public List<Path> list() {
        if (Files.notExists(dir)) {
            return List.of();
        }
        try (Stream<Path> content = Files.list(dir)) {
            return content.filter(each -> each.getFileName().toString().matches(NAME))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new DataException(dir, "cannot be read (" + e + ")", "check its permissions and its disk", e);
        }
    }

    /**
     * Make the folder, if there is none, and clear away what writers that died left in it.
     *
     * @throws DataException if that cannot be done
     */
    public void prepare() {
        try {
            Files.createDirectories(dir);
        } catch (IOException e) {
            throw new DataException(
                    dir, "cannot be made (" + e + ")", "check its permissions, or name another folder", e);
        }
        if (!Files.isWritable(dir)) {
            throw new DataException(dir, "is read-only", "check its permissions, or name another folder");
        }
        SealedFolder.recover(dir);
    }

    /**
     * Return the folder that a checkpoint of a training has, if it is taken now.
     *
     * @throws IllegalStateException where none can be taken
     */
    public Path path(Learner learn) {
        return dir.resolve(Position.of(learn.state).folderName());
    }

    /**
     * Write a checkpoint under the name of its position.
     *
     * @return its folder
     * @throws DataException if it cannot be written; the others are as they were
     */
    public Path write(Checkpoint checkpoint) {
        Path folder = dir.resolve(checkpoint.position().folderName());
        checkpoint.write(folder);
        return folder;
    }

    /**
     * Delete all checkpoints but the last ones up to the one that was just written. Those behind it go, too: they are of a
     * run that was resumed at an earlier place, since they were damaged or its data were others, and that goes on from
     * there.
     *
     * @param written by {@link #write}
     * @param count how many to keep, at least 1
     * @param spared checkpoints to keep beyond these
     * @throws IllegalArgumentException if {@code written} is none of this folder, or {@code count} is below 1; then nothing
     *     is deleted
     */
    public void keep(Path written, int count, Collection<Path> spared) {
        List<Path> all = list();
        int end = all.indexOf(written) + 1;
        if (end == 0 || count < 1) {
            throw new IllegalArgumentException(
                    "wanted a checkpoint in " + dir + " and 1 or more to keep, but got " + written + " and " + count);
        }
        List<Path> kept = all.subList(Math.max(0, end - count), end);
        all.stream()
                .filter(folder -> !kept.contains(folder) && !spared.contains(folder))
                .forEach(SealedFolder::delete);
    }

    /**
     * Read the newest checkpoint that is whole; damaged ones are named in the log and passed over.
     *
     * @throws DataException if there is none: names the damage, if any
     */
    public Checkpoint newest() {
        List<Path> all = list();
        DataException damage = null;
        for (int i = all.size() - 1; i >= 0; i--) {
            try {
                return Checkpoint.read(all.get(i));
            } catch (DataException e) {
                LOG.warn("passed over a damaged checkpoint: {}", e.getMessage());
                damage = damage == null ? e : damage;
            }
        }
        throw damage == null
                ? new DataException(dir, "has no checkpoint", "name the folder of one, or train from the start")
                : new DataException(
                        dir, "has no checkpoint that is whole: " + damage.getMessage(), "train from the start", damage);
    }
}
