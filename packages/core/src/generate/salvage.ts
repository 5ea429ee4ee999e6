import { lstat, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { z } from 'zod'
import type { ProviderResult } from '../providers/provider.ts'
import { sha256 } from '../kernel/hash.ts'
import { makeFolder, writeWhole } from '../kernel/files/write.ts'

/** A paid answer that could not be stored. */
export interface Salvaged {
  readonly result: ProviderResult
  /** What it cost, in US dollars. */
  readonly cost: number
  /** When it came: an ISO 8601 date and time, UTC, to the second. */
  readonly answered: string
}

/**
 * Paid answers that could not be stored, because a disk was full: they wait in the system's
 * temporary folder, which often lies on another disk, for the next run of the same project.
 */
export interface Salvage {
  /** Keeps an answer, and gives the file; `undefined` where that is not possible either. */
  keep(fingerprint: string, salvaged: Salvaged): Promise<string | undefined>
  /** What was kept for a fingerprint. */
  find(fingerprint: string): Promise<Salvaged | undefined>
  /** Deletes what was kept, once it is stored. */
  drop(fingerprint: string): Promise<void>
}

const bytes = z.codec(z.base64(), z.instanceof(Uint8Array), {
  decode: (text) => Buffer.from(text, 'base64'),
  encode: (value) => Buffer.from(value).toString('base64'),
})
const part = z.union([
  z.object({ text: z.string() }),
  z.object({ bytes, claimedType: z.string().optional() }),
])
const schema = z.object({
  cost: z.number().nonnegative(),
  answered: z.iso.datetime(),
  result: z.looseObject({ parts: z.array(part), thoughts: z.array(part).optional() }),
})

/** Bits of a mode. */
const WRITABLE_BY_OTHERS = 0o022

/** Opens the salvage of the project in `root`. */
export function openSalvage(root: string): Salvage {
  // By number: in a container a user may have no name. On Windows the folder is a user's own anyway.
  const uid = process.getuid?.()
  const dir = path.join(tmpdir(), `gemini-image-${uid ?? 'salvage'}`)
  const project = sha256(Buffer.from(root)).slice(0, 12)
  const fileOf = (fingerprint: string): string => path.join(dir, project, `${fingerprint}.json`)

  /** Anyone may make a folder in the temporary one; what others put there is not ours. */
  const isOurs = async (): Promise<boolean> => {
    const stats = await lstat(dir).catch(() => undefined)
    if (!stats?.isDirectory()) return false
    return uid === undefined || (stats.uid === uid && (stats.mode & WRITABLE_BY_OTHERS) === 0)
  }

  const keep = async (fingerprint: string, salvaged: Salvaged): Promise<string | undefined> => {
    try {
      await makeFolder(dir, 0o700)
      if (!(await isOurs())) return undefined
      const file = fileOf(fingerprint)
      await writeWhole(file, JSON.stringify(z.encode(schema, { ...salvaged } as never)))
      return file
    } catch {
      return undefined
    }
  }

  const find = async (fingerprint: string): Promise<Salvaged | undefined> => {
    if (!(await isOurs())) return undefined
    try {
      const text = await readFile(fileOf(fingerprint), 'utf8')
      return z.decode(schema, JSON.parse(text)) as unknown as Salvaged
    } catch {
      return undefined
    }
  }

  /** What stays is no worse than what is gone. */
  const drop = (fingerprint: string): Promise<void> =>
    rm(fileOf(fingerprint), { force: true }).catch(() => undefined)

  return { keep, find, drop }
}
