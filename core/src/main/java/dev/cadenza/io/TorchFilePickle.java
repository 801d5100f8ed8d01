package dev.cadenza.io;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Run the little stack machine of Python's pickle, with data alone: what would need Python code is refused by name.
 *
 * <p>Maps become {@code LinkedHashMap}, lists and tuples {@code ArrayList}, whole numbers {@code Long} or
 * {@code BigInteger}, {@code None} null; {@link TorchFileGlobals} makes the rest. Nothing here recurs, so no nesting is
 * too deep; each instruction adds a bounded piece, and their number is bounded too.
 */
final class TorchFilePickle {
    /** Some nine for each tensor. */
    private static final int MAX_OBJECTS = 4_000_000;

    /** A value that nobody needs: bytes, a device, a key that is no name. Each is equal to itself alone. */
    static final class Opaque {}

    private final TorchFileSource in;
    private final TorchFileGlobals globals;
    private final List<Object> stack = new ArrayList<>();
    private final Deque<Integer> marks = new ArrayDeque<>();
    private final Map<Integer, Object> memo = new HashMap<>();
    private int objects;

    TorchFilePickle(TorchFileSource in, TorchFileGlobals globals) {
        this.in = in;
        this.globals = globals;
    }

    /** The one object that the pickle at the source's position describes. */
    Object load() throws IOException {
        for (int op = in.u8(); op != '.'; op = in.u8()) {
            if (!constant(op) && !text(op) && !container(op) && !memory(op) && !object(op)) {
                throw broken("instruction 0x%02X is none that torch.save writes".formatted(op));
            }
        }
        return pop();
    }

    private boolean constant(int op) throws IOException {
        switch (op) {
            case 0x80 -> in.u8(); // the version: an instruction of a newer one is refused where it comes
            case 0x95 -> in.i64(); // a frame: a hint for reading ahead
            case 'N' -> push(null);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'J' -> push((long) in.i32());
            case 'K' -> push((long) in.u8());
            case 'M' -> push((long) in.u16());
            case 0x8A -> push(integer(in.bytes(in.u8())));
            case 0x8B -> push(integer(in.bytes(in.i32())));
            case 'G' -> push(in.bigEndianDouble());
            default -> {
                return false;
            }
        }
        return true;
    }

    private static Number integer(byte[] littleEndian) {
        byte[] bytes = new byte[littleEndian.length + 1]; // one more, so that none at all are 0
        for (int i = 0; i < littleEndian.length; i++) {
            bytes[bytes.length - 1 - i] = littleEndian[i];
        }
        bytes[0] = littleEndian.length > 0 && littleEndian[littleEndian.length - 1] < 0 ? (byte) -1 : 0;
        BigInteger value = new BigInteger(bytes);
        if (value.bitLength() < Long.SIZE) {
            return value.longValue();
        }
        return value;
    }

    private boolean text(int op) throws IOException {
        switch (op) {
            case 'X' -> push(in.text(Integer.toUnsignedLong(in.i32())));
            case 0x8C -> push(in.text(in.u8()));
            case 0x8D -> push(in.text(in.i64()));
            case 'U' -> push(latin(in.bytes(in.u8()))); // texts of Python 2
            case 'T' -> push(latin(in.bytes(Integer.toUnsignedLong(in.i32()))));
            case 'C' -> pushOpaque(in.u8());
            case 'B' -> pushOpaque(Integer.toUnsignedLong(in.i32()));
            case 0x8E -> pushOpaque(in.i64());
            default -> {
                return false;
            }
        }
        return true;
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private void pushOpaque(long bytes) throws IOException {
        in.bytes(bytes);
        pushNew(new Opaque());
    }

    private boolean container(int op) {
        switch (op) {
            case '(' -> marks.push(stack.size());
            case ')', ']' -> pushNew(new ArrayList<>());
            case '}' -> pushNew(new LinkedHashMap<>());
            case 0x8F -> pushNew(new Opaque()); // a set
            case 0x85 -> pushNew(take(1));
            case 0x86 -> pushNew(take(2));
            case 0x87 -> pushNew(take(3));
            case 't', 'l' -> pushNew(take(sinceMark()));
            case 'a' -> append(1);
            case 'e' -> append(sinceMark());
            case 's' -> setItems(2);
            case 'u' -> setItems(sinceMark());
            case 0x90 -> take(sinceMark()); // into a set
            case 0x91 -> {
                take(sinceMark()); // a frozen set
                pushNew(new Opaque());
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void append(int count) {
        List<Object> values = take(count);
        if (!(top() instanceof ArrayList<?>)) {
            throw broken("something is appended to what is no list");
        }
        list(top()).addAll(values);
    }

    private void setItems(int count) {
        List<Object> pairs = take(count);
        if (count % 2 != 0 || !(top() instanceof LinkedHashMap<?, ?>)) {
            throw broken("something is put into what is no dict");
        }
        for (int i = 0; i < count; i += 2) {
            map(top()).put(key(pairs.get(i)), pairs.get(i + 1));
        }
    }

    /** Only what compares without looking inside may be a key: a list may hold itself. */
    static Object key(Object value) {
        return value instanceof String || value instanceof Number || value instanceof Boolean ? value : new Opaque();
    }

    private boolean memory(int op) throws IOException {
        switch (op) {
            case '0' -> pop();
            case '1' -> take(sinceMark());
            case '2' -> push(top());
            case 'q' -> memo.put(in.u8(), top());
            case 'r' -> memo.put(in.i32(), top());
            case 0x94 -> memo.put(memo.size(), top());
            case 'h' -> push(recall(in.u8()));
            case 'j' -> push(recall(in.i32()));
            default -> {
                return false;
            }
        }
        return true;
    }

    private Object recall(int index) {
        Object value = memo.get(index);
        if (value == null && !memo.containsKey(index)) {
            throw broken("it refers to object " + index + ", which it has not made");
        }
        return value;
    }

    private boolean object(int op) throws IOException {
        switch (op) {
            case 'c' -> pushNew(globals.named(in.line() + "." + in.line()));
            case 0x93 -> {
                List<Object> names = take(2);
                pushNew(globals.named(names.get(0) + "." + names.get(1)));
            }
            case 'Q' -> pushNew(globals.storage(arguments(pop())));
            case 'R', 0x81 -> {
                List<Object> arguments = arguments(pop());
                pushNew(globals.call(pop(), arguments));
            }
            case 'b' -> {
                pop(); // attributes, such as the _metadata of a state dict
                if (!(top() instanceof LinkedHashMap<?, ?>)) {
                    throw broken("attributes are set on what is no dict");
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private List<Object> arguments(Object value) {
        if (!(value instanceof ArrayList<?>)) {
            throw broken("arguments are no tuple");
        }
        return list(value);
    }

    private void push(Object value) {
        stack.add(value);
    }

    private void pushNew(Object value) {
        if (++objects > MAX_OBJECTS) {
            throw broken("it makes more than " + MAX_OBJECTS + " objects");
        }
        push(value);
    }

    private Object pop() {
        return take(1).get(0);
    }

    private Object top() {
        requireOnStack(1);
        return stack.get(stack.size() - 1);
    }

    private List<Object> take(int count) {
        requireOnStack(count);
        List<Object> tail = stack.subList(stack.size() - count, stack.size());
        List<Object> taken = new ArrayList<>(tail);
        tail.clear();
        return taken;
    }

    private void requireOnStack(int count) {
        if (stack.size() - Objects.requireNonNullElse(marks.peek(), 0) < count) {
            throw broken("it takes more than it has made");
        }
    }

    private int sinceMark() {
        if (marks.isEmpty()) {
            throw broken("a mark is missing");
        }
        return stack.size() - marks.pop();
    }

    private DataException broken(String problem) {
        return in.reader().damaged("the list of tensors (a Python pickle) cannot be read: " + problem);
    }

    @SuppressWarnings("unchecked") // only this class makes these lists, of objects
    static List<Object> list(Object value) {
        return value instanceof ArrayList<?> ? (List<Object>) value : Collections.emptyList();
    }

    @SuppressWarnings("unchecked") // only this class makes these maps, of objects
    static Map<Object, Object> map(Object value) {
        return value instanceof LinkedHashMap<?, ?> ? (Map<Object, Object>) value : Collections.emptyMap();
    }
}
