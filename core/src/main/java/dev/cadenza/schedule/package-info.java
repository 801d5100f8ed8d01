/**
 * Plan how a hyper-parameter changes while training.
 *
 * <p>A {@link dev.cadenza.schedule.Schedule} is a function from the position in the training, 0 at its beginning and 1
 * at its end, to a value. It knows neither epochs nor optimizers, so the same one serves a training of any length, the
 * learning rate as well as momentum or weight decay, and can be tried out without training anything.
 *
 * <p>There are few shapes, since few matter: half a wave of the cosine (the one to take when in doubt), a straight line,
 * equal factors, a power. What has names elsewhere is made of them: warm-up is one shape until a share and another after
 * it, one-cycle training two cosines, warm restarts a cosine that is repeated.
 *
 * <pre>{@code
 * import dev.cadenza.schedule.Schedule;
 *
 * final class Example {
 *     public static void main(String[] args) {
 *         Schedule warmUp = Schedule.cos(0.3, 0.6).until(0.3, Schedule.cos(0.6, 0.2));
 *         System.out.println(warmUp); // cos(0.3 → 0.6) until 0.3, then cos(0.6 → 0.2)
 *         System.out.println(warmUp.at(0)); // 0.3
 *         System.out.println(warmUp.at(0.3)); // 0.6
 *         System.out.println(warmUp.at(1)); // 0.2
 *
 *         Schedule cycle = Schedule.cos(0.1, 0);
 *         Schedule restarts = Schedule.combine(new double[] {1 / 7., 2 / 7., 4 / 7.}, cycle, cycle, cycle);
 *         Schedule halved = p -> 0.5 * restarts.at(p); // a schedule of your own
 *         System.out.println(halved.at(0)); // 0.05
 *     }
 * }
 * }</pre>
 */
package dev.cadenza.schedule;
