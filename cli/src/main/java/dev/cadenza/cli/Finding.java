package dev.cadenza.cli;

/**
 * What a check of {@link Doctor} found.
 *
 * @param about what was looked at
 * @param what how it is
 * @param cure what to do about it; empty if all is well
 */
record Finding(Level level, String about, String what, String cure) {
    enum Level {
        /** As it should be. */
        OK,
        /** Works, but not as well as it could, or not as one may think. */
        NOTE,
        /** Does not work, or will fail sooner or later. */
        PROBLEM
    }

    static Finding ok(String about, String what) {
        return new Finding(Level.OK, about, what, "");
    }

    static Finding note(String about, String what, String cure) {
        return new Finding(Level.NOTE, about, what, cure);
    }

    static Finding problem(String about, String what, String cure) {
        return new Finding(Level.PROBLEM, about, what, cure);
    }
}
