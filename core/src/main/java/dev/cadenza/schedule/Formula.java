package dev.cadenza.schedule;

import java.util.function.DoubleUnaryOperator;

/** A schedule that one formula gives, with the words for it. */
record Formula(String words, DoubleUnaryOperator formula) implements Schedule {
    @Override
    public double at(double position) {
        return formula.applyAsDouble(Check.position(position));
    }

    @Override
    public String toString() {
        return words;
    }
}
