package interop;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWEDecryptionKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenIntrospectionRequest;
import com.nimbusds.oauth2.sdk.TokenIntrospectionResponse;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenRevocationRequest;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretJWT;
import com.nimbusds.oauth2.sdk.auth.PrivateKeyJWT;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import com.nimbusds.oauth2.sdk.token.Token;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.AuthenticationResponse;
import com.nimbusds.openid.connect.sdk.AuthenticationResponseParser;
import com.nimbusds.openid.connect.sdk.AuthenticationSuccessResponse;
import com.nimbusds.openid.connect.sdk.BackChannelLogoutRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.UserInfoRequest;
import com.nimbusds.openid.connect.sdk.UserInfoResponse;
import com.nimbusds.openid.connect.sdk.UserInfoSuccessResponse;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.claims.LogoutTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.rp.OIDCClientInformation;
import com.nimbusds.openid.connect.sdk.rp.OIDCClientInformationResponse;
import com.nimbusds.openid.connect.sdk.rp.OIDCClientMetadata;
import com.nimbusds.openid.connect.sdk.rp.OIDCClientRegistrationRequest;
import com.nimbusds.openid.connect.sdk.rp.OIDCClientRegistrationResponseParser;
import com.nimbusds.openid.connect.sdk.token.OIDCTokens;
import com.nimbusds.openid.connect.sdk.validators.AccessTokenValidator;
import com.nimbusds.openid.connect.sdk.validators.AuthorizationCodeValidator;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import com.nimbusds.openid.connect.sdk.validators.LogoutTokenValidator;
import java.net.URI;
import java.util.Objects;
import net.minidev.json.JSONObject;

/** One registered client: what it sends, and what it makes of the answers, as its registration says. */
final class Client {
    private static final Scope SCOPE = new Scope("openid", "email", "offline_access");

    private final OIDCProviderMetadata provider;
    private final OIDCClientInformation information;
    private final OIDCClientMetadata metadata;
    private final Keys keys;
    private final JWKSource<SecurityContext> publishedKeys;

    private Client(OIDCProviderMetadata provider, OIDCClientInformation information, Keys keys) throws Exception {
        this.provider = provider;
        this.information = information;
        this.metadata = information.getOIDCMetadata();
        this.keys = keys;
        this.publishedKeys = JWKSourceBuilder.create(provider.getJWKSetURI().toURL()).build();
    }

    static Client registered(String issuer, JSONObject members) throws Exception {
        OIDCProviderMetadata provider = OIDCProviderMetadata.resolve(new Issuer(issuer));
        Keys keys = Keys.made();
        OIDCClientMetadata metadata = OIDCClientMetadata.parse(members);
        metadata.setJWKSet(keys.published());
        var request = new OIDCClientRegistrationRequest(provider.getRegistrationEndpointURI(), metadata, null);
        var response = OIDCClientRegistrationResponseParser.parse(request.toHTTPRequest().send());
        if (!(response instanceof OIDCClientInformationResponse success)) {
            throw new IllegalStateException(response.toErrorResponse().getErrorObject().toJSONObject().toString());
        }
        return new Client(provider, success.getOIDCClientInformation(), keys);
    }

    URI redirectURI() {
        return metadata.getRedirectionURI();
    }

    URI endSessionEndpoint() {
        return provider.getEndSessionEndpointURI();
    }

    /** The request as its own address, or inside of a request object where the client registered for that. */
    URI authenticationRequest(State state, Nonce nonce, CodeVerifier verifier) throws Exception {
        ResponseType type = metadata.getResponseTypes().iterator().next();
        AuthenticationRequest request = new AuthenticationRequest.Builder(type, SCOPE, clientID(), redirectURI())
                .endpointURI(provider.getAuthorizationEndpointURI())
                .state(state)
                .nonce(nonce)
                .codeChallenge(verifier, CodeChallengeMethod.S256)
                .build();
        JWSAlgorithm algorithm = metadata.getRequestObjectJWSAlg();
        if (algorithm == null) {
            return request.toURI();
        }
        JWTClaimsSet claims = new JWTClaimsSet.Builder(request.toJWTClaimsSet())
                .issuer(clientID().getValue())
                .audience(provider.getIssuer().getValue())
                .build();
        SignedJWT object = new SignedJWT(
                new JWSHeader.Builder(algorithm).keyID(keys.forSigning(algorithm).getKeyID()).build(), claims);
        object.sign(keys.signer(algorithm));
        return new AuthenticationRequest.Builder(object, clientID())
                .endpointURI(provider.getAuthorizationEndpointURI())
                .responseType(type)
                .scope(new Scope("openid"))
                .build()
                .toURI();
    }

    /** The authorization response, once everything in it was checked against the request. */
    AuthenticationSuccessResponse accepted(URI answer, State state, Nonce nonce) throws Exception {
        AuthenticationResponse response = AuthenticationResponseParser.parse(answer);
        if (!response.indicatesSuccess()) {
            throw new IllegalStateException(response.toErrorResponse().getErrorObject().toString());
        }
        AuthenticationSuccessResponse success = response.toSuccessResponse();
        same(success.getState(), state);
        same(success.getIssuer(), provider.getIssuer());
        same(success.impliedResponseType(), metadata.getResponseTypes().iterator().next());
        if (success.getIDToken() != null) {
            IDTokenClaimsSet claims = idTokenValidator().validate(success.getIDToken(), nonce);
            AuthorizationCodeValidator.validate(success.getAuthorizationCode(), algorithm(), claims.getCodeHash());
            if (success.getAccessToken() != null) {
                AccessTokenValidator.validate(success.getAccessToken(), algorithm(), claims.getAccessTokenHash());
            }
        }
        return success;
    }

    OIDCTokens tokens(AuthorizationGrant grant) throws Exception {
        TokenRequest request = new TokenRequest.Builder(provider.getTokenEndpointURI(), authentication(), grant).build();
        var response = OIDCTokenResponseParser.parse(request.toHTTPRequest().send());
        if (!response.indicatesSuccess()) {
            throw new IllegalStateException(response.toErrorResponse().getErrorObject().toString());
        }
        return ((OIDCTokenResponse) response.toSuccessResponse()).getOIDCTokens();
    }

    IDTokenClaimsSet verified(OIDCTokens tokens, Nonce nonce) throws Exception {
        IDTokenClaimsSet claims = idTokenValidator().validate(tokens.getIDToken(), nonce);
        AccessTokenValidator.validate(tokens.getAccessToken(), algorithm(), claims.getAccessTokenHash());
        return claims;
    }

    LogoutTokenClaimsSet verifiedLogout(BackChannelLogoutRequest request) throws Exception {
        return LogoutTokenValidator.create(provider, information, keys.source()).validate(request.getLogoutToken());
    }

    JSONObject userinfo(AccessToken token) throws Exception {
        HTTPResponse answer = new UserInfoRequest(provider.getUserInfoEndpointURI(), token).toHTTPRequest().send();
        UserInfoSuccessResponse response = UserInfoResponse.parse(answer).toSuccessResponse();
        if (metadata.getUserInfoJWSAlg() == null) {
            return response.getUserInfo().toJSONObject();
        }
        var processor = new DefaultJWTProcessor<SecurityContext>();
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(metadata.getUserInfoJWSAlg(), publishedKeys));
        if (metadata.getUserInfoJWEAlg() != null) {
            processor.setJWEKeySelector(new JWEDecryptionKeySelector<>(
                    metadata.getUserInfoJWEAlg(), metadata.getUserInfoJWEEnc(), keys.source()));
        }
        JWTClaimsSet claims = processor.process(response.getUserInfoJWT(), null);
        same(claims.getIssuer(), provider.getIssuer().getValue());
        same(claims.getAudience().get(0), clientID().getValue());
        return new JSONObject(claims.toJSONObject());
    }

    boolean isActive(AccessToken token) throws Exception {
        var request = new TokenIntrospectionRequest(provider.getIntrospectionEndpointURI(), authentication(), token);
        return TokenIntrospectionResponse.parse(request.toHTTPRequest().send()).toSuccessResponse().isActive();
    }

    void revoke(Token token) throws Exception {
        var request = new TokenRevocationRequest(provider.getRevocationEndpointURI(), authentication(), token);
        request.toHTTPRequest().send().ensureStatusCode(200);
    }

    /** A verified ID token as the provider signed it, which is what may go back as a hint. */
    static JWT signed(JWT idToken) {
        return idToken instanceof EncryptedJWT encrypted ? encrypted.getPayload().toSignedJWT() : idToken;
    }

    private ClientID clientID() {
        return information.getID();
    }

    private JWSAlgorithm algorithm() {
        return metadata.getIDTokenJWSAlg();
    }

    private IDTokenValidator idTokenValidator() throws Exception {
        return IDTokenValidator.create(provider, information, keys.source());
    }

    private ClientAuthentication authentication() throws Exception {
        ClientAuthenticationMethod method = metadata.getTokenEndpointAuthMethod();
        URI audience = provider.getTokenEndpointURI();
        if (method.equals(ClientAuthenticationMethod.PRIVATE_KEY_JWT)) {
            var key = keys.forSigning(JWSAlgorithm.ES256).toECKey();
            return new PrivateKeyJWT(
                    clientID(), audience, JWSAlgorithm.ES256, key.toECPrivateKey(), key.getKeyID(), null);
        }
        if (method.equals(ClientAuthenticationMethod.CLIENT_SECRET_JWT)) {
            return new ClientSecretJWT(clientID(), audience, JWSAlgorithm.HS256, information.getSecret());
        }
        return new ClientSecretBasic(clientID(), information.getSecret());
    }

    private static void same(Object actual, Object expected) {
        if (!Objects.equals(actual, expected)) {
            throw new IllegalStateException("got " + actual + " instead of " + expected);
        }
    }
}
