package dev.cadenza.optim;

/**
 * Name a tensor that an optimizer keeps for each parameter, of the parameter's shape, at first 0.
 *
 * <p>Steps share slots by name: what {@link Steps#averageGrad} writes to {@link #GRAD_AVG}, {@link Steps#momentumStep}
 * reads.
 *
 * @param name as fastai has it
 */
public record Slot(String name) {
    /** The running average of gradients. */
    public static final Slot GRAD_AVG = new Slot("grad_avg");
    /** The running average of squared gradients. */
    public static final Slot SQR_AVG = new Slot("sqr_avg");

    @Override
    public String toString() {
        return name;
    }
}
