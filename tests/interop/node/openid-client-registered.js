// openid-client, registered by itself: hybrid flow with a signed request object, everything it is given encrypted.
import * as client from 'openid-client'
import { makeKeys, metadata } from './keys.js'
import { given, report, visit } from './provider.js'

const keys = await makeKeys()
const config = await client.dynamicClientRegistration(
  new URL(given.issuer),
  metadata(given, keys),
  client.PrivateKeyJwt(keys.signing),
  { execute: [client.allowInsecureRequests] },
)
client.useCodeIdTokenResponseType(config)
client.enableDecryptingResponses(config, ['A256GCM'], keys.encryption)
const verifier = client.randomPKCECodeVerifier()
const state = client.randomState()
const nonce = client.randomNonce()
const request = await client.buildAuthorizationUrlWithJAR(
  config,
  {
    redirect_uri: given.redirectUri,
    scope: 'openid email offline_access',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
  },
  keys.signing,
)
const tokens = await client.authorizationCodeGrant(config, await visit(request), {
  pkceCodeVerifier: verifier,
  expectedState: state,
  expectedNonce: nonce,
  idTokenExpected: true,
})
const subject = tokens.claims().sub
const userinfo = await client.fetchUserInfo(config, tokens.access_token, subject)
const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token)
report({
  subject,
  email: userinfo.email,
  refreshedSubject: refreshed.claims().sub,
  parameters: [...request.searchParams.keys()].sort(),
})
