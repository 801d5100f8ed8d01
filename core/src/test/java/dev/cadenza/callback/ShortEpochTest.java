package dev.cadenza.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.testing.TinyProblem;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import dev.cadenza.train.Outcome;
import org.junit.jupiter.api.Test;

class ShortEpochTest {
    private int trained;
    private int validated;

    /** Counts completed batches, later than most do. */
    private final Callback counts = new Callback() {
        @Override
        public double order() {
            return 79;
        }

        @Override
        public void afterBatch(Learner learn) {
            assertThat(learn.outcome().kind()).isEqualTo(Outcome.Kind.COMPLETED);
            if (learn.training()) {
                trained++;
            } else {
                validated++;
            }
        }
    };

    private final Learner learn = TinyProblem.learner(4, 3, counts);

    @Test
    void exactly_as_many_batches_are_used_as_were_asked_for_in_each_epoch() {
        learn.fit(2, ShortEpoch.batches(2));
        assertThat(trained).isEqualTo(2 * 2);
        assertThat(validated).isEqualTo(2 * 2);
        assertThat(learn.recorder().losses()).hasSize(2 * 2);
        assertThat(learn.recorder().lastEpoch().values()).containsOnlyKeys("train_loss", "valid_loss");
        assertThat(learn.timeline().toString())
                .contains("ShortEpoch: cancel TRAIN (short epoch: 2 of 4 batches)")
                .contains("ShortEpoch: cancel VALIDATE (short epoch: 2 of 3 batches)");
    }

    @Test
    void where_there_are_fewer_all_are_used() {
        learn.fit(1, ShortEpoch.batches(10));
        assertThat(trained).isEqualTo(4);
        assertThat(validated).isEqualTo(3);
    }

    @Test
    void validation_can_be_left_whole() {
        learn.fit(1, ShortEpoch.batches(1, o -> o.validation = false));
        assertThat(trained).isEqualTo(1);
        assertThat(validated).isEqualTo(3);
    }

    @Test
    void a_share_of_none_is_one_batch_and_of_one_all() {
        learn.fit(1, ShortEpoch.share(0));
        assertThat(trained).isEqualTo(1);
        learn.fit(1, ShortEpoch.share(1));
        assertThat(trained).isEqualTo(1 + 4);
    }

    @Test
    void validating_alone_is_shortened() {
        learn.validate(ShortEpoch.batches(1));
        assertThat(validated).isEqualTo(1);
    }

    @Test
    void schedules_go_on_as_if_epochs_were_whole() {
        learn.fit(
                2,
                ShortEpoch.batches(1),
                Callback.on(Event.BEFORE_TRAIN, l -> assertThat(l.progress()).isEqualTo(l.epoch() / 2.0)));
        assertThat(trained).isEqualTo(2);
    }

    @Test
    void numbers_out_of_range_are_refused() {
        assertThatThrownBy(() -> ShortEpoch.batches(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("wanted 1 batch or more, but got: 0");
        assertThatThrownBy(() -> ShortEpoch.share(1.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("wanted a share from 0 to 1, but got: 1.1");
        assertThatThrownBy(() -> ShortEpoch.share(Double.NaN)).hasMessageContaining("got: NaN");
    }
}
