package dev.cadenza.io;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** Writes specs as JSON, and reads them from texts that may be hostile: neither deep nor many. */
final class SpecJson {
    static final int MOST_DEPTH = 64;
    static final int MOST_SPECS = 100_000;
    private static final int MOST_CHARACTERS = 1 << 24;
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final JsonParser json;
    private int specs;

    private SpecJson(JsonParser json) {
        this.json = json;
    }

    static String write(Spec spec) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
            write(json, spec);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, Object value) {
        if (value instanceof Spec spec) {
            json.writeStartObject();
            json.writeName(Spec.TYPE).writeString(spec.type());
            for (Map.Entry<String, Object> each : spec.options().entrySet()) {
                json.writeName(each.getKey());
                write(json, each.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            list.forEach(each -> write(json, each));
            json.writeEndArray();
        } else if (value instanceof Boolean flag) {
            json.writeBoolean(flag);
        } else if (value instanceof Long whole) {
            json.writeNumber(whole);
        } else if (value instanceof Double number) {
            json.writeNumber(number);
        } else {
            json.writeString(value.toString());
        }
    }

    static Spec read(String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException(
                    "wanted a description of at most " + MOST_CHARACTERS + " characters, but got " + text.length());
        }
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            SpecJson reader = new SpecJson(parser);
            reader.require(parser.nextToken() == JsonToken.START_OBJECT, "an object");
            Spec spec = reader.spec("", 1);
            reader.require(parser.nextToken() == null, "nothing after its end");
            return spec;
        } catch (JacksonException e) {
            throw new IllegalArgumentException("it is no valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    private Spec spec(String place, int depth) {
        if (depth > MOST_DEPTH || ++specs > MOST_SPECS) {
            throw new IllegalArgumentException("wanted at most " + MOST_DEPTH + " parts one inside the other and "
                    + MOST_SPECS + " in all, but got more");
        }
        require(
                json.nextToken() == JsonToken.PROPERTY_NAME
                        && json.currentName().equals(Spec.TYPE)
                        && json.nextToken() == JsonToken.VALUE_STRING,
                "\"type\" with a text at the beginning of each object");
        Spec spec = new Spec(json.getString(), place);
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            spec.options().put(name, value(place.isEmpty() ? name : place + "." + name, depth));
        }
        return spec;
    }

    private Object value(String place, int depth) {
        return switch (json.currentToken()) {
            case START_OBJECT -> spec(place, depth + 1);
            case START_ARRAY -> list(place, depth);
            case VALUE_STRING -> json.getString();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT -> json.getLongValue();
            case VALUE_NUMBER_FLOAT -> finite(json.getDoubleValue());
            default -> throw wanted("no " + json.currentToken());
        };
    }

    private List<Object> list(String place, int depth) {
        List<Object> all = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            require(json.currentToken() != JsonToken.START_ARRAY, "no list in a list");
            all.add(value(place + "." + all.size(), depth));
        }
        return Collections.unmodifiableList(all);
    }

    private double finite(double number) {
        require(Double.isFinite(number), "finite numbers");
        return number;
    }

    private void require(boolean holds, String what) {
        if (!holds) {
            throw wanted(what);
        }
    }

    private IllegalArgumentException wanted(String what) {
        return new IllegalArgumentException("it is no description: wanted " + what + " (near character "
                + json.currentLocation().getCharOffset() + ")");
    }
}
