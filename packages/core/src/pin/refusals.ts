import path from 'node:path'
import { z } from 'zod'
import { ERROR_CODES, type ErrorCode } from '../kernel/errors/codes.ts'
import { openFiles } from '../kernel/files/files.ts'

/** What a model answered in place of a picture, as it was told. */
export interface Refusal {
  readonly code: ErrorCode
  readonly what: string
  readonly why?: string | undefined
  readonly fix: string
  /** What the answer cost, in US dollars. */
  readonly cost: number
  /** When it came: an ISO 8601 date and time, UTC, to the second. */
  readonly refused: string
}

/**
 * What was refused on this machine, by fingerprint: the same question would be paid for again, and mostly be
 * answered in the same way. Each lies in a file of its own in the cache folder.
 */
export interface Refusals {
  /** All of them, by fingerprint. */
  read(): Promise<ReadonlyMap<string, Refusal>>
  /** Remembers one, where the cache folder can be written to. */
  keep(fingerprint: string, refusal: Refusal): Promise<void>
  /** Forgets one. */
  drop(fingerprint: string): Promise<void>
}

const codes = Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]
const schema = z.object({
  code: z.enum(codes),
  what: z.string(),
  why: z.string().optional(),
  fix: z.string(),
  cost: z.number(),
  refused: z.iso.datetime(),
})

/** Opens what was refused. Nothing is read yet. */
export function openRefusals(cacheDir: string): Refusals {
  const folder = path.join(cacheDir, 'refused')
  const fileOf = (fingerprint: string): string => path.join(folder, `${fingerprint}.json`)

  const readOne = (fingerprint: string): Refusal | undefined => {
    try {
      const text = openFiles(cacheDir).readText('cache', fileOf(fingerprint))
      return schema.parse(JSON.parse(text ?? ''))
    } catch {
      // A record that nobody can read withholds nothing.
      return undefined
    }
  }

  return {
    read: async () => {
      const entries = await openFiles(cacheDir).list('cache', folder)
      const names = entries.flatMap(({ name }) => /^(\w+)\.json$/.exec(name)?.[1] ?? [])
      const found = names.map((name) => [name, readOne(name)] as const)
      return new Map(found.flatMap(([name, one]) => (one ? [[name, one] as const] : [])))
    },
    keep: (fingerprint, refusal) =>
      openFiles(cacheDir)
        .write('cache', fileOf(fingerprint), JSON.stringify(refusal))
        .catch(() => undefined),
    drop: (fingerprint) =>
      openFiles(cacheDir)
        .remove('cache', fileOf(fingerprint))
        .catch(() => undefined),
  }
}
