package dev.cadenza.vision;

import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.ImageKernels;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Scalar;

/** Decode images with OpenCV; the only class here that touches it. */
final class OpenCv {
    static {
        Engine.load(); // sets JavaCPP's limits, which are read once
        opencv_core.setNumThreads(1); // samples are made on several threads already
    }

    private static final int RGB = opencv_imgcodecs.IMREAD_COLOR_RGB;
    private static final int GREY = opencv_imgcodecs.IMREAD_GRAYSCALE;
    private static final int AS_STORED = opencv_imgcodecs.IMREAD_IGNORE_ORIENTATION;

    /** Twice and four times that stand for 4 and 8. They are named for grey or BGR, but go with RGB too. */
    private static final int REDUCED_2 = opencv_imgcodecs.IMREAD_REDUCED_GRAYSCALE_2;

    /**
     * Where pixels begin behind a multiple of 16 bytes. Rows that begin at a multiple of 32, as OpenCV's own memory lets
     * them, are written past the caches by libjpeg-turbo, which doubles the time for a small image.
     */
    private static final int OFF_GRID = 8;

    private OpenCv() {}

    /**
     * What to decode of a file.
     *
     * @param reduction 1, 2, 4 or 8: by which the decoder divides both sides
     * @param width of the whole image after that
     * @param height of the whole image after that
     */
    record Wanted(int reduction, int width, int height, boolean grey) {
        private int flags() {
            return AS_STORED | (grey ? GREY : RGB) | (reduction == 1 ? 0 : REDUCED_2 * reduction / 2);
        }

        private int type() {
            return grey ? opencv_core.CV_8UC1 : opencv_core.CV_8UC3;
        }

        private long bytes() {
            return (long) width * height * (grey ? 1 : 3);
        }
    }

    /** Decode, and take what is needed of the pixels, red first or grey; afterwards their memory is free. */
    static <R> R decode(ImageHeader header, Wanted wanted, Function<ImageKernels.Raw, R> take) {
        header.requireDecodable((long) wanted.width * wanted.height);
        byte[] essential = header.essential();
        try (BytePointer bytes = new BytePointer(essential);
                Mat file = new Mat(1, essential.length, opencv_core.CV_8U, bytes);
                BytePointer memory = new BytePointer(OFF_GRID + wanted.bytes());
                Mat room = new Mat(wanted.height, wanted.width, wanted.type(), memory.position(OFF_GRID));
                Mat pixels = decode(header, file, wanted.flags(), room)) {
            if (pixels.cols() != wanted.width || pixels.rows() != wanted.height) { // 0×0 if it could not
                throw header.damaged(null);
            }
            return take.apply(raw(pixels));
        }
    }

    /** Gives what was decoded, which lies in the room if it fits, or an empty one. */
    private static Mat decode(ImageHeader header, Mat file, int flags, Mat room) {
        try {
            return opencv_imgcodecs.imdecode(file, flags, room);
        } catch (RuntimeException e) { // what JavaCPP makes of a C++ exception
            throw header.damaged(e);
        }
    }

    private static ImageKernels.Raw raw(Mat pixels) {
        int rowBytes = Math.toIntExact(pixels.step());
        try (BytePointer data = pixels.data()) {
            ByteBuffer rows = data.capacity((long) rowBytes * pixels.rows()).asByteBuffer();
            return new ImageKernels.Raw(rows, rowBytes, pixels.channels());
        }
    }

    /** Write text over pixels, row by row, red first, and encode them as PNG. */
    static byte[] png(byte[] rgb, int height, int width, List<ImageGrid.Caption> captions) {
        try (BytePointer memory = new BytePointer(rgb);
                Mat red = new Mat(height, width, opencv_core.CV_8UC3, memory);
                Mat blue = new Mat();
                Scalar black = new Scalar(0, 0, 0, 0);
                BytePointer encoded = new BytePointer()) {
            opencv_imgproc.cvtColor(red, blue, opencv_imgproc.COLOR_RGB2BGR);
            for (ImageGrid.Caption caption : captions) {
                try (Point at = new Point(caption.left(), caption.base())) {
                    opencv_imgproc.putText(blue, caption.text(), at, opencv_imgproc.FONT_HERSHEY_SIMPLEX, 0.4, black);
                }
            }
            if (!opencv_imgcodecs.imencode(".png", blue, encoded)) {
                throw new IllegalStateException("the picture of " + width + "×" + height + " cannot be encoded");
            }
            byte[] bytes = new byte[(int) encoded.limit()];
            encoded.get(bytes);
            return bytes;
        }
    }
}
