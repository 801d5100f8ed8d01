package dev.cadenza.io;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.Golden;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import tools.jackson.jr.ob.JSON;

/** The files beside make_fixtures.py, which Python wrote, and what they must hold. */
final class Fixture {
    private Fixture() {}

    static Path file(String name) {
        try {
            return Path.of(Fixture.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Compares names, their order, dtypes, shapes and all elements, exactly, with NAME.json. */
    static void assertHolds(String name, Map<String, Tensor> tensors) throws IOException {
        Map<String, Object> want;
        try (InputStream json = Fixture.class.getResourceAsStream(name + ".json")) {
            want = JSON.std.mapFrom(json);
        }
        assertThat(tensors.keySet()).containsExactlyInAnyOrderElementsOf(want.keySet());
        want.forEach((key, tensor) -> assertClose(name + " " + key, tensors.get(key), Golden.tensor(tensor), 0, 0));
    }

    /** What follows the file's name in the refusal of a file. */
    static String refusal(Path file, ThrowingCallable reading) {
        DataException refusal = catchThrowableOfType(DataException.class, reading);
        assertThat(refusal).as("refusal of %s", file).isNotNull();
        assertThat(refusal).hasMessageStartingWith(file + ": ");
        return refusal.getMessage().substring((file + ": ").length());
    }

    /** Changes bits of one byte of a file where it stands; a second time changes them back. */
    static void flip(Path file, long at, int bits) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            channel.write(ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ bits)}), at);
        }
    }
}
