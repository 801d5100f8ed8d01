package dev.cadenza.io;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** The format of PyTorch since 1.6: an uncompressed zip of {@code NAME/data.pkl} and {@code NAME/data/KEY}. */
final class TorchFileZip {
    private static final String PICKLE = "/data.pkl";
    private static final String ORDER = "/byteorder";

    private final TensorReader reader;
    private final Map<String, ZipArchiveEntry> entries = new HashMap<>();

    private TorchFileZip(TensorReader reader) {
        this.reader = reader;
    }

    static TorchFileContent read(TensorReader reader) throws IOException {
        return new TorchFileZip(reader).read();
    }

    private TorchFileContent read() throws IOException {
        list();
        String folder = folder();
        requireLittleEndian(folder);
        TorchFileContent.Place list = place(folder + PICKLE);
        TorchFileSource source = new TorchFileSource(reader, list.position(), list.position() + list.bytes());
        Object root = new TorchFilePickle(source, new TorchFileGlobals(reader)).load();
        Map<String, TorchFileContent.Place> places = new HashMap<>();
        String memory = folder + "/data/";
        for (String name : entries.keySet()) {
            if (name.startsWith(memory)) {
                places.put(name.substring(memory.length()), place(name));
            }
        }
        requireApart(places);
        return new TorchFileContent(reader, root, places);
    }

    private void list() {
        // Through a channel of its own, since a zip closes its channel.
        try (ZipFile zip = ZipFile.builder().setPath(reader.file()).get()) {
            for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
                if (entries.put(entry.getName(), entry) != null) {
                    throw reader.damaged("holds two files named '" + entry.getName() + "'");
                }
            }
        } catch (DataException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // the library lets some errors of arithmetic through
            throw new DataException(reader.file(), "is no sound zip file (" + e + ")", TensorReader.DAMAGED, e);
        }
    }

    private String folder() {
        List<String> lists = entries.keySet().stream()
                .filter(name -> name.endsWith(PICKLE) && name.indexOf('/') == name.length() - PICKLE.length())
                .toList();
        if (lists.size() != 1) {
            throw new DataException(
                    reader.file(),
                    "is a zip file, but not one of torch.save: it has " + lists.size() + " files FOLDER/data.pkl",
                    "check that this is the right file; what lies inside another zip must be unpacked first");
        }
        String folder = lists.get(0).substring(0, lists.get(0).length() - PICKLE.length());
        if (entries.containsKey(folder + "/constants.pkl")) {
            throw new DataException(
                    reader.file(),
                    "is a TorchScript program, not weights",
                    "load it by ScriptModule.load, or save its weights in Python:"
                            + " torch.save(torch.jit.load(path).state_dict(), other)");
        }
        return folder;
    }

    private void requireLittleEndian(String folder) throws IOException {
        if (entries.containsKey(folder + ORDER)) { // files of before PyTorch 2.1 have none
            TorchFileContent.Place place = place(folder + ORDER);
            String order = new String(reader.bytes(place.position(), (int) Math.min(place.bytes(), 16)), UTF_8);
            if (!order.equals("little")) {
                throw new DataException(
                        reader.file(),
                        "has the byte order '" + order + "', little was wanted",
                        "save it on a little-endian machine, or after"
                                + " torch.serialization.set_default_load_endianness there");
            }
        }
    }

    private TorchFileContent.Place place(String name) {
        ZipArchiveEntry entry = entries.get(name);
        if (entry.getMethod() != ZipEntry.STORED || entry.getGeneralPurposeBit().usesEncryption()) {
            throw new DataException(
                    reader.file(),
                    "'" + name + "' is compressed or encrypted, which torch.save never does",
                    "unpack it and zip it again without compression (zip -0 -r), or save it again");
        }
        long position = entry.getDataOffset();
        long bytes = entry.getSize();
        if (position < 0 || bytes < 0 || bytes > reader.size() - position) {
            throw reader.damaged("'" + name + "' lies outside the file");
        }
        return new TorchFileContent.Place(position, bytes, entry.getCrc());
    }

    /** Files that lie upon each other are how a small zip becomes a huge one. */
    private void requireApart(Map<String, TorchFileContent.Place> places) {
        List<TorchFileContent.Place> ordered = new ArrayList<>(places.values());
        ordered.sort(Comparator.comparingLong(TorchFileContent.Place::position)
                .thenComparingLong(TorchFileContent.Place::bytes));
        long end = 0;
        for (TorchFileContent.Place place : ordered) {
            if (place.position() < end) {
                throw reader.damaged("two of its tensors lie in the same place");
            }
            end = place.position() + place.bytes();
        }
    }
}
