package dev.cadenza.vision;

import dev.cadenza.io.DataException;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Device;
import dev.cadenza.tensor.ImageKernels;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A picture, and what is to be done with it: nothing is decoded before {@link #pixels} asks for the result.
 *
 * <p>Crops, flips and sizes are put together, so that pixels are interpolated once, and a JPEG of which a small version is
 * wanted is decoded small. An image never changes: each method returns a new one. Coordinates are in pixels from the left
 * upper corner of the picture as a person sees it: the orientation that a camera noted (EXIF) is undone first.
 *
 * <p>JPEG, PNG, BMP, GIF and WebP are read, 8 or 16 bits, grey, with palette or in CMYK; of several frames the first.
 * Transparency is dropped, as PIL's {@code convert("RGB")} does.
 *
 * <pre>{@code
 * Image photo = Image.of(Path.of("bee.jpg"));
 * Tensor square = photo.crop(0, 0, photo.height(), photo.height()).resize(224, 224).pixels();    // uint8 [3, 224, 224]
 * }</pre>
 */
public final class Image {
    private static final int LARGEST = 1 << 20;

    private final ImageSource source;
    private final ImageGeometry geometry;
    private final boolean grey;

    private Image(ImageSource source, ImageGeometry geometry, boolean grey) {
        this.source = source;
        this.geometry = geometry;
        this.grey = grey;
    }

    /**
     * Read a file, but not its pixels yet.
     *
     * @throws DataException if it is missing, no image, cut off, or damaged as far as can be seen so early
     */
    public static Image of(Path file) {
        return of(ImageBytes.of(file));
    }

    /**
     * Take the bytes of an image file; they must not change afterwards.
     *
     * @throws DataException as {@link #of(Path)}, about a file named {@code bytes in memory}
     */
    public static Image of(byte[] file) {
        return of(new ImageBytes(Path.of("bytes in memory"), file));
    }

    /**
     * Take pixels: uint8 {@code [3, H, W]}, red first, or grey {@code [1, H, W]}, on the CPU.
     *
     * @param pixels are copied when {@link #pixels} is called; they must be open until then
     * @throws IllegalArgumentException if it is another kind of tensor
     */
    public static Image of(Tensor pixels) {
        boolean fits = pixels.shape().length == 3
                && pixels.dtype() == DType.UINT8
                && pixels.device().type() == Device.Type.CPU
                && pixels.numel() > 0
                && (pixels.size(0) == 1 || pixels.size(0) == 3)
                && Math.max(pixels.size(1), pixels.size(2)) <= LARGEST;
        if (!fits) {
            throw new IllegalArgumentException(
                    "wanted pixels uint8 [3, H, W] or [1, H, W] on the CPU, but got: " + pixels.describe());
        }
        return of(new ImageSource.Pixels(pixels), ImageTurn.NONE, false);
    }

    private static Image of(ImageBytes bytes) {
        ImageHeader header = ImageHeader.read(bytes);
        return of(new ImageSource.Encoded(header), ImageTurn.exif(header.orientation()), false);
    }

    private static Image of(ImageSource source, ImageTurn turn, boolean grey) {
        return new Image(source, ImageGeometry.of(source.width(), source.height(), turn), grey);
    }

    /** Return the width of the result in pixels; nothing is decoded for that. */
    public int width() {
        return geometry.outWidth();
    }

    /** Return the height of the result in pixels; nothing is decoded for that. */
    public int height() {
        return geometry.outHeight();
    }

    /**
     * Cut a part out.
     *
     * @param left of the part, in pixels from the left
     * @param top of the part, in pixels from the top
     * @param width of the part, at least 1
     * @param height of the part, at least 1
     * @throws IllegalArgumentException if it is not inside the image
     */
    public Image crop(int left, int top, int width, int height) {
        ImageBox box = new ImageBox(left, top, width, height);
        if (width < 1 || height < 1 || !box.isWithin(width(), height())) {
            throw new IllegalArgumentException("crop: wanted a part of " + width() + "×" + height()
                    + " pixels, but got " + width + "×" + height + " at (" + left + ", " + top + ")");
        }
        return with(geometry.crop(box));
    }

    /**
     * Bring it to another size, with PIL's antialiased bilinear filter; the shape of things is not kept.
     *
     * <p>A JPEG is decoded at 1/2, 1/4 or 1/8 if that leaves at least twice the pixels wanted in each direction: of photos
     * some 400 pixels wide, brought to 64, a value then differs from that of the full decode by 0.9 of 255 on average.
     *
     * @param width in pixels, from 1 to 2²⁰
     * @param height in pixels, from 1 to 2²⁰
     * @throws IllegalArgumentException if a number is out of range
     */
    public Image resize(int width, int height) {
        if (Math.min(width, height) < 1 || Math.max(width, height) > LARGEST) {
            throw new IllegalArgumentException(
                    "resize: wanted from 1 to " + LARGEST + " pixels, but got " + width + "×" + height);
        }
        ImageGeometry resized = geometry.resize(width, height);
        return resized != null
                ? with(resized)
                : framed(ImageBox.of(width(), height()), PadMode.ZEROS).resize(width, height);
    }

    /** Swap left and right. */
    public Image flip() {
        return with(geometry.turn(ImageTurn.FLIP));
    }

    /** Swap rows and columns. */
    public Image transpose() {
        return dihedral(6);
    }

    /**
     * Mirror or turn it in one of the eight ways that keep it a rectangle of pixels.
     *
     * @param k 0: as it is, 1: left and right swapped, 2: top and bottom swapped, 3: a quarter turn to the left, 4: a half
     *     turn, 5: a quarter turn to the right, 6: transposed, 7: transposed along the other diagonal (fastai's numbers
     *     for {@code PILImage})
     * @throws IllegalArgumentException if k is not from 0 to 7
     */
    public Image dihedral(int k) {
        if (k < 0 || k > 7) {
            throw new IllegalArgumentException("dihedral: wanted a number from 0 to 7, but got: " + k);
        }
        return with(geometry.turn(ImageTurn.dihedral(k)));
    }

    /**
     * Add a margin on all four sides.
     *
     * @param margin in pixels, 0 or more
     * @throws IllegalArgumentException if it is negative or too large
     */
    public Image pad(int margin, PadMode mode) {
        return pad(margin, margin, mode);
    }

    /**
     * Add margins.
     *
     * @param leftRight pixels added left and as many right, 0 or more
     * @param upDown pixels added above and as many below, 0 or more
     * @throws IllegalArgumentException if a number is negative or too large
     */
    public Image pad(int leftRight, int upDown, PadMode mode) {
        if (Math.min(leftRight, upDown) < 0 || Math.max(leftRight, upDown) > LARGEST) {
            throw new IllegalArgumentException(
                    "pad: wanted from 0 to " + LARGEST + " pixels, but got " + leftRight + " and " + upDown);
        }
        return framed(new ImageBox(-leftRight, -upDown, width() + 2 * leftRight, height() + 2 * upDown), mode);
    }

    /** Show what lies in a frame, which may reach beyond the image. */
    Image framed(ImageBox frame, PadMode mode) {
        return of(new ImageSource.Padded(this, frame, mode), ImageTurn.NONE, grey);
    }

    /** Show brightness only: {@link #pixels} gives {@code [1, H, W]} (PIL's {@code convert("L")}). */
    public Image grey() {
        return new Image(source, geometry, true);
    }

    private Image with(ImageGeometry changed) {
        return new Image(source, changed, grey);
    }

    /**
     * Decode it and do all that was asked for.
     *
     * @return a new tensor uint8 {@code [3, H, W]}, or {@code [1, H, W]} of a {@link #grey} image, on the CPU. The colours
     *     of a pixel may lie side by side in memory ({@code channels_last}): use {@code reshape} rather than {@code view}
     * @throws DataException if the file is damaged or its pixels are too many
     */
    public Tensor pixels() {
        if (!geometry.isGathered()) {
            return resized();
        }
        try (Scope scope = Scope.open()) {
            return take(all(), grey, ImageKernels::gather).keep();
        }
    }

    /** Decode it into a row of a batch, one channel after the other. */
    void write(ByteBuffer row) {
        try (Scope scope = Scope.open()) {
            take(all(), grey, (pixels, rows, columns) -> {
                pixels.planes(rows, columns, row);
                return null;
            });
        }
    }

    private ImageLines all() {
        return ImageLines.of(ImageBox.of(width(), height()));
    }

    /** Let something take rows and columns of what it shows; grey if it is wanted or the image is. */
    <R> R take(ImageLines lines, boolean wantedGrey, ImageSource.Take<R> take) {
        return geometry.isGathered()
                ? source.take(geometry.inSource(lines), grey || wantedGrey, take)
                : ImageSource.take((wantedGrey ? grey() : this).resized(), lines, take);
    }

    /** How many colours a pixel of the result has: 1 or 3. */
    int channels() {
        return grey ? 1 : source.channels();
    }

    private Tensor resized() {
        try (Scope scope = Scope.open()) {
            ImageTurn turn = geometry.turn();
            ImageBox size = ImageBox.of(geometry.width(), geometry.height());
            Tensor x = source.read(geometry.region(), size, grey);
            x = ImageKernels.resize(x, size.height(), size.width());
            ImageBox window = geometry.window();
            boolean cut = !window.isAll(size.width(), size.height());
            if (cut) {
                x = x.narrow(1, window.top(), window.height()).narrow(2, window.left(), window.width());
            }
            if (!turn.equals(ImageTurn.NONE)) {
                x = ImageKernels.turn(x, turn.transpose(), turn.leftRight(), turn.upDown());
            } else if (cut) {
                x = ImageKernels.compact(x);
            }
            return x.keep();
        }
    }

    @Override
    public String toString() {
        return "Image " + width() + "×" + height() + (grey ? " grey" : "");
    }
}
