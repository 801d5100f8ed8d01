package dev.cadenza.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.Golden;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Compares the real MNIST with statistics that numpy computed. */
class GoldenMnistTest {
    private final Map<String, Object> golden =
            Golden.map(Golden.read("data.json").get("mnist"));

    @Test
    void training_and_validation_are_those_of_the_lessons() {
        Datasets mnist = Mnist.in(mnist());
        assertThat(mnist.classes()).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        long[] train = labels(mnist.train());
        long[] valid = labels(mnist.valid());
        assertThat(histogram(train)).isEqualTo(Golden.longs(golden.get("label_histogram_train_50000")));
        assertThat(histogram(valid)).isEqualTo(Golden.longs(golden.get("label_histogram_valid_10000")));
        assertThat(train).startsWith(Golden.longs(golden.get("first_20_labels_train")));
        assertThat(valid).startsWith(Golden.longs(golden.get("first_20_labels_valid")));
        assertPixels(mnist.train(), "train_first_50000");
        assertPixels(mnist.valid(), "train_last_10000");
        assertThat(mnist.train()
                        .get(0)
                        .inputs()
                        .get(0)
                        .ne(0)
                        .to(DType.INT64)
                        .sum()
                        .itemLong())
                .isEqualTo(((Number) golden.get("nonzero_pixels_of_image_0")).longValue());
    }

    @Test
    void the_test_part_is_the_original_one() {
        Dataset test = Mnist.test(mnist());
        assertThat(histogram(labels(test))).isEqualTo(Golden.longs(golden.get("label_histogram_test")));
        assertPixels(test, "test_10000");
    }

    /** Sums of whole numbers are exact in float64, so that one wrong pixel shows. */
    private void assertPixels(Dataset dataset, String name) {
        Map<String, Object> want = Golden.map(golden.get(name));
        double sum = 0;
        double squares = 0;
        Iterator<Batch> batches =
                new DataLoader(dataset, o -> o.batchSize = 5000).epoch(0).iterator();
        while (batches.hasNext()) {
            try (Scope scope = Scope.open()) {
                // Half a byte more, so that what is a little below a whole number is not cut down.
                Tensor rounded =
                        batches.next().input().mul(255).add(0.5).to(DType.UINT8).to(DType.FLOAT64);
                sum += rounded.sum().item();
                squares += rounded.square().sum().item();
            }
        }
        double count = 784.0 * dataset.size();
        assertThat(count).isEqualTo(Golden.number(want.get("n_values")));
        assertThat(sum).isEqualTo(Golden.number(want.get("pixel_sum")));
        assertThat(squares).isEqualTo(Golden.number(want.get("pixel_sqr_sum")));
        double mean = sum / 255 / count;
        double std = Math.sqrt(squares / 255 / 255 / count - mean * mean);
        assertThat(mean).isCloseTo(Golden.number(want.get("mean")), within(1e-9));
        assertThat(std).isCloseTo(Golden.number(want.get("std_population")), within(1e-9));
    }

    private static long[] labels(Dataset dataset) {
        return dataset.batch(IntStream.range(0, dataset.size()).toArray())
                .target()
                .toLongs();
    }

    private static long[] histogram(long[] labels) {
        long[] counts = new long[10];
        Arrays.stream(labels).forEach(label -> counts[(int) label]++);
        return counts;
    }

    private static Path mnist() {
        Optional<Path> mnist = TestData.dir().map(dir -> dir.resolve("mnist")).filter(Files::isDirectory);
        assumeTrue(mnist.isPresent(), "no data directory with mnist: set CADENZA_DATA to run this test");
        return mnist.get();
    }
}
