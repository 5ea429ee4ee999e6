import { GeminiImageError } from '../../kernel/errors/error.ts'
import { badAnswer } from './refusal.ts'
import { unreadable } from '../refusal.ts'
import { errorInside, titleOf } from './failure.ts'

/** Stands in the place of an API key that a server echoes. */
const HIDDEN = '[API key]'

/** Fields that hold bytes, in which a short key may stand by chance. */
const BYTES: ReadonlySet<string> = new Set([
  'data',
  'bytesBase64Encoded',
  'thoughtSignature',
  'thought_signature',
  'signature',
])

/**
 * The JSON of an answer, without the API key.
 * @throws {GeminiImageError} `BAD_ANSWER` where it is none.
 */
export function parseReply(text: string, key: string): unknown {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw notJson(text)
  }
  return withoutKey(json, key)
}

/** Changes a value of JSON in place. A reviver of `JSON.parse` would fail on one that is nested too deeply for the stack. */
function withoutKey(json: unknown, key: string): unknown {
  const top = [json]
  const left: unknown[] = [top]
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    const fields = value as Record<string, unknown>
    for (const [name, field] of Object.entries(fields)) {
      if (typeof field === 'object' && field !== null) left.push(field)
      else if (typeof field === 'string' && !BYTES.has(name)) fields[name] = hideKey(field, key)
    }
  }
  return top[0]
}

/** Text without the API key: no message, file or pin of ours passes it on. */
export function hideKey(text: string, key: string): string {
  return key === '' ? text : text.replaceAll(key, HIDDEN)
}

/** An answer to a request that costs. */
interface Reply {
  /** Its JSON. @throws {GeminiImageError} `BAD_ANSWER` where it is none. */
  parse(): unknown
  /** What came, without the API key, for a person to look at. */
  raw(): string
}

/**
 * Reads an answer to a request that costs, whether it came by itself or as a line of a batch.
 * @param read What its transport makes of the JSON.
 * @throws {PictureRefusal} whatever `read` throws, or `BAD_ANSWER` with what came.
 * @throws {CallFailure} where it holds an error in place of an answer.
 */
export function readReply<Result>({ parse, raw }: Reply, read: (json: unknown) => Result): Result {
  let json: unknown
  try {
    json = parse()
    return read(Array.isArray(json) && json.length === 1 ? json[0] : json)
  } catch (error) {
    if (!(error instanceof GeminiImageError)) throw error
    throw errorInside(json) ?? (error.code === 'BAD_ANSWER' ? unreadable(error, raw()) : error)
  }
}

function notJson(text: string): GeminiImageError {
  const title = titleOf(text)
  const start = JSON.stringify(text.slice(0, 40))
  if (title === undefined) return badAnswer(`it is not JSON (it begins with ${start})`)
  return new GeminiImageError({
    code: 'BAD_ANSWER',
    what: 'A web page came where the Gemini API should have answered.',
    why: `It says: ${title}`,
    fix: 'sign in to the network, or ask whoever runs the proxy to let answers of the API pass; check GOOGLE_GEMINI_BASE_URL.',
  })
}
