package dev.cadenza.io;

import dev.cadenza.tensor.Kernels;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/** What a file of PyTorch holds: the object that was saved, and where the memory of its tensors lies. */
record TorchFileContent(TensorReader reader, Object root, Map<String, Place> places) {
    /** A part of the file; a checksum of -1 is none. */
    record Place(long position, long bytes, long checksum) {}

    /** Tensors as they were saved: those that shared memory share it. */
    Map<String, Tensor> tensors(Map<String, TorchFileGlobals.View> views) throws IOException {
        Map<String, Tensor> storages = new HashMap<>();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        try (Scope scope = Scope.open()) {
            for (Map.Entry<String, TorchFileGlobals.View> each : views.entrySet()) {
                TorchFileGlobals.View view = each.getValue();
                Tensor storage = storages.get(view.storage().key());
                if (storage == null) {
                    storage = storage(view.storage());
                    storages.put(view.storage().key(), storage);
                }
                tensors.put(each.getKey(), tensor(storage, view));
            }
            tensors.values().forEach(Tensor::keep);
        }
        return tensors;
    }

    private static Tensor tensor(Tensor storage, TorchFileGlobals.View view) {
        long[] size = TensorReader.array(view.size());
        return view.size().contains(0L)
                ? Tensor.zeros(storage.dtype(), size)
                : Kernels.asStrided(storage, size, TensorReader.array(view.stride()), view.offset());
    }

    private Tensor storage(TorchFileGlobals.Storage storage) throws IOException {
        Place place = places.get(storage.key());
        if (place == null) {
            throw reader.damaged("the memory '" + storage.key() + "' of a tensor is missing");
        }
        if (place.bytes() % storage.dtype().bytes() != 0
                || place.bytes() / storage.dtype().bytes() != storage.numel()) {
            throw reader.damaged("the memory '" + storage.key() + "' has " + place.bytes() + " bytes, but "
                    + storage.numel() + " elements of " + storage.dtype() + " were announced");
        }
        CRC32 checksum = new CRC32();
        Tensor tensor = reader.tensor(place.position(), checksum, storage.dtype(), storage.numel());
        if (place.checksum() >= 0 && place.checksum() != checksum.getValue()) {
            throw reader.damaged("the checksum of the memory '" + storage.key() + "' is wrong");
        }
        return tensor;
    }
}
