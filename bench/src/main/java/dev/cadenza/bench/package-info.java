/**
 * Whole-run benchmarks beside what Cadenza is compared with, as {@code cadenza bench NAME}; not published.
 *
 * <p>Figures and how they were taken stand in {@code docs/benchmarks.md}. Contenders run in one process, alternating, so
 * that a machine whose speed drifts drifts for both; medians are quoted. {@link dev.cadenza.bench.BenchCommand} is the
 * way in.
 */
package dev.cadenza.bench;
