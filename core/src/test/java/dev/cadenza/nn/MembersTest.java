package dev.cadenza.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which fields hold members, and under which names. */
@SuppressWarnings("unused") // fields that the modules themselves read
class MembersTest {
    /** A module whose forward no test calls. */
    abstract static class Still extends Module {
        @Override
        protected Tensor compute(Tensor x) {
            return x;
        }
    }

    private static Parameter one() {
        return new Parameter(Tensor.ones(1));
    }

    private interface Encoder {}

    private static final class Embedder extends Still implements Encoder {
        final Parameter table = one();
    }

    @Test
    void a_module_in_a_field_of_an_interface_is_found() {
        final class Net extends Still {
            final Encoder encoder = new Embedder();
            final Encoder[] more = {new Embedder(), new Encoder() {}};
            final Runnable other = () -> {};
        }
        assertThat(new Net().stateDict().keySet()).containsExactly("encoder.table", "more.0.table");
    }

    private static class Base extends Still {
        private final Parameter gain = one();
    }

    private static final class Sub extends Base {
        private final Parameter gain = one();
    }

    private static final class TwoSpellings extends Still {
        final Parameter fooBar = one();

        @SuppressWarnings("checkstyle:MemberName") // the point of the test
        final List<Parameter> foo_bar = List.of();

        final Map<String, Object> maps = new LinkedHashMap<>();
        Parameter late;

        TwoSpellings() {
            register("late", one());
        }
    }

    @Test
    void two_members_of_one_name_are_an_error_that_names_both_and_the_cure() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new Sub().parameters())
                .withMessage("two members of Sub would both be 'gain' in its state: field Base.gain and field Sub.gain;"
                        + " rename one of them");
        TwoSpellings module = new TwoSpellings();
        assertThat(module.parameters()).hasSize(2);
        module.late = one();
        assertThatIllegalStateException()
                .isThrownBy(module::stateDict)
                .withMessageContaining("'late'")
                .withMessageContaining("field TwoSpellings.late and register(\"late\", …)");
        module.late = null;
        module.maps.put("1", one());
        module.maps.put("2", Map.of(1, one()));
        assertThat(module.stateDict().keySet()).containsExactly("foo_bar", "maps.1", "maps.2.1", "late");
    }

    @Test
    void fields_that_differ_in_spelling_only_are_two_of_one_name() {
        final class Net extends Still {
            final Parameter fooBar = one();

            @SuppressWarnings("checkstyle:MemberName") // the point of the test
            final Parameter foo_bar = one();
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> new Net().stateDict())
                .withMessageContaining("field Net.fooBar and field Net.foo_bar");
    }

    @Test
    void one_member_in_two_fields_of_one_name_is_no_conflict() {
        class Upper extends Still {
            private final Parameter gain;

            Upper(Parameter gain) {
                this.gain = gain;
            }
        }
        final class Lower extends Upper {
            private final Parameter gain;

            Lower(Parameter gain) {
                super(gain);
                this.gain = gain;
            }
        }
        assertThat(new Lower(one()).stateDict().keySet()).containsExactly("gain");
    }

    @Test
    void collections_and_maps_are_walked_by_position_and_by_key() {
        final class Net extends Still {
            final Map<String, Object> blocks = new LinkedHashMap<>();
            final Map<String, Parameter> byName = Map.of("d", one(), "b", one(), "a", one(), "c", one());
            final Collection<Parameter> deque = new ArrayDeque<>(List.of(one(), one()));
            final Path path = Path.of("vocabulary"); // iterates over itself
        }
        Net net = new Net();
        net.blocks.put("up", new Embedder());
        net.blocks.put("atRest", List.of(one()));
        net.blocks.put("count", 3);
        assertThat(net.stateDict().keySet())
                .containsExactly(
                        "blocks.atRest.0",
                        "by_name.a",
                        "by_name.b",
                        "by_name.c",
                        "by_name.d",
                        "deque.0",
                        "deque.1",
                        "blocks.up.table");
    }

    @Test
    void keys_with_dots_and_sets_without_order_are_refused() {
        final class Dotted extends Still {
            final Map<String, Parameter> blocks = Map.of("a.b", one());
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> new Dotted().stateDict())
                .withMessageContaining("keys without a dot")
                .withMessageContaining("'a.b' in field Dotted.blocks");
        final class Mixed extends Still {
            final Set<Parameter> blocks = Set.of(one());
            final Set<String> words = Set.of("a", "b");
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> new Mixed().stateDict())
                .withMessageContaining("field Mixed.blocks")
                .withMessageContaining("hold them in a List");
    }

    @Test
    void captured_variables_have_their_own_names_and_are_no_second_members() {
        Parameter gain = one();
        Parameter bias = one();
        List<Parameter> captured = List.of(one());
        Module module = new Still() {
            final Parameter scale = gain;
            final List<Parameter> terms = captured;

            @Override
            protected Tensor compute(Tensor x) {
                return x.mul(gain).add(bias).add(captured.get(0));
            }
        };
        assertThat(module.stateDict().keySet()).containsExactly("scale", "terms.0", "bias");
    }
}
