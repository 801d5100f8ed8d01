package dev.cadenza.train;

import dev.cadenza.data.DataLoader;
import dev.cadenza.metric.Metric;
import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.ParamGroup;
import dev.cadenza.optim.Rates;
import dev.cadenza.tensor.Engine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What decides the numbers of a fit, apart from the state that it starts from, in words by field. */
final class RunPlan {
    /** The begin of the fields of parameter groups. */
    static final String GROUP = "optimizer/group ";

    private static final int SHOWN = 8;

    private RunPlan() {}

    /** Describes a fit before its first callback plays; {@code lr} are the rates that it will set, or null. */
    static Map<String, String> of(Learner learn, List<Callback> callbacks, Rates lr) {
        Map<String, String> plan = new LinkedHashMap<>();
        plan.put("epochs", String.valueOf(learn.epochs()));
        learn.model().stateDict().forEach((name, tensor) -> plan.put("model/" + name, tensor.describe()));
        plan.put("loss", words(learn.lossFunction()));
        plan.put("optimizer", words(learn.optimizer()));
        List<ParamGroup> groups = learn.optimizer().groups();
        double[] rates = lr == null ? null : lr.over(groups.size());
        for (int i = 0; i < groups.size(); i++) {
            Map<Hyper, Double> hypers = new LinkedHashMap<>();
            if (learn.state.fit
                    < 0) { // later ones find them as the fits before left them, which a resumed run passes over
                hypers.putAll(groups.get(i).hypers());
            }
            if (rates != null) {
                hypers.put(Hyper.LR, rates[i]);
            }
            plan.put(GROUP + i, groups.get(i).parameters().size() + " parameters, " + hypers);
        }
        plan.put("training data", words(learn.data().train()));
        plan.put("validation data", words(learn.data().valid()));
        plan.put("metrics", learn.metrics().stream().map(Metric::name).toList().toString());
        plan.put(
                "callbacks",
                callbacks.stream()
                        .filter(callback -> !callback.observes())
                        .map(callback -> callback.schedules().isEmpty() ? Lineup.name(callback) : callback.toString())
                        .map(RunPlan::steady)
                        .collect(Collectors.joining(", ")));
        plan.put("device", learn.device().toString());
        Map<String, String> facts = Engine.facts();
        plan.put("threads", facts.get("threads.openmp") + ", of OpenBLAS " + facts.get("threads.openblas"));
        return plan;
    }

    private static String words(DataLoader loader) {
        return loader.dataset().size() + " samples in " + loader.size() + " batches, order " + loader.fingerprint();
    }

    private static String words(Object object) {
        return steady(object.toString());
    }

    /** Without what is another in each process: the numbers of lambdas and of objects that have no words. */
    private static String steady(String text) {
        return text.replaceAll("\\$\\$Lambda[^ ,\\])]*", " lambda").replaceAll("@[0-9a-f]{1,8}\\b", "");
    }

    /** Tells what differs, a line each, at most some. */
    static List<String> differences(Map<String, String> was, Map<String, String> is) {
        List<String> lines = new ArrayList<>();
        TreeSet<String> fields = new TreeSet<>(was.keySet());
        fields.addAll(is.keySet());
        for (String field : fields) {
            if (!Objects.equals(was.get(field), is.get(field))) {
                lines.add(field + ": the checkpoint has " + was.getOrDefault(field, "none") + ", this fit "
                        + is.getOrDefault(field, "none"));
            }
        }
        if (lines.size() <= SHOWN) {
            return lines;
        }
        List<String> first = new ArrayList<>(lines.subList(0, SHOWN));
        first.add("… and " + (lines.size() - SHOWN) + " more");
        return first;
    }
}
