package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.cadenza.testing.Close;
import dev.cadenza.testing.Golden;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Compares the suggestions with those of fastai 2.0.2 and later for the same curves. */
class LrCurveGoldenTest {
    @TestFactory
    Stream<DynamicTest> suggestions_are_those_of_fastai() {
        return Golden.maps(Golden.read("schedules.json").get("lr_find")).stream()
                .map(each -> dynamicTest((String) each.get("id"), () -> assertSuggestions(each)));
    }

    private static void assertSuggestions(Map<String, Object> each) {
        int planned = (int) Golden.number(Golden.map(each.get("args")).getOrDefault("num_it", 100));
        LrCurve curve = new LrCurve(Golden.doubles(each.get("lr")), Golden.doubles(each.get("smooth_loss")), planned);
        Map<String, Object> newer = Golden.map(each.get("suggestion_newer"));
        Map<String, Object> older = Golden.map(each.get("suggestion"));
        double[] want = Stream.of("valley", "slide", "minimum", "steep")
                .mapToDouble(name -> Golden.number(newer.get(name)))
                .toArray();
        Close.assertClose("newer", values(curve), want, 1e-4, 0);
        double[] got = {curve.minimum(), curve.steepest()};
        Close.assertClose(
                "2.0.2", got, Golden.doubles(Arrays.asList(older.get("lr_min"), older.get("lr_steep"))), 1e-4, 0);
    }

    private static double[] values(LrCurve curve) {
        assertThat(curve.suggestions().keySet()).containsExactly("valley", "slide", "minimum", "steepest");
        return curve.suggestions().values().stream().mapToDouble(x -> x).toArray();
    }
}
