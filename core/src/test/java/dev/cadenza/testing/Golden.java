package dev.cadenza.testing;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.jr.ob.JSON;

/**
 * Read the vectors that real fastai and PyTorch computed, from {@code shared/golden} beside the checkout.
 *
 * <p>The checkout's root is the system property {@code cadenza.root} or, without it, found by walking up from the
 * working directory.
 *
 * <pre>{@code
 * Map<String, Object> file = Golden.read("metrics_losses.json");
 * for (Map<String, Object> loss : Golden.maps(file.get("losses"))) {
 *     Tensor input = Golden.tensor(loss.get("input"));
 * }
 * }</pre>
 */
public final class Golden {
    private Golden() {}

    /** Parse a file; skips the running test, and says so, where the folder is absent. */
    public static Map<String, Object> read(String file) {
        Path start = Path.of(System.getProperty("cadenza.root", "")).toAbsolutePath();
        Path path = Stream.iterate(start, dir -> dir != null, Path::getParent)
                .map(dir -> dir.resolve("shared/golden").resolve(file))
                .filter(Files::exists)
                .findFirst()
                .orElse(null);
        Assumptions.assumeTrue(path != null, () -> "no shared/golden/" + file + " in or above " + start);
        try {
            return JSON.std.mapFrom(Files.readString(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** See a JSON object as a map. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> map(Object json) {
        return (Map<String, Object>) json;
    }

    /** See a JSON array of objects as a list of maps. */
    @SuppressWarnings("unchecked")
    public static List<Map<String, Object>> maps(Object json) {
        return (List<Map<String, Object>>) json;
    }

    /** Make a tensor of {@code {"shape", "data", "dtype"}}; float64 unless the dtype says otherwise. */
    public static Tensor tensor(Object json) {
        Map<String, Object> map = map(json);
        DType dtype = DType.valueOf(((String) map.getOrDefault("dtype", "float64")).toUpperCase(Locale.ROOT));
        Tensor flat = dtype == DType.INT64 ? Tensor.of(longs(map.get("data"))) : Tensor.of(doubles(map.get("data")));
        return flat.to(dtype).reshape(longs(map.get("shape")));
    }

    /** Read an array of numbers. */
    public static double[] doubles(Object json) {
        return ((List<?>) json).stream().mapToDouble(Golden::number).toArray();
    }

    /** Read an array of whole numbers, exactly. */
    public static long[] longs(Object json) {
        return ((List<?>) json)
                .stream().mapToLong(x -> ((Number) x).longValue()).toArray();
    }

    /** Read a number, which may be the string NaN, Infinity or -Infinity, or a truth value (1 or 0). */
    public static double number(Object json) {
        if (json instanceof Boolean truth) {
            return truth ? 1 : 0;
        }
        return json instanceof Number number ? number.doubleValue() : Double.parseDouble((String) json);
    }
}
