package dev.cadenza.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.util.Comparator;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ScopeTest {
    @BeforeAll
    static void makeTheConstants() {
        Tensor.ones(1).close(); // live objects are counted from here
    }

    @Test
    void a_scope_frees_what_was_made_in_it_and_says_so() {
        long before = Engine.liveObjects();
        Tensor x;
        try (Scope scope = Scope.open()) {
            x = Tensor.zeros(2, 3).add(1);
        }
        assertThat(Engine.liveObjects()).isLessThanOrEqualTo(before);
        assertThatIllegalStateException()
                .isThrownBy(x::exp)
                .withMessageContaining("[2, 3]")
                .withMessageContaining("its Scope; keep() what must outlive it");
    }

    @Test
    void a_kept_tensor_outlives_its_scope() {
        Tensor x;
        try (Scope scope = Scope.open()) {
            x = Tensor.ones(3).keep();
        }
        assertThat(x.toFloats()).containsExactly(1, 1, 1);
        x.close();
    }

    @Test
    void keep_hands_up_one_level_at_a_time() {
        try (Scope outer = Scope.open()) {
            Tensor once;
            Tensor twice;
            try (Scope middle = Scope.open()) {
                try (Scope inner = Scope.open()) {
                    once = Tensor.ones(1).keep();
                    twice = Tensor.ones(2).keep().keep();
                }
                assertThat(once.isClosed()).isFalse();
            }
            assertThat(once.isClosed()).isTrue();
            assertThat(twice.toFloats()).containsExactly(1, 1);
            twice.keep().keep(); // nobody's already: a second time does nothing
            outer.close();
            assertThat(twice.isClosed()).isFalse();
            twice.close();
        }
    }

    @Test
    void closing_a_scope_twice_does_nothing() {
        Scope scope = Scope.open();
        scope.close();
        Tensor later = Tensor.ones(1);
        scope.close();
        assertThat(later.isClosed()).isFalse();
        later.close();
    }

    @Test
    void a_forgotten_inner_scope_closes_with_the_outer_one() {
        Scope outer = Scope.open();
        Scope forgotten = Scope.open();
        Tensor x = Tensor.ones(1);
        outer.close();
        assertThat(x.isClosed()).isTrue();
        assertThat(Scope.current()).isNull();
        forgotten.close();
        assertThat(Scope.current()).isNull();
    }

    @Test
    void scopes_closed_out_of_order_leave_the_outer_ones_open() {
        try (Scope outer = Scope.open()) {
            Tensor mine = Tensor.ones(1);
            Scope middle = Scope.open();
            Scope inner = Scope.open();
            middle.close();
            inner.close();
            assertThat(Scope.current()).isSameAs(outer);
            assertThat(mine.isClosed()).isFalse();
        }
    }

    @Test
    void another_thread_cannot_close_a_scope() throws Exception {
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.ones(1);
            assertThat(onAnotherThread(scope::close))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(
                            "opened by thread " + Thread.currentThread().getName())
                    .hasMessageContaining("hand tensors over with keep()");
            assertThat(x.isClosed()).isFalse();
        }
    }

    @Test
    void another_thread_cannot_keep_what_a_scope_owns() throws Exception {
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.ones(1);
            assertThat(onAnotherThread(x::keep)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void a_scope_does_not_own_what_another_thread_makes() throws Exception {
        Tensor[] made = new Tensor[1];
        try (Scope scope = Scope.open()) {
            assertThat(onAnotherThread(() -> made[0] = Tensor.ones(1))).isNull();
        }
        assertThat(made[0].isClosed()).isFalse();
        made[0].close();
    }

    @Test
    void parameters_and_buffers_are_born_kept() {
        Parameter p;
        Buffer b;
        try (Scope scope = Scope.open()) {
            p = new Parameter(Tensor.ones(2));
            b = new Buffer(Tensor.arange(2));
        }
        assertThat(p.toFloats()).containsExactly(1, 1);
        assertThat(b.toLongs()).containsExactly(0, 1);
        p.close();
        b.close();
    }

    @Test
    void an_exception_closes_the_scope() {
        long before = Engine.liveObjects();
        Throwable thrown = catchThrowable(() -> {
            try (Scope scope = Scope.open()) {
                Tensor.ones(2, 3).matmul(Tensor.ones(2, 3));
            }
        });
        assertThat(thrown).isInstanceOf(TensorException.class);
        assertThat(Scope.current()).isNull();
        assertThat(Engine.liveObjects()).isLessThanOrEqualTo(before);
    }

    @Test
    void a_long_scope_does_not_grow_with_what_was_closed_in_it() throws Exception {
        try (Scope scope = Scope.open()) {
            Tensor stays = Tensor.ones(1);
            long before = Engine.liveObjects();
            for (int i = 0; i < 200_000; i++) {
                stays.add(1).close();
            }
            assertThat(Engine.liveObjects()).isLessThanOrEqualTo(before);
            Field owned = Scope.class.getDeclaredField("owned");
            owned.setAccessible(true);
            assertThat(Array.getLength(owned.get(scope))).isLessThanOrEqualTo(64);
            assertThat(stays.isClosed()).isFalse();
        }
    }

    @Test
    void a_hundred_rounds_leave_as_much_as_one() {
        try (Tensor weight = Tensor.ones(4, 4).requiresGrad_(true)) {
            long[] live = new long[100];
            for (int i = 0; i < live.length; i++) {
                try (Scope scope = Scope.open()) {
                    Tensor.ones(2, 4).matmul(weight).relu().sum().backward();
                    weight.grad().mul_(0.5);
                    weight.zeroGrad();
                }
                live[i] = Engine.liveObjects();
            }
            assertThat(live).isSortedAccordingTo(Comparator.reverseOrder()); // fewer if the collector ran
        }
    }

    private static Throwable onAnotherThread(Runnable action) throws Exception {
        FutureTask<Throwable> task = new FutureTask<>(() -> catchThrowable(action::run));
        new Thread(task).start();
        return task.get();
    }
}
