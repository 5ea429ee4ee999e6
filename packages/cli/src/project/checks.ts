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

/** What a key of Google's looks like. @see https://cloud.google.com/docs/authentication/api-keys */
const GOOGLE_KEY = /^AIza[\w-]{35}$/

/** The key, and where it must not be. Values are never repeated. */
export function checkKey(env: Readonly<Record<string, string | undefined>>): readonly Check[] {
  const names = ['GEMINI_API_KEY', 'GOOGLE_API_KEY'].filter((name) => env[name]?.trim())
  const keys = new Set(names.map((name) => env[name]?.trim()))
  const exposed = Object.entries(env).filter(
    ([name, value]) =>
      CLIENT_PREFIXES.some((prefix) => name.startsWith(prefix)) &&
      (keys.has(value?.trim()) || GOOGLE_KEY.test(value?.trim() ?? '')),
  )
  return [
    describeKey(names),
    ...exposed.map(([name]): Check => ({
      name: 'secrets',
      verdict: 'problem',
      text: `${name} holds an API key, and its name makes bundlers put it into the browser. Rename it to GEMINI_API_KEY, and replace the key: it may have been published.`,
    })),
  ]
}

function describeKey([first, second]: readonly string[]): Check {
  const name = 'key'
  if (!first) {
    const text =
      'There is no API key: nothing can be generated here. What is pinned builds without one. Set GEMINI_API_KEY (https://aistudio.google.com/apikey).'
    return { name, verdict: 'warning', text }
  }
  if (second)
    return { name, verdict: 'warning', text: `${first} is used; ${second} is set as well.` }
  return { name, verdict: 'ok', text: `${first} is set.` }
}
