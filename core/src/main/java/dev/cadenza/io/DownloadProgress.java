package dev.cadenza.io;

/**
 * Follow a download.
 *
 * <pre>{@code
 * DownloadProgress percent = (done, total) -> System.out.println(total < 0 ? "?" : 100 * done / total + " %");
 * }</pre>
 */
@FunctionalInterface
public interface DownloadProgress {
    /**
     * Take notice of how much has come; called for each piece of some kilobytes, and again from less when a download
     * starts afresh.
     *
     * @param done bytes that are there, those of an earlier, broken try too
     * @param total bytes of the whole file, −1 if the server does not tell
     */
    void at(long done, long total);

    /** Take notice that nothing more comes, whether or not the file is whole; by default do nothing. */
    default void end() {}
}
