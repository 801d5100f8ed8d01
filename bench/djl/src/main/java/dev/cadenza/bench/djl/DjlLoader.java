package dev.cadenza.bench.djl;

import ai.djl.Device;
import ai.djl.basicdataset.cv.classification.ImageFolder;
import ai.djl.modality.cv.transform.RandomFlipLeftRight;
import ai.djl.modality.cv.transform.RandomResizedCrop;
import ai.djl.modality.cv.transform.ToTensor;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Time DJL's loader on a folder of images: decode, random resized crop, flip, batches of 64. */
public final class DjlLoader {
    private static final int BATCH = 64;
    private static final int ROUNDS = 5;

    private DjlLoader() {}

    /**
     * Print the median of five rounds, after one to warm up.
     *
     * @param args the folder, which has a folder for each class; the side of the crop; threads
     */
    public static void main(String[] args) throws Exception {
        System.setProperty("ai.djl.offline", "true"); // all of it is on the class path
        int size = Integer.parseInt(args[1]);
        int threads = Integer.parseInt(args[2]);
        ImageFolder images = ImageFolder.builder()
                .setRepositoryPath(Path.of(args[0]))
                .addTransform(new RandomResizedCrop(size, size))
                .addTransform(new RandomFlipLeftRight())
                .addTransform(new ToTensor())
                .setSampling(BATCH, false)
                .optPrefetchNumber(2 * threads)
                .build();
        images.prepare();
        double[] micros = new double[ROUNDS];
        for (int round = -1; round < ROUNDS; round++) {
            double took = micros(images, threads) / images.size();
            if (round >= 0) {
                micros[round] = took;
            }
        }
        Arrays.sort(micros);
        double median = micros[ROUNDS / 2];
        System.err.printf(
                Locale.ROOT,
                "DJL, %,d files, %d thread(s): %8.1f us/image  %,8.0f images/s%n",
                images.size(),
                threads,
                median,
                1e6 / median);
    }

    private static double micros(ImageFolder images, int threads) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            long begun = System.nanoTime();
            for (Batch batch : images.getData(manager, pool)) {
                batch.close();
            }
            return (System.nanoTime() - begun) / 1e3;
        } finally {
            pool.shutdownNow();
        }
    }
}
