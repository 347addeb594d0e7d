package interop;

import com.nimbusds.oauth2.sdk.util.URLUtils;
import com.nimbusds.openid.connect.sdk.BackChannelLogoutRequest;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Where this client is told of the end of a session. */
final class Listener implements AutoCloseable {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final HttpServer server;

    Listener(URI address) throws IOException {
        server = HttpServer.create(new InetSocketAddress(address.getHost(), address.getPort()), 0);
        server.createContext(address.getPath(), this::keep);
        server.start();
    }

    private void keep(HttpExchange exchange) throws IOException {
        heard.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    BackChannelLogoutRequest take() throws Exception {
        String form = heard.poll(30, TimeUnit.SECONDS);
        if (form == null) {
            throw new IllegalStateException("nobody told of the logout");
        }
        return BackChannelLogoutRequest.parse(URLUtils.parseParameters(form));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
