package dev.cadenza.data;

import static dev.cadenza.data.IdxFiles.concat;
import static dev.cadenza.data.IdxFiles.gzip;
import static dev.cadenza.data.IdxFiles.header;
import static dev.cadenza.data.IdxFiles.idx;
import static dev.cadenza.data.IdxFiles.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.io.DataException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that files which are cut short, too long, corrupt or hostile are refused, and cheaply. */
class IdxDamageTest {
    private static final int HUGE = Integer.MAX_VALUE - 8;

    @TempDir
    Path dir;

    @Test
    void a_truncated_header_is_refused() throws IOException {
        byte[] content = header(0x08, 2, 3);
        assertThat(refusal(dir, Arrays.copyOf(content, 3))).startsWith("an IDX header has 4 bytes, only 3 came; ");
        assertThat(refusal(dir, Arrays.copyOf(content, 10)))
                .startsWith("the header announces 2 dimensions in 8 bytes, only 6 came; ");
    }

    @Test
    void truncated_data_are_refused_with_both_numbers() throws IOException {
        assertThat(refusal(dir, idx(new int[] {2, 3}, 1, 2, 3, 4)))
                .isEqualTo("6 bytes of data were announced, only 4 came; "
                        + "the file is damaged or incomplete: fetch it again");
    }

    @Test
    void left_over_bytes_are_refused() throws IOException {
        assertThat(refusal(dir, idx(new int[] {2}, 1, 2, 3)))
                .startsWith("bytes are left over after the 2 bytes of data that were announced; ");
    }

    @Test
    void corrupt_gzip_is_refused() throws IOException {
        byte[] zipped = gzip(idx(new int[] {4}, 1, 2, 3, 4));
        zipped[zipped.length - 8] ^= 1; // the checksum
        assertThatThrownBy(() -> Idx.read(write("corrupt", zipped)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(": the gzip data is corrupt (")
                .hasMessageEndingWith("fetch it again")
                .hasCauseInstanceOf(ZipException.class);
    }

    @Test
    void gzip_cut_anywhere_is_refused() throws IOException {
        byte[] zipped = gzip(idx(new int[] {4}, 1, 2, 3, 4));
        for (int length = 2; length < zipped.length; length++) {
            Path file = write("cut", Arrays.copyOf(zipped, length));
            assertThatThrownBy(() -> Idx.read(file))
                    .as("the first %d of %d bytes", length, zipped.length)
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining(": the gzip data ends too early; ")
                    .hasCauseInstanceOf(EOFException.class);
        }
    }

    @Test
    void damage_anywhere_in_a_gzip_file_never_escapes_as_another_error() throws IOException {
        byte[] zipped = gzip(idx(new int[] {4}, 1, 2, 3, 4));
        for (int bit = 0; bit < 8 * zipped.length; bit++) {
            byte[] damaged = zipped.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            Path file = write("damaged", damaged);
            try {
                assertThat(Idx.read(file).data()).as("bit %d", bit).containsExactly(1, 2, 3, 4);
            } catch (DataException e) {
                assertThat(e).as("bit %d", bit).hasMessageStartingWith(file + ": ");
            }
        }
    }

    @Test
    void several_gzip_members_are_read_as_one() throws IOException {
        byte[] content = idx(new int[] {4}, 1, 2, 3, 4);
        byte[] head = gzip(Arrays.copyOf(content, 9));
        byte[] tail = gzip(Arrays.copyOfRange(content, 9, content.length));
        assertThat(Idx.read(write("members", concat(head, tail))).data()).containsExactly(1, 2, 3, 4);
        Path tooMuch = write("too-much", concat(gzip(content), gzip(new byte[] {5})));
        assertThatThrownBy(() -> Idx.read(tooMuch))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(tooMuch + ": bytes are left over after the 4 bytes of data");
    }

    @Test
    void what_follows_the_gzip_data_and_is_not_gzip_does_not_change_what_is_read() throws IOException {
        byte[] zipped = gzip(idx(new int[] {4}, 1, 2, 3, 4));
        for (int length : new int[] {1, 2, 8, 100, 10_000}) {
            byte[] other = new byte[length];
            Arrays.fill(other, (byte) 7);
            assertThat(Idx.read(write("followed", concat(zipped, other))).data())
                    .as("%d bytes follow", length)
                    .containsExactly(1, 2, 3, 4);
        }
    }

    @Test
    void an_announced_size_is_never_allocated_before_the_data_come() {
        WatchedInput input = new WatchedInput(concat(header(0x08, HUGE), new byte[12]));
        assertThatThrownBy(() -> Idx.read(dir, input))
                .hasMessageContaining("2147483639 bytes of data were announced, only 12 came");
        assertThat(input.longestBuffer).isLessThan(1 << 20);
    }

    @Test
    void a_gzip_bomb_is_read_only_up_to_the_announced_size() throws IOException {
        WatchedInput input = new WatchedInput(gzip(concat(header(0x08, 10), new byte[50_000_000])));
        assertThatThrownBy(() -> Idx.read(dir, input)).hasMessageContaining("bytes are left over");
        assertThat(input.available()).isPositive();
        assertThat(input.longestBuffer).isLessThan(1 << 20);
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(dir.resolve(name), content);
    }

    /** Notes the largest buffer that it was asked to fill. */
    private static final class WatchedInput extends ByteArrayInputStream {
        int longestBuffer;

        WatchedInput(byte[] content) {
            super(content);
        }

        @Override
        public synchronized int read(byte[] buffer, int offset, int length) {
            longestBuffer = Math.max(longestBuffer, buffer.length);
            return super.read(buffer, offset, length);
        }
    }
}
