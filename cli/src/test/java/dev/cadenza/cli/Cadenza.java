package dev.cadenza.cli;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.jr.ob.JSON;

/** Runs the command: in this process, which is quick, or in one of its own. */
final class Cadenza {
    private Cadenza() {}

    /** What came of it. */
    record Result(int code, String out, String err) {
        List<Map<String, Object>> json() {
            return out.lines().map(JSON.std::mapFrom).toList();
        }

        Map<String, Object> lastJson() {
            return json().get(json().size() - 1);
        }
    }

    static Result run(Object... args) {
        return run(args, false);
    }

    /** As if in a terminal. */
    static Result watched(Object... args) {
        return run(args, true);
    }

    private static Result run(Object[] args, boolean tty) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(stream(out), stream(err), tty, 80);
        int code = Main.run(terminal, Arrays.stream(args).map(Object::toString).toArray(String[]::new));
        return new Result(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    /** Starts a process that works in a folder and writes its streams there. */
    static Process start(Path dir, String classPath, String... args) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-cp",
                classPath,
                "dev.cadenza.cli.Main"));
        line.addAll(List.of(args));
        return new ProcessBuilder(line)
                .directory(dir.toFile())
                .redirectOutput(dir.resolve("out").toFile())
                .redirectError(dir.resolve("err").toFile())
                .start();
    }

    static Result end(Path dir, Process process) throws IOException, InterruptedException {
        int code = process.waitFor();
        return new Result(code, Files.readString(dir.resolve("out")), Files.readString(dir.resolve("err")));
    }

    static Result process(Path dir, String... args) throws IOException, InterruptedException {
        return end(dir, start(dir, classPath(), args));
    }

    /** Absolute, since processes work elsewhere. */
    static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
