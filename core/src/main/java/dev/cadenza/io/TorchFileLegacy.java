package dev.cadenza.io;

import java.io.IOException;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;

/**
 * The format of PyTorch before 1.6: five pickles (a magic number, a version, facts of the machine, the object, the keys
 * of its storages), then each storage as eight bytes of count and its elements.
 */
final class TorchFileLegacy {
    private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
    private static final long VERSION = 1001;

    private final TensorReader reader;
    private final TorchFileSource source;
    private final TorchFileGlobals globals;

    private TorchFileLegacy(TensorReader reader) {
        this.reader = reader;
        this.source = new TorchFileSource(reader, 0, reader.size());
        this.globals = new TorchFileGlobals(reader);
    }

    static TorchFileContent read(TensorReader reader) throws IOException {
        return new TorchFileLegacy(reader).read();
    }

    private TorchFileContent read() throws IOException {
        if (!MAGIC.equals(pickle())) {
            throw new DataException(
                    reader.file(),
                    "is a Python pickle, but not of torch.save",
                    "save the weights in Python: torch.save(model.state_dict(), path)");
        }
        Object version = pickle();
        if (!Long.valueOf(VERSION).equals(version)) {
            throw new DataException(
                    reader.file(),
                    "is of version " + (version instanceof Long ? version : "?") + " of the old format of PyTorch, "
                            + VERSION + " was wanted",
                    "load it in Python with the PyTorch that wrote it, and torch.save it again with a newer one");
        }
        if (!Boolean.TRUE.equals(TorchFilePickle.map(pickle()).get("little_endian"))) {
            throw new DataException(
                    reader.file(),
                    "was written on a big-endian machine",
                    "load it in Python there, and save it again with PyTorch 2.1 or newer");
        }
        Object root = pickle();
        return new TorchFileContent(reader, root, places(pickle()));
    }

    private Object pickle() throws IOException {
        return new TorchFilePickle(source, globals).load();
    }

    private Map<String, TorchFileContent.Place> places(Object keys) throws IOException {
        Map<String, TorchFileContent.Place> places = new HashMap<>();
        long at = source.position();
        for (Object key : TorchFilePickle.list(keys)) {
            TorchFileGlobals.Storage storage =
                    key instanceof String ? globals.storages().get(key) : null;
            if (storage == null || places.containsKey(key)) {
                throw reader.damaged("lists a storage that no tensor has");
            }
            long position = at + Long.BYTES;
            long left = reader.size() - position;
            long count = left < 0 ? 0 : new TorchFileSource(reader, at, position).i64();
            if (count < 0 || left < 0 || count > left / storage.dtype().bytes()) {
                throw reader.damaged("the memory '" + key + "' announces " + count + " elements of " + storage.dtype()
                        + ", only " + Math.max(left, 0) + " bytes came");
            }
            long bytes = count * storage.dtype().bytes();
            places.put(storage.key(), new TorchFileContent.Place(position, bytes, -1));
            at = position + bytes;
        }
        return places;
    }
}
