package dev.cadenza.train;

import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.Optimizer;
import dev.cadenza.optim.ParamGroup;
import dev.cadenza.schedule.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Set a hyper-parameter before each training batch by how much of the fit is done ({@code
 * fastai.callback.schedule.ParamScheduler}).
 *
 * <pre>{@code
 * learn.fit(3, new ParamScheduler(Hyper.LR, Schedule.cos(0.3, 0.6).until(0.3, Schedule.cos(0.6, 0.2))),
 *         new ParamScheduler(Hyper.WD, Schedule.lin(0, 0.01)));
 * }</pre>
 *
 * <p>After the fit, however it ended, the hyper-parameter has the values of before. A fit is refused before it begins if
 * no step of the optimizer reads the hyper-parameter, another callback sets it too, or a value is out of its range.
 */
public final class ParamScheduler implements Callback {
    private static final int LOOKS = 100;

    private final Hyper hyper;
    private final List<Schedule> schedules;
    private double[] before = {};

    /**
     * Schedule a hyper-parameter.
     *
     * @param schedules one for all groups of parameters, or one for each
     */
    public ParamScheduler(Hyper hyper, Schedule... schedules) {
        this.hyper = hyper;
        this.schedules = List.of(schedules);
    }

    /** Return 60: after callbacks that change the batch, as in fastai. */
    @Override
    public double order() {
        return 60;
    }

    @Override
    public Set<Hyper> schedules() {
        return Set.of(hyper);
    }

    @Override
    public List<String> problems(Learner learn) {
        int groups = learn.optimizer().groups().size();
        List<String> problems = new ArrayList<>();
        if (schedules.size() != 1 && schedules.size() != groups) {
            problems.add("wanted one schedule of '" + hyper + "' for all groups of parameters or one for each of the "
                    + groups + ", but got " + schedules.size());
        }
        IntStream.range(0, schedules.size()).forEach(i -> addOutOfRange(i, problems));
        return problems;
    }

    /** Looks at some values, so that what is wrong shows before the first batch and not in the middle of the night. */
    private void addOutOfRange(int group, List<String> problems) {
        for (int i = 0; i <= LOOKS; i++) {
            double position = (double) i / LOOKS;
            try {
                hyper.is(schedules.get(group).at(position));
            } catch (IllegalArgumentException e) {
                problems.add("the schedule of '" + hyper + "' of group " + group + " (" + schedules.get(group)
                        + ") is wrong at " + position + " of the fit: " + e.getMessage());
                return;
            }
        }
    }

    @Override
    public void beforeFit(Learner learn) {
        before = learn.optimizer().groups().stream()
                .mapToDouble(group -> group.hypers().getOrDefault(hyper, Double.NaN))
                .toArray();
    }

    @Override
    public void beforeBatch(Learner learn) {
        if (learn.training()) {
            List<ParamGroup> groups = learn.optimizer().groups();
            for (int i = 0; i < groups.size(); i++) {
                Schedule schedule = schedules.get(Math.min(i, schedules.size() - 1));
                groups.get(i).set(hyper.is(schedule.at(learn.progress())));
            }
        }
    }

    @Override
    public void afterFit(Learner learn) {
        Optimizer optimizer = learn.optimizer();
        for (int i = 0; i < before.length; i++) {
            if (!Double.isNaN(before[i])) { // else it was not set
                optimizer.groups().get(i).set(hyper.is(before[i]));
            }
        }
        before = new double[0];
    }

    @Override
    public String toString() {
        return "ParamScheduler(" + hyper + ": " + schedules + ")";
    }
}
