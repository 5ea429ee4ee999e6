import { CallFailure, FINAL, UNKNOWN_END } from '../call-failure.ts'
import { isTimeout, NEVER_SENT, reasonOf } from '../network-reason.ts'
import { unavailable } from './failure.ts'

// What goes wrong between this machine and Google.

/** @see https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const CERTIFICATE = /CERT|CRL|^UNABLE_TO_|^INVALID_CA|^HOSTNAME_MISMATCH/

const LATER = 'run again later; what has landed is kept.'

/** The failure behind a `fetch` that threw: no connection, a lost one, or a timeout. */
export function networkFailure(cause: unknown): CallFailure {
  const { code, said } = reasonOf(cause)
  if (CERTIFICATE.test(code)) return untrusted(said, cause)
  if (/^ERR_SSL_|^EPROTO$/.test(code)) return notTls(said, cause)
  if (said.includes('HTTP Tunneling')) return proxyRefused(said, cause)
  if (NEVER_SENT.has(code)) {
    return unavailable(
      'There is no connection to Google.',
      said,
      { retry: true, wait: 0, possiblyPaid: false },
      {
        fix: 'check the network and GOOGLE_GEMINI_BASE_URL, and run again; behind a proxy set HTTPS_PROXY, and NODE_USE_ENV_PROXY=1 so that Node.js uses it.',
        cause,
      },
    )
  }
  return unavailable(whatOf(cause), said, UNKNOWN_END, { fix: LATER, cause })
}

/** The failure of an answer that began well and cannot be read to its end. */
export function bodyFailure(cause: unknown): CallFailure {
  const { said } = reasonOf(cause)
  if (isTimeout(cause)) return networkFailure(cause)
  const advice = { ...UNKNOWN_END, broken: said }
  return unavailable('Google’s answer broke off.', said, advice, { fix: LATER, cause })
}

/** The failure of two answers that broke in the same way: a third would as well, and be paid for. */
export function brokenAlike(broken: string): CallFailure {
  return unavailable(
    'Two answers in a row broke in the same way, so that no further attempt was made.',
    broken,
    { ...UNKNOWN_END, retry: false },
    {
      fix: 'look for a proxy, VPN or virus scanner that changes or cuts answers of the API, and let them pass as they are; then run again.',
    },
  )
}

/** The failure of an answer that points elsewhere. */
export function redirected(status: number, headers: Headers): CallFailure {
  const target = URL.parse(headers.get('location') ?? '')
  const isWeb = target?.protocol === 'https:' || target?.protocol === 'http:'
  const where = isWeb ? `${target.origin}${target.pathname}` : 'elsewhere'
  return unavailable(
    `The server redirects to ${where}, and gemini-image does not follow: the API key goes to no host that you did not choose.`,
    `HTTP ${status}`,
    FINAL,
    {
      fix: 'set GOOGLE_GEMINI_BASE_URL to the address that answers (mind http and https), or unset it to ask Google; a page to sign in to the network redirects as well.',
    },
  )
}

/** The failure of a 404 that comes of the base URL; `undefined` where that looks well. */
export function wrongAddress(baseUrl: string): CallFailure | undefined {
  const ending = /\/v\d+(?:alpha|beta)?\d*(?:\/models)?\/*$/.exec(baseUrl)
  if (!ending) return undefined
  return new CallFailure(
    {
      code: 'INVALID_OPTION',
      what: `GOOGLE_GEMINI_BASE_URL ends in "${ending[0]}", which gemini-image adds by itself, and the server does not know that address.`,
      fix: `set GOOGLE_GEMINI_BASE_URL=${baseUrl.slice(0, ending.index)}`,
    },
    FINAL,
  )
}

function untrusted(said: string, cause: unknown): CallFailure {
  return unavailable('The certificate of the server is not trusted.', said, FINAL, {
    fix: 'a proxy or virus scanner that looks into https brings a certificate of its own: set NODE_EXTRA_CA_CERTS to the path of that certificate (PEM) and run again; otherwise check the clock of this machine and GOOGLE_GEMINI_BASE_URL.',
    cause,
  })
}

function notTls(said: string, cause: unknown): CallFailure {
  return unavailable('The server does not speak https.', said, FINAL, {
    fix: 'write http:// in GOOGLE_GEMINI_BASE_URL (or HTTPS_PROXY) where the server answers without TLS, or name its https port.',
    cause,
  })
}

function proxyRefused(said: string, cause: unknown): CallFailure {
  return unavailable('The proxy refuses to connect to Google.', said, FINAL, {
    fix: 'a status of 407 asks for a password: HTTPS_PROXY=http://user:password@host:port; otherwise have the proxy let this host pass, or list it in NO_PROXY.',
    cause,
  })
}

function whatOf(cause: unknown): string {
  return isTimeout(cause) ? 'Google did not answer in time.' : 'The connection to Google failed.'
}
