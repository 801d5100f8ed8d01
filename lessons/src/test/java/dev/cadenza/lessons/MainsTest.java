package dev.cadenza.lessons;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.tensor.Engine;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs every lesson that trains as a reader does, on all the digits. */
class MainsTest {
    private final int threads = Engine.threads();

    @BeforeEach
    void compute_with_one_thread() {
        Engine.threads(1); // another number of threads gives another rounding
    }

    @AfterEach
    void restore_the_threads() {
        Engine.threads(threads);
    }

    static Stream<Arguments> lessons() {
        return Stream.of(
                lesson(Step1Sgd.class, Step1Sgd::main),
                lesson(Step2Modules.class, Step2Modules::main),
                lesson(Step3Loaders.class, Step3Loaders::main),
                lesson(Step4CallbackHandler.class, Step4CallbackHandler::main),
                lesson(Step5Runner.class, Step5Runner::main),
                lesson(Step6Cancel.class, Step6Cancel::main),
                lesson(SevenTechniques.class, SevenTechniques::main));
    }

    private static Arguments lesson(Class<?> type, Consumer<String[]> main) {
        return Arguments.of(type.getSimpleName(), main);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lessons")
    void every_lesson_ends_with_a_network_that_reads_nine_digits_of_ten(String name, Consumer<String[]> main) {
        String text = Printed.by(main);
        List<MatchResult> accuracies = Pattern.compile("accuracy\\D*(0\\.\\d+)")
                .matcher(text)
                .results()
                .toList();
        assertThat(accuracies).as(text).isNotEmpty();
        assertThat(Double.parseDouble(accuracies.get(accuracies.size() - 1).group(1)))
                .as(text)
                .isGreaterThan(0.9);
    }
}
