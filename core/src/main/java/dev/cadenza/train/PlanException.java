package dev.cadenza.train;

import java.util.List;

/**
 * Refuse a fit before it begins, with everything that is wrong with its plan.
 *
 * <pre>{@code
 * try {
 *     learn.fit(3);
 * } catch (PlanException e) {
 *     e.problems().forEach(System.out::println);
 * }
 * }</pre>
 */
public final class PlanException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    PlanException(List<String> problems) {
        super(
                problems.size() == 1
                        ? problems.get(0)
                        : "this fit cannot begin, for " + problems.size() + " reasons:\n- "
                                + String.join("\n- ", problems));
        this.problems = List.copyOf(problems);
    }

    /** Return what is wrong, a sentence each. */
    public List<String> problems() {
        return problems;
    }
}
