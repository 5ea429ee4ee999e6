import { hash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { writeWhole } from '../../kernel/files/write.ts'

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
  return {
    find: (question) => readFile(fileOf(question), 'utf8').catch(() => undefined),
    keep: (question, draft) => writeWhole(fileOf(question), draft),
    drop: (question) => rm(fileOf(question), { force: true }),
  }
}

/** One name for all that is the same question. */
export function keyOf({ object, model, instruction }: DraftQuestion): string {
  return hash('sha256', JSON.stringify([object, model, instruction]))
}
