package dev.cadenza.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResNet34Test {
    private final List<long[]> shapes = ResNet34.shapes();

    @Test
    void it_has_as_many_parameters_and_numbers_as_torchvisions() {
        assertThat(shapes).hasSize(110);
        assertThat(shapes.stream()
                        .mapToLong(shape -> Arrays.stream(shape).reduce(1, (a, b) -> a * b))
                        .sum())
                .isEqualTo(21_797_672);
    }

    @Test
    void it_begins_with_the_stem_and_ends_with_the_classifier() {
        assertThat(shapes.get(0)).containsExactly(64, 3, 7, 7);
        assertThat(shapes.get(108)).containsExactly(1000, 512);
        assertThat(shapes.get(109)).containsExactly(1000);
    }
}
