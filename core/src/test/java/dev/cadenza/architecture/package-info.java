/** Tests of how the sources are laid out, rather than of what they do. Each also proves, on a fixture, that it can fail. */
package dev.cadenza.architecture;
