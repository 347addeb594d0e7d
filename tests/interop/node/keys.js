// The keys of a client that registers them: one to sign with, and one that others encrypt to.
export async function makeKeys() {
  const signing = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
  const encryption = await crypto.subtle.generateKey(
    { name: 'RSA-OAEP', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-1' },
    true,
    ['encrypt', 'decrypt'],
  )
  return {
    signing: { key: signing.privateKey, kid: 'signing' },
    encryption: { key: encryption.privateKey, kid: 'encryption', alg: 'RSA-OAEP' },
    published: {
      keys: [
        { ...(await crypto.subtle.exportKey('jwk', signing.publicKey)), kid: 'signing', use: 'sig', alg: 'ES256' },
        {
          ...(await crypto.subtle.exportKey('jwk', encryption.publicKey)),
          kid: 'encryption',
          use: 'enc',
          alg: 'RSA-OAEP',
        },
      ].map(({ key_ops, ext, ...published }) => published),
    },
  }
}

// What a client of hybrid flow registers that signs what it sends and wants what it is sent encrypted.
export function metadata(given, keys) {
  return {
    redirect_uris: [given.redirectUri],
    post_logout_redirect_uris: [given.postLogoutRedirectUri],
    response_types: ['code id_token'],
    grant_types: ['authorization_code', 'implicit', 'refresh_token'],
    token_endpoint_auth_method: 'private_key_jwt',
    request_object_signing_alg: 'ES256',
    id_token_signed_response_alg: 'RS256',
    id_token_encrypted_response_alg: 'RSA-OAEP',
    id_token_encrypted_response_enc: 'A256GCM',
    userinfo_signed_response_alg: 'RS256',
    userinfo_encrypted_response_alg: 'RSA-OAEP',
    userinfo_encrypted_response_enc: 'A256GCM',
    jwks: keys.published,
  }
}
