package dev.cadenza.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class ParcelTest {
    @Test
    void a_tensor_moves_to_the_scope_where_it_is_unpacked() throws Exception {
        Tensor[] made = new Tensor[3];
        FutureTask<Parcel> elsewhere = new FutureTask<>(() -> {
            try (Scope scope = Scope.open()) {
                made[0] = Tensor.ones(2);
                made[1] = made[0].add(1);
                made[2] = made[0].add(2);
                return Parcel.pack(List.of(made[0], made[1], made[1])); // the same one twice, as input and as target
            }
        });
        Thread thread = new Thread(elsewhere);
        thread.start();
        Parcel parcel = elsewhere.get();
        thread.join();
        assertThat(made[2].isClosed()).isTrue();
        try (Scope scope = Scope.open()) {
            parcel.unpack();
            parcel.close(); // it is empty now
            made[0].keep();
            assertThat(made[1].toFloats()).containsExactly(2, 2);
        }
        assertThat(made[1].isClosed()).isTrue();
        assertThat(made[0].toFloats()).containsExactly(1, 1);
        made[0].close();
    }

    @Test
    void a_parcel_that_is_not_unpacked_frees_what_is_in_it() {
        Tensor.ones(1).close();
        long alive = Engine.liveObjects();
        Tensor x;
        Parcel parcel;
        try (Scope scope = Scope.open()) {
            x = Tensor.ones(2);
            parcel = Parcel.pack(List.of(x));
        }
        assertThat(x.isClosed()).isFalse();
        parcel.close();
        assertThat(x.isClosed()).isTrue();
        assertThat(Engine.liveObjects()).isLessThanOrEqualTo(alive);
    }

    @Test
    void what_the_innermost_scope_does_not_own_stays_with_its_owner() {
        try (Scope outer = Scope.open()) {
            Tensor outside = Tensor.ones(2);
            Buffer buffer = new Buffer(outside);
            try (Scope inner = Scope.open()) {
                Parcel.pack(List.of(outside, buffer)).close();
            }
            assertThat(outside.isClosed()).isFalse();
            assertThat(buffer.isClosed()).isFalse();
            outer.close();
            assertThat(outside.isClosed()).isTrue();
        }
    }

    @Test
    void without_a_scope_nobody_owns_what_is_unpacked() {
        Tensor x;
        Parcel parcel;
        try (Scope scope = Scope.open()) {
            x = Tensor.ones(2);
            parcel = Parcel.pack(List.of(x));
        }
        parcel.unpack();
        try (Scope scope = Scope.open()) {
            x.add(1);
        }
        assertThat(x.toFloats()).containsExactly(1, 1);
        x.close();
        Parcel.pack(List.of(x)).unpack(); // without a scope there is nothing to take it from
    }
}
