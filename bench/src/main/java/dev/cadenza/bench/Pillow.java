package dev.cadenza.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/** The same work by Python's Pillow, in processes of its own, where it is installed. */
final class Pillow {
    private static final List<String> PYTHONS = List.of("python3", "/usr/bin/python3");

    private Pillow() {}

    /** Measures it once; empty where there is no Python with Pillow. */
    static OptionalDouble microsPerImage(List<Path> files, int size, boolean crops, int processes)
            throws IOException, InterruptedException {
        Path list = Files.createTempFile("files", ".txt");
        Path script = Files.createTempFile("pillow", ".py");
        try (InputStream source = Pillow.class.getResourceAsStream("pillow_loader.py")) {
            Files.write(script, source.readAllBytes());
            Files.write(list, files.stream().map(Path::toString).toList());
            for (String python : PYTHONS) {
                String answer = run(
                        python, script.toString(), list.toString(), "" + size, crops ? "crop" : "pad", "" + processes);
                if (!answer.isEmpty()) {
                    return OptionalDouble.of(Double.parseDouble(answer));
                }
            }
            return OptionalDouble.empty();
        } finally {
            Files.delete(list);
            Files.delete(script);
        }
    }

    /** What a program printed; empty if it is not there or failed, as Python does without Pillow. */
    private static String run(String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return "";
        }
        String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return process.waitFor() == 0 ? answer : "";
    }
}
