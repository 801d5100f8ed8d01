package dev.cadenza.train;

import dev.cadenza.data.Batch;
import dev.cadenza.tensor.Tensor;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** What changes while a fit goes on; the loop writes it, callbacks read and replace it through the learner. */
final class State {
    final Timeline timeline = new Timeline(this);
    Event event;
    Callback playing;
    Outcome outcome;
    int epochs;
    int epoch = -1;
    int iteration;
    double progress;
    boolean training;
    int batchIndex;
    int batches;
    Batch batch;
    Tensor pred;
    Tensor loss;
    double backwardScale;
    boolean moreParts; // of this batch come after this one, which then counts for none
    private boolean counted;
    private final AtomicReference<Thread> fitter = new AtomicReference<>(); // two threads may try at once

    /** How many epochs were begun in all fits: the key of the order of the data. */
    long epochsEver;

    /** Which fit of this learner it is, from 0. */
    int fit = -1;

    /** Of the fit that goes on: what decides its numbers, and who plays. */
    Map<String, String> plan = Map.of();

    Lineup lineup;

    boolean startsAnew;

    /** What a fit to come goes on from, or null. */
    Resume resume;

    void enter() {
        if (!fitter.compareAndSet(null, Thread.currentThread())) {
            throw new IllegalStateException("a fit of this learner is going on already" + where()
                    + "; wait for its end, or use another learner");
        }
    }

    private String where() {
        return event == null ? "" : ", at " + event;
    }

    void leave() {
        event = null;
        fitter.set(null);
    }

    void requireNoFit(String what) {
        if (fitter.get() != null) {
            throw new IllegalStateException(what + " cannot be changed while a fit is going on" + where()
                    + "; do it before fit, or throw Cancel.fit first");
        }
    }

    /** Another thread would switch the modes of a model that is being trained. */
    void requireNoFitElsewhere(String what) {
        Thread thread = fitter.get();
        if (thread != null && thread != Thread.currentThread()) {
            throw new IllegalStateException(what + " cannot be used while thread " + thread.getName()
                    + " trains this learner; wait for its end, or use another learner");
        }
    }

    void beginFit(int fitEpochs) {
        epochs = fitEpochs;
        epoch = -1;
        iteration = 0;
        progress = 0;
        training = false;
        outcome = null;
    }

    void loss(Tensor newLoss) {
        Objects.requireNonNull(newLoss, "the loss is null; the loss function must return a tensor of one number");
        if (newLoss.numel() != 1) {
            throw new IllegalArgumentException("wanted a loss of one number, but got " + newLoss.describe()
                    + "; average it over the samples: mean() or Reduction.MEAN");
        }
        loss = newLoss;
    }

    void beginBatch(int index, Batch newBatch) {
        batchIndex = index;
        batch = newBatch;
        backwardScale = 1;
        counted = false;
        moreParts = false;
    }

    void scaleBackward(double factor) {
        if (!Double.isFinite(factor)) {
            throw new IllegalArgumentException("wanted a finite factor, but got: " + factor);
        }
        backwardScale *= factor;
    }

    /** Counts a training batch as done, once: when its step is, or else when the batch has ended. */
    void countBatch() {
        if (training && !counted && !moreParts) {
            iteration++;
            progress = (epoch + (batchIndex + 1.0) / batches) / epochs;
            counted = true;
        }
    }

    void endBatch() {
        batch = null;
        pred = null;
        loss = null;
    }

    <T> T require(T value, String name, String exists) {
        if (value == null) {
            throw new IllegalStateException("there is no " + name + " "
                    + (event == null ? "outside a fit" : "at " + event) + "; it exists " + exists);
        }
        return value;
    }
}
