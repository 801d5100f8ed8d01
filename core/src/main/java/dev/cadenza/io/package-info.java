/**
 * Read and write files that may be damaged or hostile.
 *
 * <p>Whatever is wrong with a file is a {@link dev.cadenza.io.DataException}, whose message names the file, what is wrong
 * with it, and what to do.
 */
package dev.cadenza.io;
