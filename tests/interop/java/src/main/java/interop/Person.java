package interop;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** A browser at a provider that signs in by itself: cookies, and a request that is not followed. */
final class Person {
    private final HttpClient browser = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

    URI visit(URI address) throws IOException, InterruptedException {
        HttpResponse<String> response =
                browser.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
        return URI.create(response.headers().firstValue("Location").orElseThrow(() ->
                new IllegalStateException(address + ": " + response.statusCode() + " " + response.body())));
    }
}
