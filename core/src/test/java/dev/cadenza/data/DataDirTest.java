package dev.cadenza.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.cadenza.io.DataException;
import dev.cadenza.io.Download;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataDirTest {
    @TempDir
    Path dir;

    private final Map<String, byte[]> served = new ConcurrentHashMap<>();
    private final List<String> requests = new ArrayList<>();
    private HttpServer server;
    private DataDir.Places places;

    @BeforeEach
    void serve() throws IOException {
        places = new DataDir.Places(Files.createDirectory(dir.resolve("root")), dir.resolve("home/.cache/cadenza"));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            requests.add(path);
            byte[] content = served.get(path);
            exchange.sendResponseHeaders(content == null ? 404 : 200, content == null ? -1 : content.length);
            if (content != null) {
                exchange.getResponseBody().write(content);
            }
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void the_environment_names_the_directory() {
        assertThat(DataDir.root("elsewhere", dir)).isEqualTo(Path.of("elsewhere"));
    }

    @Test
    void without_it_the_shared_folder_beside_the_working_directory_is_taken_then_the_cache() throws IOException {
        Path cache = Path.of(System.getProperty("user.home"), ".cache", "cadenza");
        Path work = Files.createDirectory(dir.resolve("work"));
        assertThat(DataDir.root(null, work)).isEqualTo(cache);
        Path shared = Files.createDirectories(dir.resolve("shared").resolve("data"));
        assertThat(DataDir.root(null, work).normalize()).isEqualTo(shared);
        assertThat(DataDir.root(" ", work).normalize()).isEqualTo(shared);
    }

    @Test
    void a_data_set_that_is_not_there_is_refused_with_the_place_and_the_cure() {
        Path place = DataDir.root().resolve("no-such-set").toAbsolutePath().normalize();
        assertThatThrownBy(() -> DataDir.find("no-such-set"))
                .isInstanceOf(DataException.class)
                .hasMessage(place + ": no such folder; put the files of no-such-set there, "
                        + "or set CADENZA_DATA to the folder that has a folder no-such-set");
    }

    @Test
    void a_folder_is_found_in_the_data_directory_then_in_the_cache() throws IOException {
        Path cached = Files.createDirectories(places.cache().resolve("pets"));
        assertThat(DataDir.find(places, "pets")).isEqualTo(cached);
        Path shared = Files.createDirectories(places.root().resolve("pets"));
        assertThat(DataDir.find(places, "pets")).isEqualTo(shared);
        assertThat(folder("pets.zip")).isEqualTo(shared);
        assertThat(requests).isEmpty();
    }

    @Test
    void an_archive_in_the_data_directory_is_extracted_into_the_cache_once() throws IOException {
        Path archive = Files.write(places.root().resolve("pets.zip"), pets());
        Path folder = places.cache().resolve("pets");
        assertThat(DataDir.find(places, "pets")).isEqualTo(folder);
        assertThat(folder.resolve("cat/1.txt")).hasContent("meow");
        assertThat(places.root()).isDirectoryContaining(archive::equals).isDirectoryNotContaining("glob:**/pets");
        Files.delete(archive);
        assertThat(folder("pets.zip")).isEqualTo(folder);
        assertThat(requests).isEmpty();
    }

    @Test
    void an_archive_of_another_make_is_not_compared_with_the_hash_of_the_download() throws IOException {
        Files.write(places.root().resolve("pets.tgz"), pets()); // known by its content
        assertThat(folder("pets-v2.zip").resolve("cat/1.txt")).hasContent("meow");
        assertThat(requests).isEmpty();
    }

    @Test
    void what_is_nowhere_is_downloaded_and_extracted_once() throws IOException {
        served.put("/pets.zip", pets());
        assertThat(folder("pets.zip").resolve("cat/1.txt")).hasContent("meow");
        assertThat(folder("pets.zip").resolve("cat/1.txt")).hasContent("meow");
        assertThat(requests).containsExactly("/pets.zip");
        assertThat(places.cache()).isDirectoryNotContaining("glob:**.zip");
        assertThat(places.root()).isEmptyDirectory();
    }

    @Test
    void an_archive_that_was_fetched_by_hand_is_taken_from_where_the_error_said() throws IOException {
        assertThatThrownBy(() -> folder("pets-v2.zip"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("answered 404 (no such file)")
                .hasMessageEndingWith(
                        "fetch it by hand and put it at " + places.cache().resolve("pets-v2.zip"));
        Files.write(places.cache().resolve("pets-v2.zip"), pets());
        assertThat(folder("pets-v2.zip").resolve("cat/1.txt")).hasContent("meow");
    }

    @Test
    void files_are_downloaded_one_by_one_and_only_those_that_the_cache_lacks() throws IOException {
        served.put("/a.gz", bytes("a"));
        served.put("/b.gz", bytes("b"));
        List<DataDir.Source> files = List.of(source("a.gz"), source("b.gz"), source("c.gz"));
        Path folder = Files.createDirectories(places.cache().resolve("letters"));
        Files.writeString(folder.resolve("b"), "plain");
        assertThatThrownBy(() -> DataDir.files(places, "letters", files, DataDirTest::quick))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(folder.resolve("c.gz") + ": ");
        served.put("/c.gz", bytes("c"));
        assertThat(DataDir.files(places, "letters", files, DataDirTest::quick)).isEqualTo(folder);
        assertThat(requests).containsExactly("/a.gz", "/c.gz", "/c.gz");
        assertThat(folder.resolve("c.gz")).hasContent("c");
    }

    @Test
    void a_folder_of_files_in_the_data_directory_is_taken_as_it_is() throws IOException {
        Path folder = Files.createDirectories(places.root().resolve("letters"));
        assertThat(DataDir.files(places, "letters", List.of(source("a.gz")), DataDirTest::quick))
                .isEqualTo(folder);
        assertThat(requests).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "../pets", "a/b", ".hidden"})
    void a_name_that_leads_elsewhere_is_refused(String name) {
        assertThatThrownBy(() -> DataDir.find(places, name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("wanted the name of a data set, but got: " + name);
    }

    @Test
    void a_source_without_an_address_is_refused() {
        assertThatThrownBy(() -> DataDir.Source.of("00"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("wanted one address or more, but got none");
    }

    private Path folder(String file) {
        return DataDir.folder(places, "pets", source(file), DataDirTest::quick);
    }

    private static void quick(Download.Options o) {
        o.tries = 1;
        o.stallTimeout = Duration.ofSeconds(20);
    }

    private DataDir.Source source(String file) {
        byte[] content = served.getOrDefault("/" + file, bytes(file.substring(0, 1)));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return DataDir.Source.of(
                    HexFormat.of().formatHex(digest),
                    "http://127.0.0.1:" + server.getAddress().getPort() + "/" + file);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] pets() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("pets/cat/1.txt"));
            zip.write(bytes("meow"));
        }
        return bytes.toByteArray();
    }
}
