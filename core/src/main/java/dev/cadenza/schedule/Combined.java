package dev.cadenza.schedule;

import java.util.List;

/** Schedules one after the other. */
final class Combined implements Schedule {
    /** Far above the rounding of a quotient of counts, far below one iteration of the longest training. */
    private static final double ROUNDING = 1e-12;

    private final List<Schedule> pieces;

    /** Where each piece begins, and at last 1. */
    private final double[] borders;

    Combined(double[] shares, Schedule... pieces) {
        Check.shares(shares, pieces.length);
        this.pieces = List.of(pieces);
        this.borders = borders(shares);
    }

    private static double[] borders(double[] shares) {
        double[] borders = new double[shares.length + 1];
        for (int i = 0; i < shares.length; i++) {
            borders[i + 1] = borders[i] + shares[i];
        }
        double sum = borders[shares.length];
        for (int i = 0; i < borders.length; i++) {
            borders[i] /= sum;
        }
        return borders;
    }

    @Override
    public double at(double position) {
        int i = pieceAt(Check.position(position));
        double own = (position - borders[i]) / (borders[i + 1] - borders[i]);
        return pieces.get(i).at(Math.min(Math.max(own, 0), 1));
    }

    /** Find the last piece that has begun; one without width is over before it begins. */
    private int pieceAt(double position) {
        int found = -1;
        for (int i = 0; i < pieces.size(); i++) {
            boolean hasBegun = found < 0 || position >= borders[i] - ROUNDING;
            if (hasBegun && borders[i] < borders[i + 1]) {
                found = i;
            }
        }
        return found;
    }

    /** A combination of one piece reads as that piece. */
    boolean isJoint() {
        return pieces.size() > 1;
    }

    @Override
    public String toString() {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < pieces.size(); i++) {
            boolean isLast = i == pieces.size() - 1;
            words.append(Words.piece(pieces.get(i)));
            words.append(isLast ? "" : " until " + Words.number(borders[i + 1]) + ", then ");
        }
        return words.toString();
    }
}
