import { z } from 'zod'
import type { ErrorCode } from '../../kernel/errors/codes.ts'
import type { GeminiImageError } from '../../kernel/errors/error.ts'
import { CallFailure, FINAL, retryAfter, UNKNOWN_END, type RetryAdvice } from '../call-failure.ts'
import { flag, optional, text } from '../lenient.ts'
import { isTimeout, NEVER_SENT, reasonOf } from '../network-reason.ts'
import type { ProviderContext } from '../provider.ts'
import { badAnswer, unreadable } from '../refusal.ts'
import type { Entry } from './entries.ts'
import { hideSecrets } from './hide-secrets.ts'

/** What surrounds a call that failed. */
interface Surroundings {
  readonly entry: Entry
  readonly secrets: readonly string[]
  readonly refuse: ProviderContext['refuse']
}

/** An error of the AI SDK, read leniently: its classes come in as many copies as packages are installed. */
const sdkError = z.looseObject({
  name: z.string().catch(''),
  message: z.string().catch(''),
  statusCode: optional(z.number()),
  isRetryable: flag,
  responseHeaders: optional(z.record(z.string(), z.string())),
  responseBody: text,
  requestBodyValues: z.unknown().optional(),
})

type SdkError = z.infer<typeof sdkError>

/**
 * The failure behind what `doGenerate` threw. Nothing of its headers is passed on, and its own error is no cause of
 * ours: that holds the request.
 */
export function toFailure(thrown: unknown, surroundings: Surroundings): GeminiImageError {
  const error = sdkError.parse(thrown instanceof Error ? fieldsOf(thrown) : {})
  if (isTimeout(thrown ?? {})) {
    return failed('PROVIDER_UNAVAILABLE', 'did not answer in time', surroundings, UNKNOWN_END)
  }
  if (error.name === 'AI_APICallError') return callFailure(error, thrown, surroundings)
  const [code, what, advice] = KINDS[error.name] ?? UNKNOWN
  if (code === 'NO_IMAGE') return withheld(error.message, surroundings)
  return failed(code, what, surroundings, advice, error.message || String(thrown))
}

/** Fields of an error are no properties of their own, or none that can be listed. */
function fieldsOf(error: Error): object {
  const { name, message } = error
  return { ...error, name, message }
}

type Kind = readonly [code: ErrorCode, what: string, advice: RetryAdvice]

const UNPAID = FINAL
const PERHAPS_PAID: RetryAdvice = { ...UNKNOWN_END, retry: false }
const UNKNOWN: Kind = ['PROVIDER_FAILED', 'could not be asked', PERHAPS_PAID]
const REFUSED: Kind = ['REFUSED_REQUEST', 'cannot be asked for this', UNPAID]
const KEYLESS: Kind = ['INVALID_KEY', 'is not asked without a key', UNPAID]
const EMPTY: Kind = ['NO_IMAGE', 'answered without a picture', PERHAPS_PAID]

/** What errors of the AI SDK mean, but for those of calls. The first of them come before anything is sent. */
const KINDS: Readonly<Record<string, Kind>> = {
  AI_LoadAPIKeyError: KEYLESS,
  AI_LoadSettingError: KEYLESS,
  AI_InvalidArgumentError: REFUSED,
  AI_InvalidPromptError: REFUSED,
  AI_TypeValidationError: REFUSED,
  AI_UnsupportedFunctionalityError: REFUSED,
  AI_NoSuchModelError: ['MODEL_NOT_FOUND', 'does not know this model', UNPAID],
  AI_EmptyResponseBodyError: EMPTY,
  AI_InvalidResponseDataError: EMPTY,
  AI_DownloadError: [
    'PROVIDER_UNAVAILABLE',
    'made a picture that could not be fetched',
    UNKNOWN_END,
  ],
}

/** What stands in bodies of errors: OpenAI's `moderation_blocked`, and the words of others. */
const BLOCKED =
  /moderation|content.?policy|content.?filter|safety (?:system|filter|checker)|nsfw|flagged/i
const BROKE =
  /insufficient_quota|billing_hard_limit|exhausted balance|insufficient (?:credit|fund)/i

const UNKNOWN_MODEL = /"model_not_found"/

function callFailure(
  error: SdkError,
  thrown: unknown,
  surroundings: Surroundings,
): GeminiImageError {
  const { statusCode: status, isRetryable, message, responseBody } = error
  if (status === undefined || (status < 300 && responseBody === undefined)) {
    return networkFailure(thrown, error, surroundings)
  }
  if (isAfterwards(error)) {
    const advice = { ...UNKNOWN_END, retry: isRetryable }
    const what = `made a picture that could not be fetched (status ${status})`
    return failed('PROVIDER_UNAVAILABLE', what, surroundings, advice)
  }
  if (status < 300) {
    const body = hideSecrets(responseBody ?? '', surroundings.secrets)
    return unreadable(badAnswer(hideSecrets(message, surroundings.secrets)), body)
  }
  const said = `${message} ${responseBody ?? ''}`
  if (status < 500 && BLOCKED.test(said)) return withheld(message, surroundings)
  if (status === 402 || BROKE.test(said)) {
    return failed(
      'QUOTA_EXHAUSTED',
      'has no more credit for this key',
      surroundings,
      FINAL,
      message,
    )
  }
  // What it says may well repeat the key.
  if (status === 401 || status === 403) {
    return failed('INVALID_KEY', 'does not accept the API key', surroundings)
  }
  if (status === 404 || UNKNOWN_MODEL.test(said)) {
    return failed('MODEL_NOT_FOUND', 'does not know this model', surroundings, FINAL, message)
  }
  const wait = retryAfter(new Headers(error.responseHeaders))
  if (status === 429) {
    const advice = { retry: true, wait, possiblyPaid: false, tooMany: true }
    const what = 'kept answering "too many requests"'
    return failed('RATE_LIMITED', what, surroundings, advice, message)
  }
  if (isRetryable || status >= 500) {
    const advice = { retry: isRetryable, wait, possiblyPaid: false }
    const what = `answered with status ${status}`
    return failed('PROVIDER_UNAVAILABLE', what, surroundings, advice, message)
  }
  const what = `refused the request (status ${status})`
  return failed('REFUSED_REQUEST', what, surroundings, FINAL, message)
}

/** Whether it was no request for a picture, but one for the bytes of a picture that is made: those send nothing. */
function isAfterwards({ requestBodyValues: sent }: SdkError): boolean {
  return typeof sent === 'object' && sent !== null && Object.keys(sent).length === 0
}

function networkFailure(thrown: unknown, error: SdkError, surroundings: Surroundings): CallFailure {
  const { code } = reasonOf(thrown)
  const isUnsent = NEVER_SENT.has(code) && !isAfterwards(error)
  const advice = { ...UNKNOWN_END, possiblyPaid: !isUnsent }
  const what = isUnsent ? 'could not be reached' : 'broke the connection off'
  return failed('PROVIDER_UNAVAILABLE', what, surroundings, advice, code)
}

/** A picture that the model would not draw. Nobody says whether that was free. */
function withheld(
  said: string,
  { entry: { company }, secrets, refuse }: Surroundings,
): GeminiImageError {
  const isBlocked = BLOCKED.test(said) || said !== ''
  return refuse({
    code: isBlocked ? 'BLOCKED' : 'NO_IMAGE',
    what: `${company} did not draw this picture.`,
    why: said === '' ? undefined : `It said: ${hideSecrets(said, secrets).slice(0, 300)}`,
    fix: 'change the prompt or the references.',
  })
}

function failed(
  code: ErrorCode,
  what: string,
  { entry, secrets }: Surroundings,
  advice: RetryAdvice = FINAL,
  said = '',
): CallFailure {
  const quote = hideSecrets(said.trim(), secrets).slice(0, 300)
  const parts = {
    code,
    what: `${entry.company} ${what}.`,
    why: quote === '' ? undefined : `It said: ${quote}`,
    fix: fixFor(code, entry),
  }
  return new CallFailure(parts, advice)
}

function fixFor(code: ErrorCode, { variables: [variable], page }: Entry): string {
  const where = page === undefined ? '' : ` (${page})`
  switch (code) {
    case 'INVALID_KEY':
      return variable === undefined
        ? 'give the provider of the AI SDK a key, where gemini-image is configured.'
        : `set ${variable}${where} in the environment; for one of an env file write aiSdk((env) => …, { id: '…' }) and give the provider env.${variable}.`
    case 'QUOTA_EXHAUSTED':
      return 'add credit, or raise the limit of the account, and run again.'
    case 'MODEL_NOT_FOUND':
      return 'name another model where aiSdk() is called.'
    case 'RATE_LIMITED':
      return 'run again in a minute, or lower the option "concurrency"; what has landed is kept.'
    case 'PROVIDER_UNAVAILABLE':
      return 'run again later; what has landed is kept.'
    default:
      return 'change what it names: the declaration, or what aiSdk() is given.'
  }
}
