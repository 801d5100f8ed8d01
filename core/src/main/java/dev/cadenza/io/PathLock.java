package dev.cadenza.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps all others, threads and processes, from making the same file or folder at the same time.
 *
 * <p>Processes are kept out by a lock on the file {@code .NAME.lock} beside it, which is deleted afterwards and vanishes
 * as a lock when its process dies; the threads of this process, which such a lock does not tell apart, by one in memory.
 */
final class PathLock implements AutoCloseable {
    private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();
    /** A byte behind all that is written, since Windows guards locked ones. */
    private static final int LOCKED_BYTE = 1 << 20;

    private final ReentrantLock thread;
    private final Path file;
    private FileChannel channel;
    private boolean held;

    private PathLock(ReentrantLock thread, Path file) {
        this.thread = thread;
        this.file = file;
    }

    /** Wait until nobody else holds this path, whose folder must exist. */
    static PathLock of(Path path) throws IOException, InterruptedException {
        Path absolute = path.toAbsolutePath().normalize();
        PathLock lock = new PathLock(
                THREADS.computeIfAbsent(absolute, any -> new ReentrantLock()),
                absolute.resolveSibling("." + absolute.getFileName() + ".lock"));
        lock.thread.lockInterruptibly();
        try {
            while (!lock.acquired()) {
                lock.channel.close();
            }
            lock.held = true;
            return lock;
        } catch (FileLockInterruptionException | ClosedByInterruptException e) {
            lock.close();
            Thread.interrupted();
            throw new InterruptedException("while waiting for another process that makes " + path);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /**
     * Who waited may hold a file that its last holder has deleted: then the one by this name, if any, has another length.
     * It is not opened for that, since closing it would end this process's lock on it (POSIX).
     */
    private boolean acquired() throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.lock(LOCKED_BYTE, 1, false);
        int length = ThreadLocalRandom.current().nextInt(1, LOCKED_BYTE);
        channel.truncate(0);
        channel.write(ByteBuffer.allocate(1), length - 1L);
        try {
            return Files.size(file) == length;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (held) { // the file of another holder stays
                Files.deleteIfExists(file);
            }
            if (channel != null) {
                channel.close();
            }
        } finally {
            thread.unlock();
        }
    }
}
