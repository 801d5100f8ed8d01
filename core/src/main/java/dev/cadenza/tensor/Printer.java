package dev.cadenza.tensor;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Print a tensor as PyTorch does: four digits, 80 columns, the middle of a large one left out. */
final class Printer {
    private static final int LINE = 80;
    private static final int EDGE = 3;
    private static final int THRESHOLD = 1000;
    private static final String PREFIX = "tensor(";

    private final long[] shape;
    private final long[] edges; // the shape of what is printed
    private final double[] values;
    private final long[] integers; // exact beyond 2^53; null for floating-point tensors
    private final boolean isBool;
    private final boolean summarize;
    private boolean whole = true;
    private boolean scientific;
    private int width = 1;

    private Printer(Tensor tensor) {
        shape = tensor.shape();
        summarize = tensor.numel() > THRESHOLD;
        boolean floating = tensor.dtype().isFloatingPoint();
        isBool = tensor.dtype() == DType.BOOL;
        try (Scope scope = Scope.open();
                NoGrad off = NoGrad.open()) {
            Tensor printed = summarize ? edges(tensor, 0) : tensor;
            edges = printed.shape();
            values = floating ? printed.toDoubles() : null;
            integers = floating ? null : printed.toLongs();
        }
        if (floating) {
            chooseFloatFormat();
        } else {
            width = shown().mapToObj(this::text).mapToInt(String::length).max().orElse(1);
        }
    }

    /** The first and last three along each dimension, the only ones that are printed of a large tensor. */
    private static Tensor edges(Tensor tensor, int d) {
        if (d == tensor.dim()) {
            return tensor;
        }
        long n = tensor.size(d);
        return n <= 2 * EDGE
                ? edges(tensor, d + 1)
                : Tensor.cat(
                        List.of(
                                edges(tensor.narrow(d, 0, EDGE), d + 1),
                                edges(tensor.narrow(d, n - EDGE, EDGE), d + 1)),
                        d);
    }

    static String print(Tensor tensor) {
        Printer printer = new Printer(tensor);
        String body = printer.count() == 0 ? "[]" : printer.body(0, 0, PREFIX.length());
        return PREFIX + body + suffixes(body, printer.suffixes(tensor)) + ")";
    }

    private List<String> suffixes(Tensor tensor) {
        List<String> suffixes = new ArrayList<>();
        if (!tensor.device().equals(Device.CPU)) {
            suffixes.add("device='" + tensor.device() + "'");
        }
        if (count() == 0 && shape.length != 1) {
            suffixes.add("size=" + python(shape));
        }
        DType dtype = tensor.dtype();
        if (dtype != DType.FLOAT32 && (count() == 0 || (dtype != DType.INT64 && dtype != DType.BOOL))) {
            suffixes.add("dtype=torch." + dtype);
        }
        String gradFn = tensor.gradFn();
        if (!gradFn.isEmpty()) {
            suffixes.add("grad_fn=<" + gradFn + ">");
        } else if (tensor.requiresGrad()) {
            suffixes.add("requires_grad=True");
        }
        return suffixes;
    }

    /** Puts each on the last line or, where it does not fit, on a new one; counts as PyTorch does. */
    private static String suffixes(String body, List<String> suffixes) {
        StringBuilder out = new StringBuilder();
        int newLine = body.lastIndexOf('\n');
        int line = newLine < 0 ? PREFIX.length() + body.length() + 2 : body.length() - newLine + 1;
        for (String suffix : suffixes) {
            boolean fits = line + suffix.length() + 2 <= LINE;
            out.append(fits ? ", " : ",\n" + " ".repeat(PREFIX.length())).append(suffix);
            line = fits ? line + suffix.length() + 2 : PREFIX.length() + suffix.length();
        }
        return out.toString();
    }

    private int count() {
        return values != null ? values.length : integers.length;
    }

    private static String python(long[] shape) {
        String inner = LongStream.of(shape).mapToObj(Long::toString).collect(Collectors.joining(", "));
        return "(" + inner + (shape.length == 1 ? ",)" : ")");
    }

    private IntStream shown() {
        return IntStream.range(0, count());
    }

    private void chooseFloatFormat() {
        double[] sizes = shown().mapToDouble(i -> Math.abs(values[i]))
                .filter(v -> v != 0 && Double.isFinite(v))
                .toArray();
        if (sizes.length == 0) {
            return;
        }
        double max = Arrays.stream(sizes).max().getAsDouble();
        double min = Arrays.stream(sizes).min().getAsDouble();
        whole = Arrays.stream(sizes).allMatch(v -> v == Math.ceil(v));
        scientific = max / min > 1000 || max > 1e8 || (!whole && min < 1e-4);
        width = shown().filter(i -> values[i] != 0 && Double.isFinite(values[i]))
                .mapToObj(this::text)
                .mapToInt(String::length)
                .max()
                .getAsInt();
    }

    private String text(int i) {
        if (integers != null) {
            return isBool ? (integers[i] != 0 ? "True" : "False") : Long.toString(integers[i]);
        }
        double v = values[i];
        if (!Double.isFinite(v)) {
            return Double.isNaN(v) ? "nan" : v > 0 ? "inf" : "-inf";
        }
        // Java's %.4f rounds 0.03125 up to 0.0313, C's and Python's to the even 0.0312
        BigDecimal exact = new BigDecimal(v);
        String text = scientific
                ? String.format(Locale.ROOT, "%.4e", exact.round(new MathContext(5, RoundingMode.HALF_EVEN)))
                : whole
                        ? exact.toPlainString() + "."
                        : exact.setScale(4, RoundingMode.HALF_EVEN).toPlainString();
        boolean minusZero = text.charAt(0) != '-' && Math.copySign(1, v) < 0;
        return minusZero ? "-" + text : text;
    }

    private String padded(int i) {
        String text = text(i);
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    private String body(int d, int offset, int indent) {
        if (d == shape.length) {
            return text(offset);
        }
        int stride = 1;
        for (int k = d + 1; k < edges.length; k++) {
            stride *= (int) edges[k];
        }
        boolean cut = summarize && shape[d] > 2 * EDGE;
        String[] parts = new String[(int) edges[d] + (cut ? 1 : 0)];
        for (int i = 0; i < parts.length; i++) {
            int at = cut && i > EDGE ? i - 1 : i;
            parts[i] = cut && i == EDGE
                    ? (d == shape.length - 1 ? " ..." : "...")
                    : d == shape.length - 1 ? padded(offset + at) : body(d + 1, offset + at * stride, indent + 1);
        }
        if (d < shape.length - 1) {
            String separator = "," + "\n".repeat(shape.length - d - 1) + " ".repeat(indent + 1);
            return "[" + String.join(separator, parts) + "]";
        }
        return row(parts, indent);
    }

    private String row(String[] parts, int indent) {
        int perLine = Math.max(1, (LINE - indent) / (width + 2));
        StringBuilder out = new StringBuilder("[");
        for (int i = 0; i < parts.length; i++) {
            if (i > 0) {
                out.append(i % perLine == 0 ? ",\n" + " ".repeat(indent + 1) : ", ");
            }
            out.append(parts[i]);
        }
        return out.append(']').toString();
    }
}
