// oxlint-disable-next-line no-restricted-imports -- lists the files of this program itself.
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { CREDENTIALS } from '../../providers/built-in-credentials.ts'
import type { ProviderDefinition } from '../../providers/definition.ts'
import type { GatheredOptions } from '../../options/gather-options.ts'
import type { Surroundings } from '../../options/resolve-options.ts'

/** The variables that say what is to be found, and not only who pays. */
const VARIABLES = [
  'GEMINI_IMAGE_MODE',
  'GEMINI_IMAGE_STORE',
  'CI',
  ...CREDENTIALS.flatMap(({ chosenBy = [] }) => chosenBy),
]

/**
 * All that decides what a build finds besides files: options, surroundings, and this program. `undefined` where an
 * option is no mere data, such as a provider, of which nobody knows what it will do.
 */
export function indexKey(
  { options, config }: GatheredOptions,
  { hostRoot, hostMode, outputs, env }: Surroundings,
): string | undefined {
  const variables = VARIABLES.map((name) => env[name])
  const said = [asData(options), config?.file, hostRoot, hostMode, outputs, variables]
  return isData(said) ? JSON.stringify([programFiles(), ...said]) : undefined
}

/** A provider that says what decides what a build finds of it is as good as data. No index keeps what forms make. */
function asData({ provider, forms, ...options }: GatheredOptions['options']): object {
  const own = forms ? { ...options, forms: Object.entries(forms).map(shapeOf) } : options
  if (!provider) return own
  const { id, identity } = provider as Partial<ProviderDefinition>
  return { ...own, provider: identity === undefined ? provider : [id, identity] }
}

/** All of a form that options are validated by. */
function shapeOf([name, form]: readonly [string, object]): unknown {
  const kindOf = (one: unknown): unknown => (typeof one === 'function' ? 'function' : one)
  return [name, ...Object.entries({ ...form }).map(([key, one]) => [key, kindOf(one)])]
}

/** The names and sizes of this program's files, wherever it is installed: others in another version, or a patched one. */
function programFiles(): string {
  const folder = path.dirname(fileURLToPath(import.meta.url))
  const files = readdirSync(folder).filter((name) => /(?<!\.d)\.[jt]s$/.test(name))
  return files.map((name) => `${name} ${statSync(path.join(folder, name)).size}`).join()
}

function isData(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'function'
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype
  return isPlain && Object.values(value).every(isData)
}
