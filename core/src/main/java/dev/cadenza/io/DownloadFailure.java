package dev.cadenza.io;

/** Says why a try to download did not give the file; its message goes on after the address. */
final class DownloadFailure extends Exception {
    private static final long serialVersionUID = 1L;

    /** Whether another try at the same address may do better. */
    private final boolean again;

    DownloadFailure(String problem, boolean again, Throwable cause) {
        super(problem, cause);
        this.again = again;
    }

    boolean again() {
        return again;
    }
}
