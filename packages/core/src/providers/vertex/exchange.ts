import { createSign } from 'node:crypto'
import path from 'node:path'
import { z } from 'zod'
import { isGeminiImageError } from '../../kernel/errors/error.ts'
import { readFixedFile } from '../../kernel/files/fixed-file.ts'
import { parseJson } from '../../kernel/json.ts'
import { CallFailure, FINAL } from '../call-failure.ts'
import { unavailable } from '../google/failure.ts'
import {
  unusable,
  type CredentialFile,
  type Impersonation,
  type Person,
  type ServiceAccount,
  type Workload,
} from './credential-file.ts'
import { KEY_VARIABLE, VERTEX_CREDENTIALS } from './credentials.ts'

/** A token, and when it ends, in milliseconds since 1970. */
export interface Token {
  readonly value: string
  readonly until: number
}

/** @see https://developers.google.com/identity/protocols/oauth2/service-account */
const OAUTH = 'https://oauth2.googleapis.com/token'
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform'
const GRANT = 'urn:ietf:params:oauth:grant-type:'
const HOUR = 3600

/** Milliseconds for one exchange. */
const TIMEOUT = 30_000
/** Bytes; no token has as many. */
const MOST = 100_000

/** Sends a form, or gets what an address says. @throws {CallFailure} */
type Ask = (url: string, init?: RequestInit) => Promise<string>

/**
 * How the credentials of a file become a token.
 * @param fetcher Reaches nothing but hosts that are trusted.
 */
export function exchangeOf(
  { file, content }: CredentialFile,
  fetcher: typeof fetch,
): () => Promise<Token> {
  const ask = asker(fetcher, file, secretsIn(content))
  const own = (by: ServiceAccount | Person): Promise<Token> =>
    by.type === 'service_account' ? byKey(by, file, ask) : byRefresh(by, ask)
  if (content.type === 'external_account') return () => byWorkload(content, file, ask)
  if (content.type === 'impersonated_service_account')
    return () => byImpersonation(content, own, ask)
  return () => own(content)
}

/** @see https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken */
async function byImpersonation(
  { source_credentials: source, service_account_impersonation_url: url, delegates }: Impersonation,
  own: (by: ServiceAccount | Person) => Promise<Token>,
  ask: Ask,
): Promise<Token> {
  const body = { delegates, scope: [SCOPE], lifetime: `${HOUR}s` }
  return readImpersonated(await ask(url, asBearer(await own(source), body)))
}

async function byKey(account: ServiceAccount, file: string, ask: Ask): Promise<Token> {
  return readToken(
    await ask(
      OAUTH,
      form({ grant_type: `${GRANT}jwt-bearer`, assertion: assertionOf(account, file) }),
    ),
  )
}

/** @see https://www.rfc-editor.org/rfc/rfc7523 */
function assertionOf(
  { client_email, private_key, private_key_id }: ServiceAccount,
  file: string,
): string {
  const now = Math.floor(Date.now() / 1000)
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')
  const header = { alg: 'RS256', typ: 'JWT', ...(private_key_id && { kid: private_key_id }) }
  const claims = { iss: client_email, scope: SCOPE, aud: OAUTH, exp: now + HOUR, iat: now }
  const signed = `${encode(header)}.${encode(claims)}`
  try {
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(private_key, 'base64url')}`
  } catch {
    throw unusable(file, 'its "private_key" is no key')
  }
}

async function byRefresh(
  { refresh_token, client_id, client_secret }: Person,
  ask: Ask,
): Promise<Token> {
  const fields = { refresh_token, client_id, client_secret, grant_type: 'refresh_token' }
  return readToken(await ask(OAUTH, form(fields)))
}

/** @see https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token */
async function byWorkload(workload: Workload, file: string, ask: Ask): Promise<Token> {
  const answer = await ask(
    workload.token_url,
    form({
      grant_type: `${GRANT}token-exchange`,
      audience: workload.audience,
      scope: SCOPE,
      requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      subject_token: await subjectToken(workload, file, ask),
      subject_token_type: workload.subject_token_type,
    }),
  )
  const federated = readToken(answer)
  const { service_account_impersonation_url: impersonating } = workload
  if (impersonating === undefined) return federated
  const body = { scope: [SCOPE], lifetime: `${HOUR}s` }
  return readImpersonated(await ask(impersonating, asBearer(federated, body)))
}

function asBearer({ value }: Token, body: object): RequestInit {
  return {
    method: 'POST',
    headers: { authorization: `Bearer ${value}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
}

/** What the other issuer of tokens vouches with. */
async function subjectToken(
  { credential_source: source }: Workload,
  file: string,
  ask: Ask,
): Promise<string> {
  const { format } = source
  const text =
    'url' in source
      ? await ask(source.url, { headers: source.headers ?? {} })
      : readFixedFile(path.resolve(path.dirname(file), source.file), MOST)
  const field = format?.type === 'json' ? (format.subject_token_field_name ?? '') : undefined
  const found: unknown = field === undefined ? text?.trim() : Object(parseJson(text ?? ''))[field]
  if (typeof found === 'string' && found !== '') return found
  throw unusable(file, 'no token comes of its "credential_source"')
}

function form(fields: Readonly<Record<string, string>>): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  }
}

const answerSchema = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number() })

/** Reads a token as OAuth gives it. @throws {CallFailure} */
export function readToken(text: string): Token {
  const parsed = answerSchema.safeParse(parseJson(text))
  if (!parsed.success) throw unreadable()
  const { access_token: value, expires_in: seconds } = parsed.data
  return { value, until: Date.now() + seconds * 1000 }
}

const impersonatedSchema = z.object({ accessToken: z.string().min(1), expireTime: z.string() })

function readImpersonated(text: string): Token {
  const parsed = impersonatedSchema.safeParse(parseJson(text))
  const until = Date.parse(parsed.data?.expireTime ?? '')
  if (!parsed.data || Number.isNaN(until)) throw unreadable()
  return { value: parsed.data.accessToken, until }
}

function unreadable(): CallFailure {
  return unavailable('Google gave no token.', 'its answer cannot be read', FINAL)
}

const refusalSchema = z.object({
  error: z.union([z.string(), z.object({ message: z.string() })]).catch(''),
  error_description: z.string().catch(''),
})

function asker(fetcher: typeof fetch, file: string, secrets: readonly string[]): Ask {
  return async (url, init) => {
    let response: Response
    let text: string
    try {
      response = await fetcher(url, { ...init, signal: AbortSignal.timeout(TIMEOUT) })
      text = await response.text()
    } catch (error) {
      if (isGeminiImageError(error)) throw error
      const { message, cause } = error as Error
      throw notReached(url, cause instanceof Error ? cause.message : message)
    }
    if (response.ok) return text
    const { status } = response
    if (status >= 500 || status === 429) throw notReached(url, `HTTP ${status}`)
    const parsed = refusalSchema.safeParse(parseJson(text)).data
    const { error = '', error_description: more = '' } = parsed ?? {}
    const said = [typeof error === 'string' ? error : error.message, more]
      .filter(Boolean)
      .join(': ')
    throw notAccepted(file, hide(said || `HTTP ${status}`, secrets))
  }
}

/** Nothing was asked for that costs: it may be tried again. */
function notReached(url: string, said: string): CallFailure {
  const advice = { retry: true, wait: 0, possiblyPaid: false }
  return unavailable(`Google could not be asked for a token (${new URL(url).host}).`, said, advice)
}

function notAccepted(file: string, said: string): CallFailure {
  return new CallFailure(
    {
      code: 'INVALID_KEY',
      what: `Google does not accept the credentials in ${file}.`,
      why: `It said: ${said.slice(0, 300)}`,
      fix: `run "gcloud auth application-default login" again, or set ${VERTEX_CREDENTIALS.variable} to the file of an account that may use Vertex AI (${VERTEX_CREDENTIALS.page}); ${KEY_VARIABLE} may hold an express key instead.`,
    },
    FINAL,
  )
}

/** What no message may repeat. */
function secretsIn(content: CredentialFile['content']): readonly string[] {
  if (content.type === 'service_account') return [content.private_key]
  if (content.type === 'authorized_user') return [content.refresh_token, content.client_secret]
  if (content.type === 'impersonated_service_account') return secretsIn(content.source_credentials)
  const { credential_source: source } = content
  return 'url' in source ? Object.values(source.headers ?? {}) : []
}

function hide(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text)
}
