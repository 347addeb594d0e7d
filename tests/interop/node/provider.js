// What every script is told on its command line, and how it reports.
const [issuer, clientId, clientSecret, redirectUri, postLogoutRedirectUri] = process.argv.slice(2)
export const given = { issuer, clientId, clientSecret, redirectUri, postLogoutRedirectUri }

// The realm signs in by itself, so a browser is one request that is not followed.
export async function visit(url) {
  const response = await fetch(url, { redirect: 'manual' })
  if (response.status !== 303) {
    throw new Error(`${url}: ${response.status} ${await response.text()}`)
  }
  return new URL(response.headers.get('location'))
}

export function report(facts) {
  console.log(JSON.stringify(facts))
}
