// oauth4webapi: the same flow, step by step, with every check of the library on.
import * as oauth from 'oauth4webapi'
import { given, report, visit } from './provider.js'

const insecure = { [oauth.allowInsecureRequests]: true }
const issuer = new URL(given.issuer)
const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure))
const client = { client_id: given.clientId }
const authentication = oauth.ClientSecretBasic(given.clientSecret)
const verifier = oauth.generateRandomCodeVerifier()
const state = oauth.generateRandomState()
const nonce = oauth.generateRandomNonce()
const request = new URL(server.authorization_endpoint)
for (const [name, value] of Object.entries({
  client_id: given.clientId,
  redirect_uri: given.redirectUri,
  response_type: 'code',
  scope: 'openid email offline_access',
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
  state,
  nonce,
})) {
  request.searchParams.set(name, value)
}
const parameters = oauth.validateAuthResponse(server, client, await visit(request), state)
const tokens = await oauth.processAuthorizationCodeResponse(
  server,
  client,
  await oauth.authorizationCodeGrantRequest(
    server, client, authentication, parameters, given.redirectUri, verifier, insecure,
  ),
  { expectedNonce: nonce, requireIdToken: true },
)
const subject = oauth.getValidatedIdTokenClaims(tokens).sub
const userinfo = await oauth.processUserInfoResponse(
  server, client, subject, await oauth.userInfoRequest(server, client, tokens.access_token, insecure),
)
const refreshed = await oauth.processRefreshTokenResponse(
  server,
  client,
  await oauth.refreshTokenGrantRequest(server, client, authentication, tokens.refresh_token, insecure),
)
const introspect = async (token) => {
  const response = await oauth.introspectionRequest(server, client, authentication, token, insecure)
  return (await oauth.processIntrospectionResponse(server, client, response)).active
}
const live = await introspect(refreshed.access_token)
await oauth.processRevocationResponse(
  await oauth.revocationRequest(server, client, authentication, refreshed.access_token, insecure),
)
const dead = await introspect(refreshed.access_token)
const logout = new URL(server.end_session_endpoint)
logout.search = new URLSearchParams({
  id_token_hint: tokens.id_token,
  post_logout_redirect_uri: given.postLogoutRedirectUri,
  state: 'bye',
})
report({
  subject,
  email: userinfo.email,
  refreshedSubject: oauth.getValidatedIdTokenClaims(refreshed).sub,
  rotated: refreshed.refresh_token !== tokens.refresh_token,
  live,
  dead,
  goodbye: (await visit(logout)).href,
})
