package dev.cadenza.data;

/** The indices of an epoch as its sampler gave them, and which of them came before. */
final class Order {
    private final int[] indices;

    /** How often each place's index came before; null if none comes twice. */
    private final int[] repeats;

    private Order(int[] indices, int[] repeats) {
        this.indices = indices;
        this.repeats = repeats;
    }

    static Order of(Sampler sampler, int size, long epoch) {
        int[] indices = sampler.order(size, epoch);
        int wanted = sampler.samples(size);
        if (indices.length != wanted) {
            throw new IllegalStateException("wanted " + wanted + " indices from the sampler, as many as its samples("
                    + size + ") says, but got " + indices.length);
        }
        int[] seen = new int[size];
        int[] repeats = null;
        for (int place = 0; place < indices.length; place++) {
            int index = indices[place];
            if (index < 0 || index >= size) {
                throw new IllegalStateException("wanted indices from 0 to " + (size - 1)
                        + " from the sampler, but got: " + index + " at place " + place);
            }
            if (seen[index] > 0 && repeats == null) {
                repeats = new int[indices.length];
            }
            if (repeats != null) {
                repeats[place] = seen[index];
            }
            seen[index]++;
        }
        return new Order(indices, repeats);
    }

    int size() {
        return indices.length;
    }

    int index(int place) {
        return indices[place];
    }

    int repeat(int place) {
        return repeats == null ? 0 : repeats[place];
    }
}
