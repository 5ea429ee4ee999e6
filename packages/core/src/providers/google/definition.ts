import { PROVIDER_VERSION, type ProviderDefinition } from '../definition.ts'
import { ALIASES, BATCH_LIMITS, DEFAULT_MODEL, MODELS, TRANSPORTS } from './catalogue.ts'
import { GOOGLE_CREDENTIALS } from './credentials.ts'
import { checkBaseUrl, checkKey } from './checks.ts'
import { googleProvider } from './google.ts'
import { PROMPT_LANGUAGES } from './languages.ts'
import { noneOfVertex, RULES } from './rules.ts'
import { TEXT_MODELS } from './text-models.ts'
import { GOOGLE_WORDS } from './words.ts'

/** Google's public endpoint. @see https://ai.google.dev/api */
const ENDPOINT = 'https://generativelanguage.googleapis.com'

const { variable, variables, page, baseUrl: BASE_URL } = GOOGLE_CREDENTIALS

/** The Gemini API, with a key. @see https://ai.google.dev/gemini-api */
export const GOOGLE: ProviderDefinition = {
  version: PROVIDER_VERSION,
  id: 'google',
  words: GOOGLE_WORDS,
  credentials: GOOGLE_CREDENTIALS,
  catalogue: {
    models: MODELS,
    aliases: ALIASES,
    rules: [...RULES, noneOfVertex],
    transports: TRANSPORTS,
    defaultModel: DEFAULT_MODEL,
    textModels: TEXT_MODELS,
    batch: BATCH_LIMITS,
    languages: PROMPT_LANGUAGES,
  },
  open: (settings, env) => {
    const key = variables.map((name) => env[name]?.trim()).find(Boolean)
    if (!key) return undefined
    checkKey(key, variable, page)
    const baseUrl = checkBaseUrl(env[BASE_URL]?.trim() || ENDPOINT, BASE_URL, ENDPOINT)
    return googleProvider({ ...settings, baseUrl, key })
  },
}
