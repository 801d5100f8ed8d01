package dev.cadenza.io;

import dev.cadenza.tensor.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The few Python names that a file of weights needs; every other one is refused, since it would be code. */
final class TorchFileGlobals {
    private static final Map<String, DType> STORAGES = Map.of(
            "FloatStorage", DType.FLOAT32,
            "DoubleStorage", DType.FLOAT64,
            "HalfStorage", DType.FLOAT16,
            "BFloat16Storage", DType.BFLOAT16,
            "ByteStorage", DType.UINT8,
            "CharStorage", DType.INT8,
            "ShortStorage", DType.INT16,
            "IntStorage", DType.INT32,
            "LongStorage", DType.INT64,
            "BoolStorage", DType.BOOL);

    private static final Set<String> MAPS =
            Set.of("collections.OrderedDict", "collections.defaultdict", "collections.Counter");
    private static final Set<String> TENSORS =
            Set.of("torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2");
    private static final Set<String> PARAMETERS =
            Set.of("torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state");
    private static final String SIZE = "torch.Size";

    /** Values of options that stand in checkpoints beside the weights; nobody asks what they are. */
    private static final Set<String> UNUSED = Set.of(
            "torch.device",
            "torch.float32",
            "torch.float64",
            "torch.float16",
            "torch.bfloat16",
            "torch.uint8",
            "torch.int8",
            "torch.int16",
            "torch.int32",
            "torch.int64",
            "torch.bool",
            "_codecs.encode",
            "builtins.set",
            "builtins.list",
            "builtins.dict",
            "builtins.int",
            "builtins.float");

    /** Memory that tensors see, by its key in the file. */
    record Storage(DType dtype, String key, long numel) {}

    /** A tensor: how it sees its storage. */
    record View(Storage storage, long offset, List<Long> size, List<Long> stride) {}

    private record Global(String name) {}

    private final TensorReader reader;
    private final Map<String, Storage> storages = new HashMap<>();

    TorchFileGlobals(TensorReader reader) {
        this.reader = reader;
    }

    /** All storages that were met, by key. */
    Map<String, Storage> storages() {
        return storages;
    }

    /** What stands for a Python name, if it is allowed. */
    Object named(String python) {
        String name = python.replaceFirst("^__builtin__\\.", "builtins."); // Python 2
        if (MAPS.contains(name)
                || TENSORS.contains(name)
                || PARAMETERS.contains(name)
                || UNUSED.contains(name)
                || name.equals(SIZE)
                || dtype(name) != null) {
            return new Global(name);
        }
        throw new DataException(
                reader.file(),
                "holds an object of the Python type " + name + ", which only Python can make",
                "save the weights alone, in Python: torch.save(model.state_dict(), path)");
    }

    private static DType dtype(String name) {
        return STORAGES.get(name.replaceFirst("^torch\\.(cuda\\.)?", ""));
    }

    /** What calling an allowed name gives. */
    Object call(Object function, List<Object> args) {
        String name = function instanceof Global global ? global.name() : "";
        if (MAPS.contains(name)) {
            return mapOf(args);
        }
        if (TENSORS.contains(name)) {
            return view(name, args);
        }
        if (PARAMETERS.contains(name) && !args.isEmpty() && args.get(0) instanceof View view) {
            return view;
        }
        if (name.equals(SIZE) && args.size() == 1 && args.get(0) instanceof ArrayList<?> sizes) {
            return sizes;
        }
        if (UNUSED.contains(name)) {
            return new TorchFilePickle.Opaque();
        }
        throw reader.damaged("the list of tensors calls '" + name + "' with wrong arguments");
    }

    private static Map<Object, Object> mapOf(List<Object> args) {
        Map<Object, Object> map = new LinkedHashMap<>();
        if (args.size() == 1) { // Python 2 wrote the pairs as an argument
            for (Object pair : TorchFilePickle.list(args.get(0))) {
                List<Object> both = TorchFilePickle.list(pair);
                if (both.size() == 2) {
                    map.put(TorchFilePickle.key(both.get(0)), both.get(1));
                }
            }
            map.putAll(TorchFilePickle.map(args.get(0)));
        }
        return map;
    }

    private View view(String name, List<Object> args) {
        if (args.size() < 4 || !(args.get(0) instanceof Storage storage) || !(args.get(1) instanceof Long offset)) {
            throw reader.damaged("the list of tensors calls '" + name + "' with wrong arguments");
        }
        if (args.size() > 6 && !TorchFilePickle.map(args.get(6)).isEmpty()) {
            throw new DataException(
                    reader.file(),
                    "holds a tensor with attributes "
                            + TorchFilePickle.map(args.get(6)).keySet() + ", a lazy negative or conjugate",
                    "save tensor.resolve_neg().resolve_conj() in Python");
        }
        return checked(new View(storage, offset, numbers(args.get(2)), numbers(args.get(3))));
    }

    private List<Long> numbers(Object value) {
        List<Long> numbers = new ArrayList<>();
        for (Object each : TorchFilePickle.list(value)) {
            if (!(each instanceof Long number) || number < 0) {
                throw reader.damaged("a size or stride of a tensor is no whole number of 0 or more");
            }
            numbers.add(number);
        }
        return numbers;
    }

    /** What libtorch would see must lie within the storage. */
    private View checked(View view) {
        long numel = TensorReader.numel(view.size());
        boolean holds = numel >= 0
                && view.offset() >= 0
                && view.stride().size() == view.size().size();
        long last = view.offset();
        for (int i = 0; holds && numel > 0 && i < view.size().size(); i++) {
            long steps = view.size().get(i) - 1;
            long stride = view.stride().get(i);
            holds = steps == 0 || stride <= (view.storage().numel() - 1) / steps;
            last += holds ? steps * stride : 0;
            holds = holds && last < view.storage().numel(); // after each, so that the sum cannot wrap
        }
        if (!holds || (numel > 0 && last >= view.storage().numel())) {
            throw reader.damaged(
                    "a tensor of size " + view.size() + ", stride " + view.stride() + " and offset " + view.offset()
                            + " lies outside its memory of " + view.storage().numel() + " elements");
        }
        return view;
    }

    /** The storage of a persistent id: {@code ('storage', type, key, device, numel)}, and in old files a view, None. */
    Storage storage(List<Object> id) {
        boolean holds = id.size() >= 5
                && "storage".equals(id.get(0))
                && id.get(1) instanceof Global
                && id.get(2) instanceof String
                && id.get(4) instanceof Long
                && (id.size() == 5 || id.get(5) == null);
        DType dtype = holds ? dtype(((Global) id.get(1)).name()) : null;
        if (dtype == null) {
            throw reader.damaged("the list of tensors names a storage in an unknown way");
        }
        Storage storage = new Storage(dtype, (String) id.get(2), (Long) id.get(4));
        Storage before = storages.putIfAbsent(storage.key(), storage);
        if (before != null && !before.equals(storage)) {
            throw new DataException(
                    reader.file(),
                    "sees the same memory as " + before.dtype() + "[" + before.numel() + "] and as " + storage.dtype()
                            + "[" + storage.numel() + "]",
                    "save clones of these tensors in Python");
        }
        return storage;
    }
}
