// oxlint-disable-next-line no-restricted-imports -- takes the stamp of this program itself.
import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { GatheredOptions } from '../../options/gather-options.ts'
import type { Surroundings } from '../../options/resolve-options.ts'
import { stampOf } from '../../kernel/files/stamp.ts'

/** The variables that say what is to be found, and not only who pays. */
const VARIABLES = ['GEMINI_IMAGE_MODE', 'GEMINI_IMAGE_STORE', 'CI']

/**
 * All that decides what a build finds besides files: options, surroundings, and this program. `undefined` where an
 * option is no mere data, such as a provider, of which nobody knows what it will do.
 */
export function indexKey(
  { options, config }: GatheredOptions,
  { hostRoot, hostMode, outputs, env }: Surroundings,
): string | undefined {
  const variables = VARIABLES.map((name) => env[name])
  const said = [options, config?.file, hostRoot, hostMode, outputs, variables]
  return isData(said) ? JSON.stringify([programStamp(), ...said]) : undefined
}

/** Changes whenever another version is installed, or this one is patched. */
function programStamp(): string {
  return stampOf(statSync(fileURLToPath(import.meta.url), { bigint: true }))
}

function isData(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'function'
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype
  return isPlain && Object.values(value).every(isData)
}
