package dev.cadenza.train;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The loop as a text, with who plays in it. */
final class Score {
    private static final String TEXT = """
            fit
              BEFORE_FIT
              for each epoch
                BEFORE_EPOCH
                BEFORE_TRAIN
                for each batch of data.train
                  BEFORE_BATCH
                  pred = model.forward(batch.inputs)
                  AFTER_PRED
                  loss = lossFunction(pred, batch.targets)
                  AFTER_LOSS
                  BEFORE_BACKWARD
                  loss.backward()
                  AFTER_BACKWARD
                  BEFORE_STEP
                  optimizer.step()
                  AFTER_CANCEL_STEP
                  AFTER_STEP
                  optimizer.zeroGrad()
                  AFTER_CANCEL_BATCH
                  AFTER_BATCH
                AFTER_CANCEL_TRAIN
                AFTER_TRAIN
                BEFORE_VALIDATE
                for each batch of data.valid
                  BEFORE_BATCH
                  pred = model.forward(batch.inputs)
                  AFTER_PRED
                  loss = lossFunction(pred, batch.targets)
                  AFTER_LOSS
                  AFTER_CANCEL_BATCH
                  AFTER_BATCH
                AFTER_CANCEL_VALIDATE
                AFTER_VALIDATE
                AFTER_CANCEL_EPOCH
                AFTER_EPOCH
              AFTER_CANCEL_FIT
              AFTER_FIT
            """;

    private Score() {}

    /** Writes the loop; of the events of cancels only those where somebody plays. */
    static String of(Lineup lineup) {
        return TEXT.lines()
                .filter(line -> !line.contains("AFTER_CANCEL") || players(lineup, line.strip()).length > 0)
                .map(line -> withPlayers(lineup, line))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static String withPlayers(Lineup lineup, String line) {
        boolean isEvent = line.strip().matches("[A-Z_]+");
        return !isEvent || players(lineup, line.strip()).length == 0
                ? line
                : line + ": " + String.join(", ", players(lineup, line.strip()));
    }

    private static String[] players(Lineup lineup, String event) {
        return Arrays.stream(lineup.at(Event.valueOf(event)))
                .mapToObj(place -> Lineup.name(lineup.callback(place)))
                .toArray(String[]::new);
    }
}
