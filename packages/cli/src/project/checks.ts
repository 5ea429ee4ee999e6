import { API_KEY_NAMES, type Env } from '@gemini-image/core/internal'
import { GOOGLE_KEY } from './secrets.ts'

/** How a check came out. */
export type Verdict = 'ok' | 'warning' | 'problem'

/** One thing that was looked at. */
export interface Check {
  /** `key`, `models`: what was looked at. */
  readonly name: string
  readonly verdict: Verdict
  /** What was found, and for a problem what to do. */
  readonly text: string
}

/** Prefixes of variables that bundlers hand to the browser. */
const CLIENT_PREFIXES = [
  'VITE_',
  'PUBLIC_',
  'NEXT_PUBLIC_',
  'NUXT_PUBLIC_',
  'REACT_APP_',
  'GATSBY_',
  'VUE_APP_',
  'EXPO_PUBLIC_',
]

/** Names that say what the key is for; keys of other services are meant to be public. */
const GEMINI_NAME = /GEMINI|GENAI|GOOGLE_AI|GOOGLE_API_KEY/

/** The key that is used. */
export function checkKey(env: Env): Check {
  const name = 'key'
  const [first, second] = API_KEY_NAMES.filter((variable) => env[variable]?.trim())
  if (!first) {
    const text =
      'There is no API key: nothing can be generated here. What is pinned builds without one. Set GEMINI_API_KEY (https://aistudio.google.com/apikey).'
    return { name, verdict: 'warning', text }
  }
  if (second) {
    return { name, verdict: 'warning', text: `${first} is used; ${second} is set as well.` }
  }
  return { name, verdict: 'ok', text: `${first} is set.` }
}

/**
 * Variables that a bundler would hand to the browser. Values are never repeated.
 * @param env What the command goes by.
 * @param files The variables of each `.env` file, by its name: a host may read more of them.
 */
export function checkClientVariables(
  env: Env,
  files: Readonly<Record<string, Env>>,
): readonly Check[] {
  const all = Object.values(files)
  const keys = new Set(
    [env, ...all].flatMap((one) => API_KEY_NAMES.map((name) => one[name]?.trim())).filter(Boolean),
  )
  const seen = new Map<string, Check>()
  for (const [name, value = ''] of [env, ...all].flatMap((one) => Object.entries(one))) {
    const check = seen.get(name) ?? checkVariable(name, value.trim(), keys)
    if (check) seen.set(name, check)
  }
  return [...seen.values()]
}

function checkVariable(
  variable: string,
  value: string,
  keys: ReadonlySet<string | undefined>,
): Check | undefined {
  const name = 'secrets'
  if (value === '' || !CLIENT_PREFIXES.some((prefix) => variable.startsWith(prefix))) {
    return undefined
  }
  if (keys.has(value) || GEMINI_NAME.test(variable)) {
    const text = `${variable} holds an API key, and its name makes bundlers put it into the browser. Rename it to GEMINI_API_KEY, and replace the key: it may have been published.`
    return { name, verdict: 'problem', text }
  }
  if (!GOOGLE_KEY.test(value)) return undefined
  const text = `${variable} looks like a key of Google's, and bundlers put it into the browser. Make sure that it may not be used for the Gemini API.`
  return { name, verdict: 'warning', text }
}
