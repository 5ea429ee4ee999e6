import { z } from 'zod'
import { labelOf } from '../declare/declaration.ts'
import { GeminiImageError } from '../kernel/errors/error.ts'
import { appendLine } from '../kernel/files/append.ts'
import { openFiles } from '../kernel/files/files.ts'
import type { ProjectPlaces } from '../options/places.ts'
import type { StoredObject } from '../pin/lock-entry.ts'
import { eachLine, readJson } from '../pin/lockfile-text.ts'
import type { Declared } from '../plan/declared.ts'

/** What a reviewer has said of a picture. It names no person: git knows who committed the line. */
export interface Decision {
  /** The declaration, as people name it: `src/hero.prompt.md`. */
  readonly declaration: string
  /** What was asked for. */
  readonly fingerprint: string
  /** SHA-256 of the picture that was looked at, in hex. The decision holds for no other. */
  readonly object: string
  readonly verdict: 'accepted' | 'rejected'
  /** Why. */
  readonly word?: string | undefined
  /** ISO 8601, UTC. */
  readonly date: string
}

/** A picture in its place, as decisions name it. */
export type Judged = Pick<Decision, 'declaration' | 'fingerprint' | 'object'>

/** What a decision on a declaration's picture names. */
export function judgedOf(
  declared: Pick<Declared, 'id' | 'place' | 'name' | 'fingerprint'>,
  { object }: Pick<StoredObject, 'object'>,
): Judged {
  return { declaration: labelOf(declared), fingerprint: declared.fingerprint, object }
}

/** What a line must hold. Whatever else it holds is of a newer version, and no harm. */
const decisionSchema = z.object({
  declaration: z.string(),
  fingerprint: z.string(),
  object: z.string(),
  verdict: z.enum(['accepted', 'rejected']),
  word: z.string().optional(),
  date: z.iso.datetime(),
})

type Places = { readonly root: string } & Pick<ProjectPlaces, 'review'>

/**
 * All decisions, the earliest first, wherever a merge has put them: `gemini-image.review`, beside the lockfile. Lines that
 * can't be read decide nothing.
 */
export function readDecisions({ root, review }: Places): readonly Decision[] {
  const decisions: Decision[] = []
  const fits = (value: unknown): boolean => decisionSchema.safeParse(value).success
  eachLine(openFiles(root).readText('review', review) ?? '', (json) => {
    const decision = readJson<Decision>(json, fits)
    if (decision) decisions.push(decision)
  })
  return decisions.toSorted((one, other) => Date.parse(one.date) - Date.parse(other.date))
}

/** The last decision on a picture; a new picture of the same declaration has none. */
export function decisionOn(
  { declaration, fingerprint, object }: Judged,
  decisions: readonly Decision[],
): Decision | undefined {
  return decisions.findLast(
    (one) =>
      one.object === object && (one.fingerprint === fingerprint || one.declaration === declaration),
  )
}

/** A word why, no essay: each reader of the file reads all of it. In characters. */
const LONGEST_WORD = 2000

/**
 * Adds a line to the file of decisions.
 * @throws {GeminiImageError} `INVALID_ARGUMENT`, or `WRITE_FAILED`.
 */
export function decide(
  { root, review: file }: Places,
  { declaration, fingerprint, object }: Judged,
  { verdict, word = '' }: Pick<Decision, 'verdict' | 'word'>,
): void {
  const why = word.trim()
  assertDecision(verdict, why)
  const judged = { declaration, fingerprint, object }
  const said = { verdict, ...(why !== '' && { word: why }), date: new Date().toISOString() }
  appendLine({ root, kind: 'review', file }, JSON.stringify({ ...judged, ...said }))
}

function assertDecision(verdict: string, why: string): void {
  const refuse = (what: string, fix: string): GeminiImageError =>
    new GeminiImageError({ code: 'INVALID_ARGUMENT', what, fix })
  if (verdict !== 'accepted' && verdict !== 'rejected') {
    throw refuse('A decision is neither "accepted" nor "rejected".', 'choose one of them.')
  }
  if (verdict === 'rejected' && why === '') {
    throw refuse('A picture is rejected without a word why.', 'write what is wrong with it.')
  }
  if (why.length > LONGEST_WORD) {
    throw refuse(`The word why has ${why.length} characters.`, `write at most ${LONGEST_WORD}.`)
  }
}
