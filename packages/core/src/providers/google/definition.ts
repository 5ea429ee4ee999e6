import { GeminiImageError } from '../../kernel/errors/error.ts'
import { PROVIDER_VERSION, type ProviderDefinition } from '../definition.ts'
import { ALIASES, BATCH_LIMITS, DEFAULT_MODEL, MODELS } from './catalogue.ts'
import { GOOGLE_CREDENTIALS } from './credentials.ts'
import { googleProvider } from './google.ts'
import { PROMPT_LANGUAGES } from './languages.ts'
import { RULES } from './rules.ts'
import { TEXT_MODELS } from './text-models.ts'

/** Google's public endpoint. @see https://ai.google.dev/api */
const ENDPOINT = 'https://generativelanguage.googleapis.com'

const { variable, variables, page, baseUrl: BASE_URL } = GOOGLE_CREDENTIALS

/** The Gemini API, with a key. @see https://ai.google.dev/gemini-api */
export const GOOGLE: ProviderDefinition = {
  version: PROVIDER_VERSION,
  id: 'google',
  words: { company: 'Google', search: 'Google Search', guide: "Google's guide" },
  credentials: GOOGLE_CREDENTIALS,
  catalogue: {
    models: MODELS,
    aliases: ALIASES,
    rules: RULES,
    defaultModel: DEFAULT_MODEL,
    textModels: TEXT_MODELS,
    batch: BATCH_LIMITS,
    languages: PROMPT_LANGUAGES,
  },
  open: (settings, env) => {
    const key = variables.map((name) => env[name]?.trim()).find(Boolean)
    if (!key) return undefined
    assertSendable(key)
    const baseUrl = checkBaseUrl(env[BASE_URL]?.trim() || ENDPOINT)
    return googleProvider({ ...settings, baseUrl, key })
  },
}

/** An address may hold a password: it is not repeated. Without TLS, everybody on the way reads the key. */
function checkBaseUrl(url: string): string {
  const { protocol, hostname = '', username, password } = URL.parse(url) ?? {}
  const isSafe = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname))
  if (isSafe && !username && !password) return url
  throw new GeminiImageError({
    code: 'INVALID_OPTION',
    what: `${BASE_URL} is not an https address, or it holds a name or password.`,
    why: 'The API key is sent there. Plain http is taken on this machine only (localhost, 127.0.0.1, [::1]).',
    fix: `unset it to use ${ENDPOINT}, or write an address such as https://gateway.example.com.`,
  })
}

/** Hosts that are this machine itself. */
const LOOPBACK = /^(?:(?:[^.]+\.)*localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** What cannot stand in a header would be told, by others, in messages that repeat it. */
function assertSendable(key: string): void {
  if (/^[\x21-\x7e]+$/.test(key)) return
  throw new GeminiImageError({
    code: 'INVALID_KEY',
    what: 'The API key holds a space, a line break or another character that no key has.',
    fix: `copy it anew from ${page} into ${variable}.`,
  })
}
