package dev.cadenza.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.data.DataLoaders;
import dev.cadenza.testing.TinyProblem;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressiveResizingTest {
    private final DataLoaders small = TinyProblem.learner(5, 4).data();
    private final DataLoaders large = TinyProblem.learner(6, 3).data();
    private final Learner learn = TinyProblem.learner();
    private final DataLoaders own = learn.data();
    private final List<String> batches = new ArrayList<>();
    private final Callback log = Callback.on(Event.AFTER_BATCH, l -> {
        if (l.batchIndex() == 0) {
            batches.add(l.epoch() + (l.training() ? " train " : " valid ") + l.batches());
        }
    });
    private final Callback resizing = new ProgressiveResizing(o -> {
        o.from(3, large);
        o.from(1, small);
    });

    @Test
    void each_epoch_trains_and_validates_with_the_newest_loaders() {
        learn.fit(4, resizing, log);
        assertThat(batches)
                .containsExactly(
                        "0 train 3",
                        "0 valid 2",
                        "1 train 5",
                        "1 valid 4",
                        "2 train 5",
                        "2 valid 4",
                        "3 train 6",
                        "3 valid 3");
        assertThat(learn.data()).isSameAs(own);
        assertThat(learn.timeline().entries().stream()
                        .filter(e -> e.what().equals("data"))
                        .count())
                .isEqualTo(3);
    }

    @Test
    void the_table_counts_the_batches_of_the_new_loaders() {
        assertThat(learn.add(new Progress(), resizing).describe())
                .containsSubsequence("ProgressiveResizing", "Progress");
    }

    @Test
    void a_validation_alone_takes_the_loaders_of_the_learner() {
        learn.add(new ProgressiveResizing(o -> o.from(0, small))).validate(log);
        assertThat(batches).containsExactly("0 valid 2");
        assertThat(learn.data()).isSameAs(own);
    }

    @Test
    void the_loaders_are_back_however_the_fit_was_left() {
        for (Event event : List.of(
                Event.BEFORE_FIT, Event.BEFORE_EPOCH, Event.BEFORE_TRAIN, Event.AFTER_LOSS, Event.AFTER_EPOCH)) {
            assertThatThrownBy(() -> learn.fit(3, resizing, Callback.on(event, l -> {
                        if (event == Event.BEFORE_FIT || l.epoch() == 1) {
                            throw new IllegalStateException("test");
                        }
                    })))
                    .hasMessage("test");
            assertThat(learn.data()).as(event.name()).isSameAs(own);
        }
        learn.fit(3, resizing, Callback.on(Event.AFTER_EPOCH, l -> {
            if (l.epoch() == 1) {
                assertThat(l.data()).isSameAs(small);
                throw Cancel.fit("enough");
            }
        }));
        assertThat(learn.data()).isSameAs(own);
    }

    @Test
    void wrong_epochs_and_no_loaders_are_refused() {
        assertThatThrownBy(() -> new ProgressiveResizing(o -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("wanted loaders from some epoch on, but got none; call from(0, data)");
        assertThatThrownBy(() -> new ProgressiveResizing(o -> o.from(-1, small)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("wanted each epoch once, from 0 on, but got: -1");
        assertThatThrownBy(() -> new ProgressiveResizing(o -> {
                    o.from(2, small);
                    o.from(2, large);
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("wanted each epoch once, from 0 on, but got: 2");
    }
}
