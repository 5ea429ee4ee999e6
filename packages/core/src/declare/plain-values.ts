import { GeminiImageError } from '../kernel/errors/error.ts'
import type { Setting } from './declaration.ts'

/** How many levels deep a value may be: far more than any setting takes. */
export const DEEPEST = 200
/** In characters. Aliases of YAML make much of little. */
const LONGEST = 10_000_000

/**
 * Refuses values that no request can carry: JSON has no number that is not finite and no value that holds itself,
 * and UTF-8 has no half of a character. YAML, JavaScript and programs have all of them.
 * @throws {GeminiImageError} `INVALID_VALUE`, at the part.
 */
export function assertPlain(settings: ReadonlyMap<string, Setting>): void {
  const lengths = new Map<object, number>()
  for (const [key, setting] of settings) {
    const refuse = ({ path, isKey, what, fix }: Refusal): never => {
      throw new GeminiImageError({
        code: 'INVALID_VALUE',
        what: `"${[key, ...path].join('.').toWellFormed()}" ${what}`,
        fix,
        place: isKey ? setting.keyPlace(path) : setting.valuePlace(path),
      })
    }
    const length = lengthOf(setting.value, [], { lengths, refuse })
    if (!key.isWellFormed()) refuse({ ...HALF, path: [], isKey: true })
    if (length > LONGEST) refuse({ ...TOO_LONG, path: [] })
  }
}

interface Refusal {
  readonly what: string
  readonly fix: string
  readonly path: readonly string[]
  readonly isKey?: boolean
}

const HALF = {
  what: 'holds half of a character (a lone surrogate).',
  fix: 'write the character itself, or both halves of it.',
}
const TOO_LONG = {
  what: `says more than ${LONGEST / 1e6} million characters.`,
  fix: 'write less, or use fewer aliases.',
}

interface Check {
  /** Of lists and maps that were looked at: aliases may lead to one in many ways. */
  readonly lengths: Map<object, number>
  readonly refuse: (found: Refusal) => never
}

/** How many characters a value takes, written out. */
function lengthOf(value: unknown, path: readonly string[], check: Check): number {
  const { lengths, refuse } = check
  if (typeof value === 'string')
    return value.isWellFormed() ? value.length : refuse({ ...HALF, path })
  if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value))) {
    refuse({
      what: `cannot be ${value}.`,
      fix: 'write a finite number, or quote it as text.',
      path,
    })
  }
  if (typeof value !== 'object' || value === null) return 1
  const known = lengths.get(value)
  if (known !== undefined) return known
  if (path.length > DEEPEST) {
    refuse({ what: 'is nested too deeply, or holds itself.', fix: 'write plain values.', path: [] })
  }
  let length = 1
  for (const [key, inner] of Object.entries(value)) {
    if (!key.isWellFormed()) refuse({ ...HALF, path: [...path, key], isKey: true })
    length += key.length + lengthOf(inner, [...path, key], check)
  }
  lengths.set(value, length)
  return length
}
