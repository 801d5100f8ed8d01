package dev.cadenza.io;

import dev.cadenza.tensor.Device;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Write tensors to a file that is there whole or not at all. */
final class TensorWriter {
    private static final int WINDOW = 1 << 24;

    private final FileChannel channel;
    private final ByteBuffer window;

    /** What is written into the file. */
    interface Body {
        void write(TensorWriter writer) throws IOException;
    }

    private TensorWriter(FileChannel channel, int windowBytes) {
        this.channel = channel;
        this.window = ByteBuffer.allocateDirect(windowBytes).order(ByteOrder.nativeOrder());
    }

    static void replace(Path file, Body body) {
        replace(file, WINDOW, body);
    }

    /** Writes beside the file, lets the disk have it, and only then takes the file's name. */
    static void replace(Path file, int windowBytes, Body body) {
        Path beside = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try (FileChannel channel =
                    FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                body.write(new TensorWriter(channel, windowBytes));
                channel.force(true);
                channel.close(); // some systems rename no open file
                Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(beside); // still there only after an error
            }
        } catch (IOException e) {
            throw new DataException(
                    file,
                    "cannot be written (" + e + ")",
                    "check that the folder exists, its permissions and the space on its disk",
                    e);
        }
    }

    void bytes(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** All elements, row by row, in their own dtype. */
    void tensor(Tensor tensor) throws IOException {
        try (Scope scope = Scope.open()) {
            Tensor flat = tensor.detach().to(Device.CPU).reshape(-1);
            long numel = flat.numel();
            int step = window.capacity() / flat.dtype().bytes();
            for (long at = 0; at < numel; at += step) {
                window.clear();
                try (Tensor part = flat.narrow(0, at, Math.min(step, numel - at))) {
                    part.copyTo(window);
                }
                bytes(window.flip());
            }
        }
    }
}
