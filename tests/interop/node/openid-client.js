// openid-client: discovery, code flow with PKCE, userinfo, refresh, introspection, revocation, logout.
import * as client from 'openid-client'
import { given, report, visit } from './provider.js'

const config = await client.discovery(
  new URL(given.issuer),
  given.clientId,
  undefined,
  client.ClientSecretBasic(given.clientSecret),
  { execute: [client.allowInsecureRequests] },
)
const verifier = client.randomPKCECodeVerifier()
const state = client.randomState()
const nonce = client.randomNonce()
const callback = await visit(
  client.buildAuthorizationUrl(config, {
    redirect_uri: given.redirectUri,
    scope: 'openid email offline_access',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  }),
)
const tokens = await client.authorizationCodeGrant(config, callback, {
  pkceCodeVerifier: verifier,
  expectedState: state,
  expectedNonce: nonce,
  idTokenExpected: true,
})
const subject = tokens.claims().sub
const userinfo = await client.fetchUserInfo(config, tokens.access_token, subject)
const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token)
const live = await client.tokenIntrospection(config, refreshed.access_token)
await client.tokenRevocation(config, refreshed.access_token)
const dead = await client.tokenIntrospection(config, refreshed.access_token)
const goodbye = await visit(
  client.buildEndSessionUrl(config, {
    id_token_hint: tokens.id_token,
    post_logout_redirect_uri: given.postLogoutRedirectUri,
    state: 'bye',
  }),
)
report({
  subject,
  email: userinfo.email,
  refreshedSubject: refreshed.claims().sub,
  rotated: refreshed.refresh_token !== tokens.refresh_token,
  live: live.active,
  dead: dead.active,
  goodbye: goodbye.href,
})
