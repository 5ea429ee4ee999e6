import { CREDENTIALS, type Credentials, type Env } from '@gemini-image/core/internal'

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

/** The key that is used. */
export function checkKey(env: Env, { variable: named, variables, page }: Credentials): Check {
  const name = 'key'
  const [first, second] = variables.filter((variable) => env[variable]?.trim())
  if (!first) {
    const text = `There is no API key: nothing can be generated here. What is pinned builds without one. Set ${named} (${page}).`
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
 * @param known Whose keys they may hold.
 */
export function checkClientVariables(
  env: Env,
  files: Readonly<Record<string, Env>>,
  known: readonly Credentials[],
): readonly Check[] {
  const all = Object.values(files)
  const names = known.flatMap(({ variables }) => variables)
  const keys = new Set(
    [env, ...all].flatMap((one) => names.map((name) => one[name]?.trim())).filter(Boolean),
  )
  const seen = new Map<string, Check>()
  for (const [name, value = ''] of [env, ...all].flatMap((one) => Object.entries(one))) {
    const check = seen.get(name) ?? checkVariable(name, value.trim(), keys, known)
    if (check) seen.set(name, check)
  }
  return [...seen.values()]
}

function checkVariable(
  variable: string,
  value: string,
  keys: ReadonlySet<string | undefined>,
  known: readonly Credentials[],
): Check | undefined {
  const name = 'secrets'
  if (value === '' || !CLIENT_PREFIXES.some((prefix) => variable.startsWith(prefix))) {
    return undefined
  }
  // Keys of other services, which look alike, are meant to be public.
  const owner = known.find(({ ownNames }) => ownNames.test(variable))
  if (keys.has(value) || owner) {
    const { variable: rightName } = owner ?? CREDENTIALS[0]
    const text = `${variable} holds an API key, and its name makes bundlers put it into the browser. Rename it to ${rightName}, and replace the key: it may have been published.`
    return { name, verdict: 'problem', text }
  }
  const alike = known.find(({ keyPattern }) => new RegExp(keyPattern).test(value))
  if (!alike) return undefined
  const text = `${variable} looks like ${alike.keyName}, and bundlers put it into the browser. Make sure that it may not be used for ${alike.api}.`
  return { name, verdict: 'warning', text }
}
