package dev.cadenza.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Specs: what they hold, how they are written and read, and what is made of them. */
class SpecTest {
    private static final Types PAIRS = new Types()
            .add("Leaf", s -> s.text("name"))
            .add("Pair", s -> Map.entry(s.part("a", Object.class), s.part("b", Object.class)))
            .add("All", s -> s.parts("all", Object.class));

    private static Spec everything() {
        return Spec.of("Everything")
                .with("flag", true)
                .with("whole", Long.MIN_VALUE)
                .with("number", 0.1)
                .with("wholeAsNumber", 3.0)
                .with("text", "蓝 \"quoted\"\n")
                .with("choice", TimeUnit.DAYS)
                .with("missing", null)
                .with("wholes", new int[] {1, 2})
                .with("numbers", new double[] {1, Double.MIN_VALUE})
                .with("texts", List.of("a", ""))
                .with("none", new long[0])
                .with("part", (Described) () -> Spec.of("Leaf").with("name", "x"))
                .with("parts", List.of(Spec.of("Leaf"), Spec.of("Leaf")));
    }

    @Test
    void what_is_written_is_read_again() {
        Spec spec = everything();
        Spec same = Spec.parse(spec.toString());
        assertThat(same).isEqualTo(spec).hasSameHashCodeAs(spec).hasToString(spec.toString());
        assertThat(same.type()).isEqualTo("Everything");
        assertThat(same.names()).isEqualTo(spec.names()).doesNotContain("missing");
        assertThat(same.flag("flag")).isTrue();
        assertThat(same.whole("whole")).isEqualTo(Long.MIN_VALUE);
        assertThat(same.number("number")).isEqualTo(0.1);
        assertThat(same.number("wholeAsNumber")).isEqualTo(3);
        assertThat(same.text("text")).isEqualTo("蓝 \"quoted\"\n");
        assertThat(same.choice("choice", TimeUnit.class)).isEqualTo(TimeUnit.DAYS);
        assertThat(same.integerOrNull("missing")).isNull();
        assertThat(same.integers("wholes")).containsExactly(1, 2);
        assertThat(same.numbers("numbers")).containsExactly(1, Double.MIN_VALUE);
        assertThat(same.texts("texts")).containsExactly("a", "");
        assertThat(same.wholes("none")).isEmpty();
        assertThat(same.spec("part").text("name")).isEqualTo("x");
        assertThat(same).isNotEqualTo(Spec.of("Everything"));
    }

    @Test
    void an_option_of_another_kind_is_refused_by_its_name() {
        Spec spec = everything();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> spec.whole("text"))
                .withMessageStartingWith("wanted 'text' to be a whole number, but got: 蓝");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> spec.flag("missing"))
                .withMessage("wanted 'missing' to be true or false, but got: nothing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> spec.integer("whole"))
                .withMessageContaining("a whole number of 32 bits");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> spec.choice("text", TimeUnit.class))
                .withMessageContaining("[NANOSECONDS, ");
        assertThatIllegalArgumentException().isThrownBy(() -> spec.texts("wholes"));
        assertThatIllegalArgumentException().isThrownBy(() -> Spec.of("A").with("x", Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> Spec.of("A").with("type", 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spec.of("A").with("x", 1).with("x", 2));
    }

    @Test
    void what_cannot_be_described_is_named_with_its_place() {
        Runnable function = () -> {};
        Described inner = () -> Spec.of("In").with("act", function);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spec.of("Out").with("layers", List.of(Spec.of("Leaf"), inner)))
                .withMessageStartingWith("layers.1.act is a function, which does not say what it is; use a ready one")
                .withMessageContaining("Activation.relu()");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spec.of("Out").with("what", new Object()))
                .withMessageStartingWith("what is of java.lang.Object, ");
    }

    @Test
    void things_are_made_of_their_parts() {
        String leaf = "{\"type\":\"Leaf\",\"name\":\"%s\"}";
        Spec spec = Spec.parse("{\"type\":\"Pair\",\"a\":" + leaf.formatted("x") + ",\"b\":{\"type\":\"All\",\"all\":["
                + leaf.formatted("y") + "]}}");
        for (int twice = 0; twice < 2; twice++) {
            assertThat(PAIRS.make(spec, Object.class)).isEqualTo(Map.entry("x", List.of("y")));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'type':'Nothing'} | Nothing: this type is unknown; known are [All, Leaf, Pair]",
                "{'type':'Leaf'} | Leaf: wanted 'name' to be a text, but got: nothing",
                "{'type':'Leaf','name':'x','size':3} | Leaf: got options that are unknown here: [size]",
                "{'type':'All','all':[{'type':'Leaf','name':1}]} | all.0 (Leaf): wanted 'name' to be a text, but got: 1",
                "{'type':'All','all':[3]} | All: wanted 'all' to be specs, but got: 3",
                "{'type':'Pair','a':{'type':'Leaf','name':'x'},'b':{'type':'Pair'}} | b (Pair): wanted 'a' to be a spec",
            })
    void an_error_tells_where_it_is(String json, String message) {
        Spec spec = Spec.parse(json.replace('\'', '"'));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PAIRS.make(spec, Object.class))
                .withMessageStartingWith(message);
    }

    @Test
    void a_thing_of_another_kind_and_a_name_given_twice_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PAIRS.make(Spec.of("Leaf").with("name", "x"), Integer.class))
                .withMessage("Leaf: wanted a Integer here, but that is a String");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Types().add(PAIRS).add("Leaf", s -> 1))
                .withMessageContaining("acme.Leaf");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | an object",
                "{} | \"type\" with a text",
                "{'type':3} | \"type\" with a text",
                "{'x':1,'type':'A'} | \"type\" with a text",
                "{'type':'A'} {} | nothing after its end",
                "{'type':'A','x':null} | no VALUE_NULL",
                "{'type':'A','x':[[1]]} | no list in a list",
                "{'type':'A','x':1,'x':2} | no valid JSON: Duplicate",
                "{'type':'A','x':1e999} | finite numbers",
                "{'type':'A','x':99999999999999999999} | no valid JSON: Numeric value",
                "{'type':'A' | no valid JSON: Unexpected end-of-input",
                "{'type':'A','x': | no valid JSON: Unexpected end-of-input",
            })
    void what_is_no_spec_is_refused(String json, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spec.parse(json.replace('\'', '"')))
                .withMessageContaining(message);
    }

    @Test
    void neither_deep_nor_many_parts_are_read() {
        String deep = "{\"type\":\"A\",\"a\":".repeat(SpecJson.MOST_DEPTH + 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spec.parse(deep))
                .withMessageContaining("at most 64 parts one inside the other");
        String many = "{\"type\":\"A\",\"a\":[" + "{\"type\":\"A\"},".repeat(SpecJson.MOST_SPECS) + "0]}";
        assertThatIllegalArgumentException().isThrownBy(() -> Spec.parse(many)).withMessageContaining("100000 in all");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spec.parse("[".repeat(100_000)))
                .withMessageContaining("wanted an object");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Spec.parse(" ".repeat((1 << 24) + 1)))
                .withMessageContaining("at most 16777216 characters");
    }
}
