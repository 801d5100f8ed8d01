package dev.cadenza.optim;

/**
 * Name a tensor that an optimizer keeps for each parameter, at first 0.
 *
 * <p>Steps share slots by name: what {@link Steps#averageGrad} writes to {@link #GRAD_AVG}, {@link Steps#momentumStep}
 * reads.
 *
 * @param name as fastai has it, without {@code #}
 * @param scalar whether it is one number, and not of the parameter's shape
 */
public record Slot(String name, boolean scalar) {
    /** The running average of gradients. */
    public static final Slot GRAD_AVG = new Slot("grad_avg");
    /** The running average of squared gradients. */
    public static final Slot SQR_AVG = new Slot("sqr_avg");
    /** The greatest of the averages of squared gradients. */
    public static final Slot MAX_SQR = new Slot("max_sqr");
    /** The gradient of the update before. */
    public static final Slot GRAD_BEFORE = new Slot("grad_before");
    /** The running average of how gradients change. */
    public static final Slot DIFF_AVG = new Slot("diff_avg");
    /** The learning rate of this parameter alone: one number. */
    public static final Slot LOCAL_LR = new Slot("local_lr", true);
    /** The weights that follow slowly. */
    public static final Slot SLOW = new Slot("slow_weights");

    /**
     * Check the name.
     *
     * @throws IllegalArgumentException if it is empty or has a {@code #}, which joins names in saved state
     */
    public Slot {
        if (name.isEmpty() || name.contains("#")) {
            throw new IllegalArgumentException("wanted a slot name without '#', but got: '" + name + "'");
        }
    }

    /** Name a tensor of the parameter's shape. */
    public Slot(String name) {
        this(name, false);
    }

    @Override
    public String toString() {
        return name;
    }
}
