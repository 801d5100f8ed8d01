package dev.cadenza.tensor;

import java.util.concurrent.CountDownLatch;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Stop OpenMP's idle threads from spinning.
 *
 * <p>After each parallel region libgomp's threads spin for a while, and so do OpenBLAS's: with both pools as large as
 * the machine every operation waits for the scheduler, and a small network trains more than 25 times slower. Once
 * libgomp manages more threads than there are processors it gives up spinning almost at once; one sleeping thread with
 * a team of its own is enough for that.
 */
final class IdleOpenMp {
    private IdleOpenMp() {}

    static void calm() {
        CountDownLatch ready = new CountDownLatch(1);
        Thread keeper = new Thread(() -> keepTeam(ready), "cadenza-openmp-idle");
        keeper.setDaemon(true);
        keeper.start();
        try {
            ready.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void keepTeam(CountDownLatch ready) {
        try {
            torch.set_num_threads(Runtime.getRuntime().availableProcessors() + 1);
            try (Tensor x = torch.ones(1 << 20);
                    Tensor y = x.exp()) {
                ready.countDown();
            }
            new CountDownLatch(1).await(); // for ever: the team lives as long as its thread
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ready.countDown();
        }
    }
}
