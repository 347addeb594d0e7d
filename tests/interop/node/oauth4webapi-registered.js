// oauth4webapi, registered by itself: the same as openid-client, step by step.
import * as jose from 'jose'
import * as oauth from 'oauth4webapi'
import { makeKeys, metadata } from './keys.js'
import { given, report, visit } from './provider.js'

const insecure = { [oauth.allowInsecureRequests]: true }
const keys = await makeKeys()
const decrypting = {
  [oauth.jweDecrypt]: async (jwe) => {
    const { plaintext } = await jose.compactDecrypt(jwe, keys.encryption.key, {
      keyManagementAlgorithms: ['RSA-OAEP'],
      contentEncryptionAlgorithms: ['A256GCM'],
    })
    return new TextDecoder().decode(plaintext)
  },
}
const issuer = new URL(given.issuer)
const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure))
const client = await oauth.processDynamicClientRegistrationResponse(
  await oauth.dynamicClientRegistrationRequest(server, metadata(given, keys), insecure),
)
const authentication = oauth.PrivateKeyJwt(keys.signing)
const verifier = oauth.generateRandomCodeVerifier()
const state = oauth.generateRandomState()
const nonce = oauth.generateRandomNonce()
const parameters = {
  client_id: client.client_id,
  redirect_uri: given.redirectUri,
  response_type: 'code id_token',
  scope: 'openid email offline_access',
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
  state,
  nonce,
}
const request = new URL(server.authorization_endpoint)
request.search = new URLSearchParams({
  client_id: client.client_id,
  response_type: parameters.response_type,
  scope: 'openid',
  request: await oauth.issueRequestObject(server, client, parameters, keys.signing),
})
const answer = await oauth.validateCodeIdTokenResponse(
  server, client, await visit(request), nonce, state, undefined, { ...insecure, ...decrypting },
)
const tokens = await oauth.processAuthorizationCodeResponse(
  server,
  client,
  await oauth.authorizationCodeGrantRequest(
    server, client, authentication, answer, given.redirectUri, verifier, insecure,
  ),
  { expectedNonce: nonce, requireIdToken: true, ...decrypting },
)
const subject = oauth.getValidatedIdTokenClaims(tokens).sub
const userinfo = await oauth.processUserInfoResponse(
  server,
  client,
  subject,
  await oauth.userInfoRequest(server, client, tokens.access_token, insecure),
  decrypting,
)
const refreshed = await oauth.processRefreshTokenResponse(
  server,
  client,
  await oauth.refreshTokenGrantRequest(server, client, authentication, tokens.refresh_token, insecure),
  decrypting,
)
report({
  subject,
  email: userinfo.email,
  refreshedSubject: oauth.getValidatedIdTokenClaims(refreshed).sub,
  parameters: [...request.searchParams.keys()].sort(),
})
