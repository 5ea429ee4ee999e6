import path from 'node:path'
import { z } from 'zod'
import { readCached } from '../kernel/files/file-index.ts'
import { openFiles } from '../kernel/files/files.ts'
import { extensionOfBytes } from '../pixels/image.ts'
import type { ProviderResult } from '../providers/provider.ts'
import { PictureRefusal } from '../providers/refusal.ts'
import { answeredPictures, type Answered } from './journal.ts'

/** Pictures that answers hold among their thoughts alone, by fingerprint: each in a file of its own, and to be looked at. */
export interface Drafts {
  /** @returns the pictures' files, in order. */
  keep(fingerprint: string, draft: Answered<ProviderResult>): Promise<readonly string[]>
  find(fingerprint: string): Answered<ProviderResult> | undefined
  /** The pictures' files, in order; none where there is no draft. */
  files(fingerprint: string): Promise<readonly string[]>
  drop(fingerprint: string): Promise<void>
}

/** Opens what the cache folder keeps. Nothing is read yet. */
export function openDrafts(cacheDir: string): Drafts {
  const folder = path.join(cacheDir, 'drafts')
  const files = openFiles(cacheDir)
  const recordOf = (fingerprint: string): string => path.join(folder, `${fingerprint}.json`)

  const picturesOf: Drafts['files'] = async (fingerprint) => {
    const names = (await files.list('cache', folder)).map(({ name }) => name)
    const own = names.filter((name) => name.startsWith(`${fingerprint}-`))
    return own.toSorted().map((name) => path.join(folder, name))
  }

  return {
    files: picturesOf,
    keep: async (fingerprint, draft) => {
      const names: string[] = []
      for (const part of draft.result.parts) {
        if ('text' in part) continue
        const number = String(names.length + 1).padStart(2, '0')
        const name = `${fingerprint}-${number}.${await extensionOfBytes(part.bytes)}`
        names.push(path.join(folder, name))
        await files.write('cache', path.join(folder, name), part.bytes)
      }
      const record = z.encode(answeredPictures, draft)
      await files.write('cache', recordOf(fingerprint), JSON.stringify(record))
      return names
    },
    find: (fingerprint) => readCached(recordOf(fingerprint), answeredPictures, files),
    drop: async (fingerprint) => {
      for (const file of [recordOf(fingerprint), ...(await picturesOf(fingerprint))]) {
        await files.remove('cache', file).catch(() => undefined)
      }
    },
  }
}

interface DraftFacts {
  readonly fingerprint: string
  /** What the answer cost, in US dollars. */
  readonly cost: number
  /** As they are pinned. */
  readonly tokens: NonNullable<ProviderResult['tokens']>
  readonly answered: string
  /** How a person names the picture in a command. */
  readonly name: string
}

/** A refusal whose draft is kept, and which says where, and how to use it. */
export async function withDraft(
  error: PictureRefusal,
  { fingerprint, cost, tokens, answered, name }: DraftFacts,
  cacheDir: string,
): Promise<PictureRefusal> {
  const { draft, usage, raw } = error
  if (!draft) return error
  const result = { ...draft, tokens }
  const { code, what } = error
  const reworded = (line: string, fix: string): PictureRefusal => {
    const why = [error.why, line].filter(Boolean).join('\n')
    return new PictureRefusal({ code, what, why, fix }, usage, { raw, draft })
  }
  try {
    const files = await openDrafts(cacheDir).keep(fingerprint, { result, cost, answered })
    const command = `npx gemini-image pick ${JSON.stringify(name)} --draft ${files.length}`
    const drafts = files.length === 1 ? 'The draft is' : 'The drafts are'
    return reworded(
      `${drafts} kept in ${files.join(' and ')}.`,
      `${error.fix} To use the draft as it is, and pay nothing more: ${command}`,
    )
  } catch (cause) {
    return reworded(`The draft could not be kept: ${(cause as Error).message}`, error.fix)
  }
}
