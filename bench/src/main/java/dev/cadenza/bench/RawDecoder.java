package dev.cadenza.bench;

import dev.cadenza.vision.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/** Reads and decodes files with OpenCV, whole, and throws the pixels away. */
final class RawDecoder {
    private RawDecoder() {}

    /** As OpenCV is used everywhere: it gives the memory. */
    static boolean plain(byte[] content) {
        try (BytePointer bytes = new BytePointer(content);
                Mat encoded = encoded(bytes);
                Mat pixels = opencv_imgcodecs.imdecode(encoded, opencv_imgcodecs.IMREAD_COLOR_RGB)) {
            return !pixels.empty();
        }
    }

    /** Into memory that begins at no multiple of 32, as Cadenza does it: of small images that takes half the time. */
    static boolean offGrid(byte[] content) {
        Image image = Image.of(content);
        try (BytePointer bytes = new BytePointer(content);
                Mat encoded = encoded(bytes);
                BytePointer memory = new BytePointer(8 + 3L * image.width() * image.height());
                Mat room = new Mat(image.height(), image.width(), opencv_core.CV_8UC3, memory.position(8));
                Mat pixels = opencv_imgcodecs.imdecode(encoded, opencv_imgcodecs.IMREAD_COLOR_RGB, room)) {
            return !pixels.empty();
        }
    }

    private static Mat encoded(BytePointer bytes) {
        return new Mat(1, (int) bytes.capacity(), opencv_core.CV_8U, bytes);
    }

    /** Decodes all; {@code decode} tells whether it could. */
    static void decode(List<Path> files, int threads, Predicate<byte[]> decode)
            throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            AtomicInteger next = new AtomicInteger();
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(pool.submit(() -> {
                    for (int file = next.getAndIncrement(); file < files.size(); file = next.getAndIncrement()) {
                        if (!decode.test(Files.readAllBytes(files.get(file)))) {
                            throw new IOException(files.get(file) + " cannot be decoded");
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }
}
