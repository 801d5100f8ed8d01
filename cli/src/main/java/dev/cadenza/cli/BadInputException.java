package dev.cadenza.cli;

/** Says that what the user gave cannot be used: ends the command with exit code 2 and this one line. */
public final class BadInputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Say what was wanted, what came, and what to do. */
    public BadInputException(String message) {
        super(message);
    }

    /** Refuse the value of an option. */
    static BadInputException option(String name, String wanted, Object got) {
        return new BadInputException(name + ": wanted " + wanted + ", but got: " + got);
    }
}
