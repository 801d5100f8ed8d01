package dev.cadenza.train;

/** A callback that does one thing at every event; one object, so that brackets open and close for it as a whole. */
abstract class EveryEvent implements Callback {
    abstract void play(Event event, Learner learn);

    @Override
    public void beforeFit(Learner learn) {
        play(Event.BEFORE_FIT, learn);
    }

    @Override
    public void afterFit(Learner learn) {
        play(Event.AFTER_FIT, learn);
    }

    @Override
    public void beforeEpoch(Learner learn) {
        play(Event.BEFORE_EPOCH, learn);
    }

    @Override
    public void afterEpoch(Learner learn) {
        play(Event.AFTER_EPOCH, learn);
    }

    @Override
    public void beforeTrain(Learner learn) {
        play(Event.BEFORE_TRAIN, learn);
    }

    @Override
    public void afterTrain(Learner learn) {
        play(Event.AFTER_TRAIN, learn);
    }

    @Override
    public void beforeValidate(Learner learn) {
        play(Event.BEFORE_VALIDATE, learn);
    }

    @Override
    public void afterValidate(Learner learn) {
        play(Event.AFTER_VALIDATE, learn);
    }

    @Override
    public void beforeBatch(Learner learn) {
        play(Event.BEFORE_BATCH, learn);
    }

    @Override
    public void afterBatch(Learner learn) {
        play(Event.AFTER_BATCH, learn);
    }

    @Override
    public void afterPred(Learner learn) {
        play(Event.AFTER_PRED, learn);
    }

    @Override
    public void afterLoss(Learner learn) {
        play(Event.AFTER_LOSS, learn);
    }

    @Override
    public void beforeBackward(Learner learn) {
        play(Event.BEFORE_BACKWARD, learn);
    }

    @Override
    public void afterBackward(Learner learn) {
        play(Event.AFTER_BACKWARD, learn);
    }

    @Override
    public void beforeStep(Learner learn) {
        play(Event.BEFORE_STEP, learn);
    }

    @Override
    public void afterStep(Learner learn) {
        play(Event.AFTER_STEP, learn);
    }

    @Override
    public void afterCancelStep(Learner learn) {
        play(Event.AFTER_CANCEL_STEP, learn);
    }

    @Override
    public void afterCancelBatch(Learner learn) {
        play(Event.AFTER_CANCEL_BATCH, learn);
    }

    @Override
    public void afterCancelTrain(Learner learn) {
        play(Event.AFTER_CANCEL_TRAIN, learn);
    }

    @Override
    public void afterCancelValidate(Learner learn) {
        play(Event.AFTER_CANCEL_VALIDATE, learn);
    }

    @Override
    public void afterCancelEpoch(Learner learn) {
        play(Event.AFTER_CANCEL_EPOCH, learn);
    }

    @Override
    public void afterCancelFit(Learner learn) {
        play(Event.AFTER_CANCEL_FIT, learn);
    }
}
