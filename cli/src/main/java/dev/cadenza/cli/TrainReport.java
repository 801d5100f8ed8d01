package dev.cadenza.cli;

import dev.cadenza.io.Json;
import dev.cadenza.metric.Metric;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.train.CheckpointFolder;
import dev.cadenza.train.EpochRecord;
import dev.cadenza.train.Learner;
import dev.cadenza.train.Outcome;
import dev.cadenza.train.Position;
import dev.cadenza.train.Recorder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Tells of a training: to people by lines, to programs by JSON, to later days by the run's folder. */
final class TrainReport {
    private final TrainOptions options;
    private final Terminal terminal;
    private final Learner learn;
    private final List<String> names = new ArrayList<>(List.of(Recorder.TRAIN_LOSS, Recorder.VALID_LOSS));
    private final int classes;
    private RunFolder folder;
    private Position place; // to go on from, or null
    private long begun;
    private long stepsDone; // since then, as the samples
    private long samplesDone;

    TrainReport(TrainOptions options, Terminal terminal, Learner learn, int classes) {
        this.options = options;
        this.classes = classes;
        this.terminal = terminal;
        this.learn = learn;
        learn.metrics().stream().map(Metric::name).forEach(names::add);
    }

    void start() {
        Map<String, Object> plan = plan();
        if (options.resumes()) {
            goOn(plan);
        } else {
            folder = RunFolder.create(options.run, dataName(), names, plan);
        }
        Map<String, Object> event = event("start");
        event.put("run", folder.path().toString());
        event.put("resumed", place == null ? null : place.toString());
        event.put("plan", plan);
        emit(event);
        say(
                "%s (%,d + %,d images), %s (%,d parameters), %s, lr %s%s, bs %d, seed %d, %s, threads %d",
                options.setup.data.data,
                trainSamples(),
                learn.data().valid().dataset().size(),
                network(),
                parameters(),
                options.setup.optimizer(),
                options.lr(),
                options.schedule() == ScheduleOption.NONE ? "" : " (" + options.schedule() + ")",
                options.setup.data.bs,
                options.setup.data.seed,
                options.setup.device,
                options.setup.threads());
        begun = System.nanoTime();
    }

    /** A run that was killed before its first checkpoint begins anew: nothing was kept, so nothing is lost. */
    private void goOn(Map<String, Object> plan) {
        Map<String, Object> deciding = new LinkedHashMap<>();
        options.describe(deciding);
        folder = RunFolder.reopen(options.run, names, deciding, options.resumesWhatFits());
        Path checkpoints = folder.checkpoints();
        if (new CheckpointFolder(checkpoints).list().isEmpty()) {
            say("no checkpoint yet in %s: starting anew", checkpoints);
        } else {
            place = learn.resume(checkpoints, o -> o.whatFits = options.resumesWhatFits());
            say("going on from the checkpoint at %s", place);
        }
        folder.goOn(plan, place == null ? 0 : place.epochsBefore());
    }

    /** The last part of a folder's path; the name of any other data. */
    private String dataName() {
        Path last =
                Path.of(options.setup.data.data).toAbsolutePath().normalize().getFileName();
        return last == null ? "data" : last.toString();
    }

    private String network() {
        ArchOption arch = options.setup.arch();
        return arch.takesImages() ? arch.toString() : "784-" + options.setup.hidden + "-" + classes + " network";
    }

    void batch(Learner now) {
        if (now.training()) {
            stepsDone++;
            samplesDone += now.batch().size();
        }
    }

    void epoch(EpochRecord epoch) {
        folder.add(epoch.epoch(), epoch.values(), epoch.seconds());
        Map<String, Object> event = event("epoch");
        event.put("epoch", epoch.epoch());
        names.forEach(name -> event.put(name, epoch.values().get(name)));
        event.put("seconds", epoch.seconds());
        emit(event);
    }

    RunFolder folder() {
        return folder;
    }

    void end() {
        double seconds = (System.nanoTime() - begun) / 1e9;
        boolean interrupted = learn.outcome().kind() == Outcome.Kind.CANCELLED;
        EpochRecord last = learn.recorder().lastEpoch();
        Map<String, Object> event = event(interrupted ? "interrupted" : "done");
        names.forEach(name -> event.put(name, last.values().get(name)));
        event.put("epochs", interrupted ? last.epoch() : options.epochs); // whole ones
        event.put("steps", stepsBefore() + stepsDone);
        event.put("seconds", seconds);
        event.put("items_per_second", samplesDone / seconds);
        event.put("digest", learn.digest());
        event.put("run", folder.path().toString());
        emit(event);
        warnOfNaN();
        if (interrupted) {
            terminal.err()
                    .println("interrupted: the same command with --resume --run " + folder.path()
                            + " goes on from here");
        } else {
            say("done in %.1f s, %,.0f images/s; written to %s", seconds, samplesDone / seconds, folder.path());
        }
    }

    private void warnOfNaN() {
        learn.recorder().epochs().stream()
                .filter(epoch -> epoch.values().values().stream().anyMatch(value -> !Double.isFinite(value)))
                .findFirst()
                .ifPresent(epoch -> terminal.err()
                        .println("warning: the loss is not a finite number from epoch " + epoch.epoch()
                                + " on: nothing was learnt; try a smaller --lr than " + options.lr()));
    }

    private Map<String, Object> plan() {
        Map<String, String> facts = Engine.facts();
        Map<String, Object> plan = new LinkedHashMap<>();
        plan.put("command", "train");
        options.describe(plan);
        plan.put("model", learn.model().toString());
        plan.put("parameters", parameters());
        plan.put("train_samples", trainSamples());
        plan.put("valid_samples", learn.data().valid().dataset().size());
        plan.put("loss", "cross-entropy");
        plan.put("cadenza", Versions.cadenza());
        plan.put("libtorch", facts.get("libtorch"));
        plan.put("java", Versions.java());
        plan.put("os", Versions.system());
        plan.put("cpu_capability", facts.get("cpu.capability"));
        plan.put("processors", Runtime.getRuntime().availableProcessors());
        return plan;
    }

    private long parameters() {
        return learn.model().parameters().stream().mapToLong(Tensor::numel).sum();
    }

    private long trainSamples() {
        return learn.data().train().dataset().size();
    }

    private long stepsBefore() {
        return place == null ? 0 : place.epochsBefore() * learn.data().train().size() + place.batch();
    }

    private static Map<String, Object> event(String name) {
        return new LinkedHashMap<>(Map.of("event", name));
    }

    private void emit(Map<String, Object> event) {
        if (options.json) {
            terminal.out().println(Json.line(event));
            if (terminal.out().checkError()) {
                throw new IllegalStateException("standard output is closed or full; its reader went away");
            }
        }
    }

    private void say(String text, Object... values) {
        if (!options.quiet) {
            terminal.err().println(String.format(Locale.ROOT, text, values));
        }
    }
}
