package dev.cadenza.bench;

import java.util.ArrayList;
import java.util.List;

/** Name the shapes of ResNet-34's parameters: what an optimizer sees of a network of common size. */
public final class ResNet34 {
    private static final int[] BLOCKS = {3, 4, 6, 3};

    private final List<long[]> shapes = new ArrayList<>();

    private ResNet34() {
        convolution(3, 64, 7);
        long in = 64;
        for (int layer = 0; layer < BLOCKS.length; layer++) {
            long width = 64L << layer;
            for (int block = 0; block < BLOCKS[layer]; block++) {
                block(in, width);
                in = width;
            }
        }
        shapes.add(new long[] {1000, in});
        shapes.add(new long[] {1000});
    }

    /** Return the shapes of all 110 parameters, in torchvision's order. */
    public static List<long[]> shapes() {
        return List.copyOf(new ResNet34().shapes);
    }

    private void block(long in, long width) {
        convolution(in, width, 3);
        convolution(width, width, 3);
        if (in != width) {
            convolution(in, width, 1); // the short cut
        }
    }

    /** A convolution without bias, and the scale and shift of the normalization behind it. */
    private void convolution(long in, long out, long size) {
        shapes.add(new long[] {out, in, size, size});
        shapes.add(new long[] {out});
        shapes.add(new long[] {out});
    }
}
