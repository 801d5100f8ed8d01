/**
 * The command {@code cadenza}.
 *
 * <p>{@link dev.cadenza.cli.Main} reads the line, finds the {@link dev.cadenza.cli.Subcommand} and turns what comes
 * back into an exit code. People read standard error; standard output is for programs ({@code --json}), and for what
 * was asked for by name: help, versions, the findings of {@code doctor}.
 *
 * <p>Another module adds a command by implementing {@code Subcommand} with picocli's annotations and naming the class in
 * {@code META-INF/services/dev.cadenza.cli.Subcommand}:
 *
 * <pre>{@code
 * import dev.cadenza.cli.Subcommand;
 * import dev.cadenza.cli.Terminal;
 * import picocli.CommandLine.Command;
 * import picocli.CommandLine.Option;
 *
 * @Command(name = "greet", description = "Say hello.")
 * public final class Example implements Subcommand {
 *     @Option(names = "--name", description = "Whom to greet; default: ${DEFAULT-VALUE}.")
 *     String name = "world";
 *
 *     public int run(Terminal terminal) {
 *         terminal.err().println("Hello, " + name + "!");
 *         return 0;
 *     }
 * }
 * }</pre>
 */
package dev.cadenza.cli;
