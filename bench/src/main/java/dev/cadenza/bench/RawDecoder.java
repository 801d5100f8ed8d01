package dev.cadenza.bench;

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
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.opencv_core.Mat;

/** Reads and decodes files with OpenCV, whole, and throws the pixels away: no loader can be faster that decodes whole images. */
final class RawDecoder {
    private RawDecoder() {}

    static void decode(List<Path> files, int threads) throws InterruptedException, ExecutionException {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            AtomicInteger next = new AtomicInteger();
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(pool.submit(() -> {
                    for (int file = next.getAndIncrement(); file < files.size(); file = next.getAndIncrement()) {
                        decode(files.get(file));
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

    private static void decode(Path file) throws IOException {
        byte[] content = Files.readAllBytes(file);
        try (BytePointer bytes = new BytePointer(content);
                Mat encoded = new Mat(1, content.length, opencv_core.CV_8U, bytes);
                Mat pixels = opencv_imgcodecs.imdecode(encoded, opencv_imgcodecs.IMREAD_COLOR_RGB)) {
            if (pixels.empty()) {
                throw new IOException(file + " cannot be decoded");
            }
        }
    }
}
