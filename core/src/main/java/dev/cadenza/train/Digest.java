package dev.cadenza.train;

import dev.cadenza.nn.Module;
import dev.cadenza.optim.Optimizer;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;

/** The SHA-256 of a training state. */
final class Digest {
    private Digest() {}

    static String of(Module model, Optimizer optimizer) {
        MessageDigest sha = sha256();
        new TreeMap<>(model.stateDict()).forEach((name, tensor) -> {
            add(sha, name, tensor);
            if (tensor instanceof Parameter parameter) {
                add(sha, name + "#steps", optimizer.steps(parameter));
                optimizer.state(parameter).forEach((slot, value) -> add(sha, name + "#" + slot, value));
            }
        });
        return HexFormat.of().formatHex(sha.digest());
    }

    private static void add(MessageDigest sha, String name, Tensor tensor) {
        sha.update((name + " " + tensor.describe() + "\n").getBytes(StandardCharsets.UTF_8));
        ByteBuffer bytes = ByteBuffer.allocate(
                        Math.toIntExact(tensor.numel() * tensor.dtype().bytes()))
                .order(ByteOrder.nativeOrder());
        tensor.copyTo(bytes);
        sha.update(bytes.flip());
    }

    private static void add(MessageDigest sha, String name, long value) {
        sha.update((name + " " + value + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
