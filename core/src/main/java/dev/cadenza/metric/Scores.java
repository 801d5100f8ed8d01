package dev.cadenza.metric;

/** The scores and targets of all samples, row by row: for what follows from the order of the scores. */
final class Scores {
    private final Doubles scores = new Doubles();
    private final Doubles targets = new Doubles();
    private int columns;

    void add(double[] moreScores, double[] moreTargets, int ofColumns) {
        columns = ofColumns;
        scores.add(moreScores);
        targets.add(moreTargets);
    }

    /** How many scores a sample has; 0 before the first. */
    int columns() {
        return columns;
    }

    /** How many samples there are. */
    int rows() {
        return columns == 0 ? 0 : scores.size() / columns;
    }

    double score(int place) {
        return scores.get(place);
    }

    double target(int place) {
        return targets.get(place);
    }

    double[] allScores() {
        return scores.toArray();
    }

    double[] allTargets() {
        return targets.toArray();
    }
}
