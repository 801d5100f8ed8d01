package dev.cadenza.testing;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Damages files at random, the same way for the same seed: what a bad disk, a cut connection or an enemy does. */
public final class Mutations {
    private static final long[] ODD_NUMBERS = {
        0,
        1,
        -1,
        7,
        127,
        128,
        255,
        256,
        65_535,
        1 << 20,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 32,
        1L << 40,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Long.MAX_VALUE / 8 + 1
    };

    private final SplittableRandom random;

    /** Damage by a seed. */
    public Mutations(long seed) {
        random = new SplittableRandom(seed);
    }

    /** Return one of these. */
    public byte[] oneOf(byte[][] corpus) {
        return corpus[random.nextInt(corpus.length)];
    }

    /** Return a damaged copy, most often with one fault, sometimes with several. */
    public byte[] damaged(byte[] sound) {
        byte[] bytes = sound;
        do {
            bytes = damagedOnce(bytes);
        } while (random.nextInt(3) == 0);
        return bytes;
    }

    private byte[] damagedOnce(byte[] bytes) {
        if (bytes.length == 0) {
            return new byte[] {(byte) random.nextInt(256)};
        }
        int at = random.nextInt(2) == 0 ? random.nextInt(bytes.length) : random.nextInt(Math.min(bytes.length, 64));
        int length = random.nextInt(1, 1 + Math.min(bytes.length - at, random.nextBoolean() ? 8 : 600));
        return switch (random.nextInt(7)) {
            case 0 -> Arrays.copyOf(bytes, at);
            case 1 -> joined(bytes, at, random(length), at); // inserted
            case 2 -> joined(bytes, at, new byte[0], at + length); // taken out
            case 3 -> joined(bytes, at, Arrays.copyOfRange(bytes, at, at + length), at); // twice
            case 4 -> joined(bytes, at, random(length), at + length);
            case 5 -> withNumber(bytes, at);
            default -> withBit(bytes, at);
        };
    }

    private byte[] random(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] joined(byte[] bytes, int end, byte[] middle, int from) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, end);
        out.writeBytes(middle);
        out.write(bytes, from, bytes.length - from);
        return out.toByteArray();
    }

    /** A length, a size or an offset that is not what it was. */
    private byte[] withNumber(byte[] bytes, int at) {
        long number = ODD_NUMBERS[random.nextInt(ODD_NUMBERS.length)] + random.nextInt(-2, 3);
        boolean little = random.nextBoolean();
        ByteBuffer eight = ByteBuffer.allocate(8).order(little ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        eight.putLong(0, number);
        int width = Math.min(1 << random.nextInt(4), bytes.length - at);
        byte[] changed = bytes.clone();
        System.arraycopy(eight.array(), little ? 0 : 8 - width, changed, at, width);
        return changed;
    }

    private byte[] withBit(byte[] bytes, int at) {
        byte[] changed = bytes.clone();
        changed[at] ^= (byte) (1 << random.nextInt(8));
        return changed;
    }
}
