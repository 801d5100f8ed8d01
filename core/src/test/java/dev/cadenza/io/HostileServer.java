package dev.cadenza.io;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A real server on this machine that answers each request by the next of the answers that a test gave it. */
final class HostileServer implements AutoCloseable {
    /** How to answer a request. */
    @FunctionalInterface
    interface Answer {
        void to(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Deque<Answer> answers = new ArrayDeque<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    /** Released when the server closes, so that no stalled answer outlives its test. */
    private final CountDownLatch closing = new CountDownLatch(1);

    HostileServer(Answer... answers) throws IOException {
        Collections.addAll(this.answers, answers);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        String condition = exchange.getRequestHeaders().getFirst("If-Range");
        requests.add(exchange.getRequestURI().getPath()
                + (range == null ? "" : " " + range)
                + (condition == null ? "" : " if " + condition));
        Answer answer;
        synchronized (answers) {
            answer = answers.isEmpty() ? status(500) : answers.pop();
        }
        try (exchange) {
            answer.to(exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Each request that came: its path, and what range it asked for on what condition. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    static Answer whole(byte[] content) {
        return part(content, 0, content.length);
    }

    /** Announces all from {@code from} on, sends what is before {@code to}, and breaks off. */
    static Answer part(byte[] content, int from, int to) {
        return exchange -> {
            if (from > 0) {
                exchange.getResponseHeaders()
                        .add("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
            }
            exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
            send(exchange, content, from, to);
        };
    }

    private static void send(HttpExchange exchange, byte[] content, int from, int to) throws IOException {
        OutputStream body = exchange.getResponseBody();
        body.write(content, from, to - from);
        body.flush();
    }

    /** Sends half and then nothing, without closing the connection. */
    Answer stall(byte[] content) {
        return exchange -> {
            exchange.sendResponseHeaders(200, content.length);
            send(exchange, content, 0, content.length / 2);
            closing.await();
        };
    }

    /** Says nothing at all. */
    Answer silence() {
        return exchange -> closing.await();
    }

    static Answer status(int status) {
        return exchange -> exchange.sendResponseHeaders(status, -1);
    }

    /** Does what another answer does, with a header before it. */
    static Answer with(String header, String value, Answer answer) {
        return exchange -> {
            exchange.getResponseHeaders().add(header, value);
            answer.to(exchange);
        };
    }

    void then(Answer answer) {
        synchronized (answers) {
            answers.add(answer);
        }
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
