import path from 'node:path'
import { parseEnv } from 'node:util'
import { startOf } from '../kernel/place.ts'
import { GeminiImageError } from '../kernel/errors/error.ts'
import { CREDENTIALS } from '../providers/built-in-credentials.ts'
import type { Credentials } from '../providers/credentials.ts'
import { readFixedFile } from '../kernel/files/fixed-file.ts'

/** Bytes; no file of variables has as many. */
const MOST = 1_000_000

export type Env = Readonly<Record<string, string | undefined>>

const MODE = 'GEMINI_IMAGE_MODE'

/** Which env files there are, and who is told about them. */
interface EnvFiles {
  /** The folder that holds them, absolute. @default none: the host reads no env files */
  readonly dir: string | undefined
  /** Vite's mode, which names two more files. @default none */
  readonly mode?: string | undefined
  /**
   * Another folder, absolute, whose env files a host may have loaded into the process: Nuxt's root, while
   * Vite works in `app/`.
   */
  readonly loadedFrom?: string | undefined
  /** Called with a sentence for each variable of an env file that does not count. */
  readonly warn?: ((message: string) => void) | undefined
}

/**
 * The process's variables over those of env files, read as Vite reads them. Env files are data that a
 * pull request can change without anybody reviewing it as code. So the base URL counts only if the API
 * key comes from the same file, and so does the mode `auto`; in CI, no mode of an env file counts. None chooses a
 * provider.
 * @param configured Those of a provider that the configuration names.
 */
export function withEnvFiles(
  { dir, mode, loadedFrom, warn }: EnvFiles,
  env: Env,
  configured?: Credentials,
): Env {
  const known = configured ? [...CREDENTIALS, configured] : CREDENTIALS
  const files = readFiles(dir, mode)
  const ours = Object.entries(merge(files, env)).filter(([name]) => isOurs(name, known))
  const all = { ...Object.fromEntries(ours), ...env }
  const others = loadedFrom === dir ? [] : readFiles(loadedFrom, mode)
  const sources = new Sources([...others, ...files], env, all)
  const counts = ([name]: readonly [string, unknown]): boolean => {
    const why = whyIgnored(name, sources, known, env, all)
    // The others were told before the configuration was read.
    if (why && !(configured && isOurs(name, CREDENTIALS)))
      warn?.(`${sources.of(name)?.name} sets ${name}, which is ignored: ${why}`)
    return why === undefined
  }
  return Object.fromEntries(Object.entries(all).filter(counts))
}

/** What {@link withEnvFiles} gives, before the configuration is read and once it names a provider. */
export interface EnvWithFiles {
  readonly env: Env
  envFor(configured: Credentials): Env
}

/** The variables of a run, as {@link withEnvFiles} reads them. */
export function openEnv(files: EnvFiles, env: Env): EnvWithFiles {
  return {
    env: withEnvFiles(files, env),
    envFor: (configured) => withEnvFiles(files, env, configured),
  }
}

/** Env files set no other variables: `CI` and all that shared stores go by come from the process. */
function isOurs(name: string, known: readonly Credentials[]): boolean {
  return name.startsWith('GEMINI_IMAGE_') || known.some(({ inEnvFiles }) => inEnvFiles.test(name))
}

/** Whether a CI system runs the process. */
export function isCi(env: Env): boolean {
  return !['', '0', 'false', undefined].includes(env['CI']?.trim().toLowerCase())
}

/** Why a variable of an env file does not count; empty where nobody needs to know. */
function whyIgnored(
  name: string,
  sources: Sources,
  known: readonly Credentials[],
  env: Env,
  all: Env,
): string | undefined {
  const value = all[name]?.trim()
  const isChoice = known.some(({ chosenBy }) => chosenBy?.includes(name))
  if (isChoice && sources.of(name)) {
    return 'it decides whose credentials are used. Set it in the environment, or configure the provider.'
  }
  const addressed = known.find(({ baseUrl }) => baseUrl === name)
  if ((!addressed && name !== MODE) || !value || !sources.of(name)) return undefined
  if (name === MODE && isCi(env)) {
    return `CI is set. Set ${MODE} in the environment of the CI job instead.`
  }
  // The other modes spend nothing.
  if (name === MODE && value !== 'auto') return undefined
  if (addressed?.variables.length === 0) {
    return 'credentials are sent there. Set it in the environment instead.'
  }
  const names = addressed?.variables ?? known.flatMap(({ variables }) => variables)
  const key = names.find((one) => all[one]?.trim())
  if (key !== undefined && sources.haveTogether(key, name)) return undefined
  if (key === undefined && addressed) return ''
  return `the API key does not come from that file. Move ${name} out of the file, into the environment, or keep it and ${key ?? names[0]} in one file, without variables of the environment in them.`
}

interface EnvFile {
  readonly name: string
  readonly parsed: Readonly<Record<string, string>>
}

/** Tells which variables come from which env file. */
class Sources {
  readonly #files: readonly EnvFile[]
  readonly #env: Env
  readonly #all: Env

  constructor(files: readonly EnvFile[], env: Env, all: Env) {
    this.#files = files
    this.#env = env
    this.#all = all
  }

  /**
   * The file that a variable comes from. Some hosts load env files into the process: a value that a file has, too,
   * is the file's.
   */
  of(name: string): EnvFile | undefined {
    return this.#files.findLast(({ parsed }) => {
      if (!Object.hasOwn(parsed, name)) return false
      const given = this.#env[name]
      return (
        given === undefined || given === expandVariables(parsed, without(this.#env, parsed))[name]
      )
    })
  }

  /** Whether one file alone decides both variables. */
  haveTogether(a: string, b: string): boolean {
    const file = this.of(a)
    if (!file || file !== this.of(b)) return false
    const own = expandVariables(file.parsed, {})
    return [a, b].every((name) => own[name] === this.#all[name])
  }
}

/** In Vite's order: what comes later wins. */
export function readFiles(dir: string | undefined, mode: string | undefined): readonly EnvFile[] {
  if (dir === undefined) return []
  const modes = mode === undefined ? [] : [`.env.${mode}`, `.env.${mode}.local`]
  return ['.env', '.env.local', ...modes].flatMap((name) => {
    const parsed = readEnvFile(path.join(dir, name))
    return parsed ? [{ name, parsed }] : []
  })
}

/**
 * The variables of one env file, as they are written; `undefined` where it cannot be read: builds that generate
 * nothing need no key.
 * @throws {GeminiImageError} `NOT_UTF8` for a file in UTF-16.
 */
export function readEnvFile(file: string): Record<string, string> | undefined {
  const text = readFixedFile(file, MOST)
  if (text === undefined) return undefined
  if (text.includes('\0')) throw inUtf16(file)
  // A byte order mark would become a part of the first name.
  return parseEnv(text.replace(/^\uFEFF/, '')) as Record<string, string>
}

/** Windows PowerShell writes UTF-16, in which no variable would be found. */
function inUtf16(file: string): GeminiImageError {
  return new GeminiImageError({
    code: 'NOT_UTF8',
    what: `${path.basename(file)} is saved as UTF-16: no variable in it can be read.`,
    fix: 'save it as UTF-8: editors call it "Save with Encoding".',
    place: startOf(path.dirname(file), file),
  })
}

export function merge(files: readonly EnvFile[], env: Env): Record<string, string> {
  return expandVariables(Object.assign({}, ...files.map(({ parsed }) => parsed)), env)
}

/** What the environment has besides the variables of a file. */
function without(env: Env, parsed: EnvFile['parsed']): Env {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !Object.hasOwn(parsed, name)))
}

/** `$NAME` and `${NAME}`, unless a backslash stands before it. */
const REFERENCE = /(?<!\\)\$(?:\{([^{}]+)\}|([A-Za-z_]\w*))/

/** A name in braces, and what takes its place where the variable is empty (`-`) or is not (`+`). */
const WITH_DEFAULT = /^(.*?)(?:(:?[-+])(.*))?$/s

/** References that lead back to each other would be filled in for ever. */
const MOST_STEPS = 1000

/**
 * The variables of an env file with references to others filled in, step by step as Vite does it: it carries
 * a copy of dotenv-expand 13 that also knows the variables below. Version 1000 of that package runs commands
 * that an env file names.
 * @param env The process's variables: they go before those of the file.
 */
function expandVariables(
  parsed: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const all = { ...parsed }
  for (const name of Object.keys(all)) {
    all[name] = (env[name] || expandValue(all[name] ?? '', all, env)).replaceAll('\\$', '$')
  }
  return all
}

function expandValue(
  text: string,
  parsed: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string | undefined>>,
): string {
  let result = text
  const seen = new Set<string>()
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const match = REFERENCE.exec(result)
    if (!match) break
    seen.add(result)
    const [reference, braced, bare = ''] = match
    const [, name = '', operator, other = ''] = WITH_DEFAULT.exec(braced ?? bare) ?? []
    const value = env[name] ?? parsed[name]
    const isAlternative = operator?.endsWith('+')
    const filled = isAlternative ? value && other : value && !seen.has(value) ? value : other
    result = result.replace(reference, filled ?? '')
    if (result === parsed[name]) break
  }
  return result
}
