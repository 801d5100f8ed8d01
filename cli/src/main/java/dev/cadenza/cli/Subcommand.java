package dev.cadenza.cli;

/**
 * Do what {@code cadenza NAME} says. The class has picocli's {@code @Command} with that name, options as fields, and a
 * constructor without arguments; see the package's page for how another module adds one.
 */
@FunctionalInterface
public interface Subcommand {
    /**
     * Run the command, with its options set.
     *
     * @return the exit code: 0 if done, 1 if it failed, 130 if it was interrupted
     * @throws BadInputException if an option or an input file is wrong: exit code 2 and one line
     * @throws Exception if anything else goes wrong: exit code 1 and one line, with {@code --debug} the stack trace
     */
    int run(Terminal terminal) throws Exception;
}
