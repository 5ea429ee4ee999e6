import { GeminiImageError } from '../../kernel/errors/error.ts'
import type { ProviderEnv } from '../definition.ts'
import { LOOPBACK } from '../google/checks.ts'

/** Hosts of Google that exchange credentials for tokens, those of regions included. */
const EXCHANGES =
  /^(?:oauth2\.googleapis\.com|(?:sts|iamcredentials)(?:\.[\w-]+\.rep)?\.googleapis\.com|[\w-]+-(?:sts|iamcredentials)\.googleapis\.com)$/

/** Where a runner of GitHub Actions gives its own token. */
const RUNNER = 'ACTIONS_ID_TOKEN_REQUEST_URL'

/**
 * A `fetch` for exchanges of credentials. A file of credentials names hosts to send secrets to, and anybody can write
 * such a file: it reaches the hosts of Google, and the runner's own, unless a person says otherwise.
 * @param trusted Hosts, with their port where they have one, that the configuration names.
 */
export function trustedFetch(env: ProviderEnv, trusted: readonly string[]): typeof fetch {
  const runner = URL.parse(env[RUNNER] ?? '')?.host
  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    const isGoogle = EXCHANGES.test(url.host) || url.host === runner
    // Without TLS, everybody on the way reads what is sent.
    const isPrivate = url.protocol === 'https:' || LOOPBACK.test(url.hostname)
    if (!isPrivate || !(isGoogle || trusted.includes(url.host))) throw untrusted(url)
    // Nobody follows: that would carry secrets elsewhere.
    return fetch(input, { ...init, redirect: 'error' })
  }
}

function untrusted({ protocol, host }: URL): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_KEY',
    what: `The credentials name ${protocol}//${host}, which is no host of Google's, or not encrypted: nothing is sent there.`,
    why: 'Anyone who can change a file of credentials could have tokens sent anywhere.',
    fix: `use credentials that come from Google Cloud, or write vertex({ trustedHosts: ['${host}'] }) where you know that host.`,
  })
}
