import { hash } from 'node:crypto'
import path from 'node:path'
import { openFiles } from '../../kernel/files/files.ts'

/** What decides a draft. */
export interface DraftQuestion {
  /** SHA-256 of the picture. */
  readonly object: string
  /** The id of the text model. */
  readonly model: string
  readonly instruction: string
}

/** Drafts that are paid for and stand in no prompt file: those of inline declarations, for one. */
export interface KeptDrafts {
  find(question: DraftQuestion): Promise<string | undefined>
  /** @throws {GeminiImageError} `WRITE_FAILED`. */
  keep(question: DraftQuestion, draft: string): Promise<void>
  /** Forgets one that has come where it belongs. */
  drop(question: DraftQuestion): Promise<void>
}

/** Opens the drafts that this machine keeps. */
export function openKeptDrafts(cacheDir: string): KeptDrafts {
  const fileOf = (question: DraftQuestion): string =>
    path.join(cacheDir, 'alt-drafts', `${keyOf(question)}.txt`)
  const files = openFiles(cacheDir)
  const find = async (question: DraftQuestion): Promise<string | undefined> => {
    const bytes = await files.readBytes('cache', fileOf(question)).catch(() => undefined)
    return bytes && Buffer.from(bytes).toString('utf8')
  }
  return {
    find,
    keep: (question, draft) => files.write('cache', fileOf(question), draft),
    drop: (question) => files.remove('cache', fileOf(question)),
  }
}

/** One name for all that is the same question. */
export function keyOf({ object, model, instruction }: DraftQuestion): string {
  return hash('sha256', JSON.stringify([object, model, instruction]))
}
