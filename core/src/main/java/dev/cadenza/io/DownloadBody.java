package dev.cadenza.io;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Hands over the body of a response piece by piece, waiting for each for a limited time: a stream's read waits forever. */
final class DownloadBody implements Flow.Subscriber<List<ByteBuffer>>, AutoCloseable {
    private static final Object END = new Object();

    /** Never holds more than one piece and the end: the next is asked for when one was taken. */
    private final BlockingQueue<Object> pieces = new LinkedBlockingQueue<>();

    private volatile Flow.Subscription subscription;
    private volatile boolean closed;

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        if (closed) {
            given.cancel();
        } else {
            given.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> piece) {
        pieces.add(piece);
    }

    @Override
    public void onError(Throwable problem) {
        pieces.add(problem);
    }

    @Override
    public void onComplete() {
        pieces.add(END);
    }

    /** Return the next piece, or null at the end. */
    @SuppressWarnings("unchecked") // only onNext puts lists
    List<ByteBuffer> next(Duration patience) throws IOException, InterruptedException {
        Object piece = pieces.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        if (piece == null) {
            throw new HttpTimeoutException("no byte came for " + Download.seconds(patience));
        }
        if (piece instanceof Throwable problem) {
            throw new IOException("the connection broke (" + problem.getMessage() + ")", problem);
        }
        if (piece == END) {
            return null;
        }
        subscription.request(1);
        return (List<ByteBuffer>) piece;
    }

    @Override
    public void close() {
        closed = true;
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
