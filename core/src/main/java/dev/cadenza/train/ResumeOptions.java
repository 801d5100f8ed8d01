package dev.cadenza.train;

/** What can be chosen for {@link Learner#resume(java.nio.file.Path, java.util.function.Consumer)}. */
public final class ResumeOptions {
    /**
     * Whether to go on with what fits where the plan is another one, and tell in log and timeline what did not; default
     * false: the fit is refused. With other training data or batches the epoch begins anew.
     */
    public boolean whatFits;

    ResumeOptions() {}
}
