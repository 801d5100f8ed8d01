package dev.cadenza.cli;

import dev.cadenza.io.DataException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** Run the command {@code cadenza}. */
@Command(
        name = "cadenza",
        description = "Train deep-learning models in Java, on libtorch.",
        versionProvider = Versions.class,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  cadenza train                               learn digits that are drawn on the spot, in seconds",
            "  cadenza train --data mnist --epochs 5       the same network on MNIST",
            "  cadenza lr-find --opt adam                  what learning rate to train with",
            "  cadenza train --opt adam --lr 0.01 --schedule one-cycle",
            "  cadenza train --json --quiet | tail -n 1    the result as one line of JSON",
            "  cadenza diff runs/a runs/b                  where two runs with --digests part ways",
            "  cadenza doctor                              what this machine has, and what is wrong with it",
            "",
            "Exit codes: 0 done, 1 failure, 2 wrong usage or bad input, 130 interrupted."
        })
public final class Main {
    static final int DONE = 0;
    static final int FAILURE = 1;
    static final int BAD_INPUT = 2;
    /** As the JVM itself ends by SIGINT; by SIGTERM it is 143, whatever we return. */
    static final int INTERRUPTED = 130;

    @SuppressWarnings("unused") // picocli answers it
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show help for the command and exit.")
    private boolean help;

    @SuppressWarnings("unused") // picocli answers it
    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the versions of Cadenza, libtorch and Java and exit.")
    private boolean version;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "If something goes wrong, show where in the code.")
    private boolean debug;

    private final Terminal terminal;

    private Main(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Run a command line and exit with its code. */
    public static void main(String[] args) {
        System.exit(run(Terminal.ofProcess(), args));
    }

    /** Runs a command line and returns its exit code. */
    static int run(Terminal terminal, String... args) {
        Main main = new Main(terminal);
        CommandLine line = new CommandLine(main);
        List.of(new Train(), new LrFind(), new Predict(), new ShowBatch(), new Diff(), new Doctor())
                .forEach(line::addSubcommand);
        ServiceLoader.load(Subcommand.class).forEach(line::addSubcommand);
        return line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8))
                .setUsageHelpAutoWidth(false)
                .setUsageHelpWidth(100)
                .setExecutionStrategy(main::execute)
                .setParameterExceptionHandler((wrong, ignored) -> main.wrongUsage(wrong))
                .execute(args);
    }

    private int execute(ParseResult parsed) {
        Integer answered = CommandLine.executeHelpRequest(parsed);
        if (answered != null) {
            return answered;
        }
        List<CommandLine> lines = parsed.asCommandLineList();
        CommandLine last = lines.get(lines.size() - 1);
        if (!(last.getCommand() instanceof Subcommand command)) {
            last.usage(last.getOut());
            return DONE;
        }
        try {
            return command.run(terminal);
        } catch (ParameterException wrong) {
            return wrongUsage(wrong);
        } catch (Throwable thrown) { // whatever it is, nobody above us would say it in one line
            return failed(thrown);
        }
    }

    private int wrongUsage(ParameterException wrong) {
        String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
        List<String> near =
                wrong instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        String hint = near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
        complain(command, wrong.getMessage() + hint + " (" + command + " --help lists what there is)");
        return BAD_INPUT;
    }

    private int failed(Throwable thrown) {
        boolean badInput = thrown instanceof BadInputException || thrown instanceof DataException;
        String message = badInput ? thrown.getMessage() : "failed: " + thrown;
        if (thrown instanceof LinkageError) {
            message = "libtorch cannot be loaded: " + thrown.getMessage() + "; cadenza doctor tells the cure";
        }
        complain("cadenza", message + (badInput || debug ? "" : " (--debug shows where)"));
        if (debug) {
            thrown.printStackTrace(terminal.err());
        }
        return badInput ? BAD_INPUT : FAILURE;
    }

    private void complain(String who, String message) {
        terminal.err().println(who + ": " + message.strip().replaceAll("\\s*\\R\\s*", " | "));
    }
}
