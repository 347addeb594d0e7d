package interop;

import com.nimbusds.jwt.JWT;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.util.JSONObjectUtils;
import com.nimbusds.openid.connect.sdk.AuthenticationSuccessResponse;
import com.nimbusds.openid.connect.sdk.LogoutRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.claims.LogoutTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.token.OIDCTokens;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import net.minidev.json.JSONObject;

/**
 * A client that registers itself, signs somebody in, uses what it was given, and signs out again. What it is told comes
 * as JSON on standard input, what it has seen goes to standard output.
 */
public final class Nimbus {
    private static final URI GOODBYE = URI.create("http://127.0.0.1:8765/goodbye");

    public static void main(String[] arguments) throws Exception {
        String input = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        JSONObject told = JSONObjectUtils.parse(input);
        JSONObject metadata = JSONObjectUtils.getJSONObject(told, "metadata");
        try (Listener logouts = new Listener(URI.create((String) metadata.get("backchannel_logout_uri")))) {
            Client client = Client.registered((String) told.get("issuer"), metadata);
            System.out.println(new JSONObject(flow(client, new Person(), logouts)).toJSONString());
        }
    }

    private static Map<String, Object> flow(Client client, Person person, Listener logouts) throws Exception {
        State state = new State();
        Nonce nonce = new Nonce();
        CodeVerifier verifier = new CodeVerifier();
        URI answer = person.visit(client.authenticationRequest(state, nonce, verifier));
        AuthenticationSuccessResponse response = client.accepted(answer, state, nonce);

        OIDCTokens tokens =
                client.tokens(new AuthorizationCodeGrant(response.getAuthorizationCode(), client.redirectURI(), verifier));
        IDTokenClaimsSet claims = client.verified(tokens, nonce);
        JSONObject userinfo = client.userinfo(tokens.getAccessToken());
        OIDCTokens renewed = client.tokens(new RefreshTokenGrant(tokens.getRefreshToken()));
        boolean live = client.isActive(renewed.getAccessToken());
        client.revoke(renewed.getRefreshToken());

        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("subject", claims.getSubject().getValue());
        seen.put("userinfo_subject", userinfo.get("sub"));
        seen.put("email", userinfo.get("email"));
        seen.put("refreshed_subject", client.verified(renewed, null).getSubject().getValue());
        seen.put("rotated", !renewed.getRefreshToken().equals(tokens.getRefreshToken()));
        seen.put("live", live);
        seen.put("dead", client.isActive(renewed.getAccessToken()));
        seen.put("goodbye", person.visit(logout(client, Client.signed(tokens.getIDToken()))).toString());
        LogoutTokenClaimsSet ended = client.verifiedLogout(logouts.take());
        seen.put("ended_session", ended.getSessionID().equals(claims.getSessionID()));
        seen.put("ended_subject", ended.getSubject().getValue());
        return seen;
    }

    private static URI logout(Client client, JWT hint) {
        return new LogoutRequest(client.endSessionEndpoint(), hint, GOODBYE, new State("bye")).toURI();
    }
}
