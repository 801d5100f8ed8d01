/**
 * Benchmarks beside what Cadenza is compared with, as {@code cadenza bench NAME}; not published.
 *
 * <p>Figures and how they were taken stand in {@code docs/benchmarks.md}. In whole runs contenders alternate in one
 * process, so that a machine whose speed drifts drifts for both; medians are quoted. Single calls are measured by JMH, in
 * a process for each. {@link dev.cadenza.bench.BenchCommand} is the
 * way in.
 */
package dev.cadenza.bench;
