import { isInlineId, isOneOfSeveral } from '../declare/declaration.ts'
import type { LockEntry, PinnedPicture } from '../pin/lock-entry.ts'
import type { LockEntries } from '../pin/lockfile-text.ts'
import { shownBy } from '../providers/request.ts'
import { chainOf, stepsOf, type Declared } from './declared.ts'
import { variantsOf } from './step.ts'

/** A part of a request that is not what it was. */
export interface Change {
  /** `prompt`, `references[0].sha256`. */
  readonly part: string
  /** `undefined` where it was not there. */
  readonly before: unknown
  /** `undefined` where it is gone. */
  readonly after: unknown
}

/** What a picture was before its declaration changed. */
export interface Former extends PinnedPicture {
  /** What has changed since; `undefined` where the lockfile does not say what was asked. */
  readonly changes: readonly Change[] | undefined
}

/**
 * The picture that a declaration had last, and what has changed since; `undefined` where none is
 * known. An entry knows which file declared it; one that does not is known by its file's name.
 * @param others The other declarations: what they show was never this picture.
 */
export function formerOf(
  declared: Declared,
  entries: LockEntries,
  others: readonly Declared[] = [],
): Former | undefined {
  const { request } = declared.result
  const named = [...entries].filter(
    ([key, entry]) => key !== declared.fingerprint && isOf(declared, entry),
  )
  // Most declarations have nothing before them.
  if (named.length === 0) return undefined
  const current = fingerprintsOf([declared])
  const taken = fingerprintsOf(sharesFile(declared) ? others : [])
  const all = named.filter(([key]) => current.has(key) || !taken.has(key))
  // Where there is nothing else, it goes on from a picture of its own, by a turn that is new.
  const earlier = all.filter(([key]) => !current.has(key))
  const own = earlier.length > 0 ? earlier : all
  // Beside a variant there were others, which were never this picture.
  const alike = own.filter(([, entry]) => entry.request?.['variant'] === request.variant)
  const candidates = alike.length > 0 ? alike : own
  const [last] = mostAlike(declared, candidates).toSorted(
    ([, a], [, b]) => Number(isLater(b, a)) - Number(isLater(a, b)),
  )
  if (!last) return undefined
  const [fingerprint, entry] = last
  return { fingerprint, entry, changes: entry.request && compare(entry.request, request) }
}

type Pinned = readonly [fingerprint: string, entry: LockEntry]

/**
 * Gives what {@link formerOf} takes for entries, for one declaration after another: a project may miss thousands, of
 * thousands that are pinned.
 */
export function entriesByPlace(entries: LockEntries): (declared: Declared) => LockEntries {
  const ofPlaces = new Map<string, Map<string, LockEntry>>()
  for (const [fingerprint, entry] of entries) {
    const key = entry.from ?? `#${stemOf(entry.file)}`
    const group = ofPlaces.get(key) ?? new Map<string, LockEntry>()
    ofPlaces.set(key, group.set(fingerprint, entry))
  }
  return ({ place, name }) => {
    const own: LockEntries = ofPlaces.get(place.path) ?? new Map()
    const named = ofPlaces.get(`#${name}`)
    return named ? new Map([...own, ...named]) : own
  }
}

/**
 * What is pinned for earlier requests of a declaration, and for what its picture goes on from: not its variants, which
 * are there to choose from.
 * @param others The other declarations: what they show was never this picture.
 */
export function earlierOf(
  declared: Declared,
  entries: LockEntries,
  others: readonly Declared[],
): readonly PinnedPicture[] {
  const steps = new Set(chainOf(declared.result).map(({ fingerprint }) => fingerprint))
  const variants = variantsOf(declared, shownBy(declared.result.request)).flatMap(chainOf)
  const choice = variants.filter(({ fingerprint }) => !steps.has(fingerprint))
  const passed = new Set([
    declared.fingerprint,
    ...choice.map(({ fingerprint }) => fingerprint),
    ...(sharesFile(declared) ? fingerprintsOf(others) : []),
  ])
  return [...entries].flatMap(([fingerprint, entry]) =>
    !passed.has(fingerprint) && (steps.has(fingerprint) || wasOf(declared, entry))
      ? [{ fingerprint, entry }]
      : [],
  )
}

/** Whether an entry was this declaration's: of several in one file by its name, or by the words of its prompt. */
export function wasOf(declared: Declared, entry: LockEntry): boolean {
  if (!isOf(declared, entry)) return false
  if (!sharesFile(declared) || isNamesake(declared, entry)) return true
  const words = entry.request?.['prompt']
  return (
    isInlineId(declared.id) &&
    typeof words === 'string' &&
    similarity(words, declared.result.request.prompt) >= ALIKE
  )
}

/** Whether a file declares others beside a picture: those of a set, scenes, or what is declared inline. */
export function sharesFile({ id, spec }: Pick<Declared, 'id' | 'spec'>): boolean {
  return isOneOfSeveral(id) || spec.scenes !== undefined
}

function isNamesake({ name }: Declared, { file }: LockEntry): boolean {
  return stemOf(file).replace(/-\d+$/, '') === name.replace(/-\d+$/, '')
}

function fingerprintsOf(all: readonly Declared[]): ReadonlySet<string> {
  return new Set(all.flatMap(stepsOf).map(({ fingerprint }) => fingerprint))
}

function isOf({ place, name }: Declared, { from, file }: LockEntry): boolean {
  return from === undefined ? stemOf(file) === name : from === place.path
}

/** `hero` for the object `hero.0123456789ab.jpg`. */
function stemOf(file: string): string {
  return file.replace(/\.[^.]*\.[^.]*$/, '')
}

/** A prompt file's pictures are all its own. Another file may have declared several. */
function mostAlike(declared: Declared, pinned: readonly Pinned[]): readonly Pinned[] {
  if (!sharesFile(declared)) return pinned
  const { prompt } = declared.result.request
  const similarityOf = (entry: LockEntry): number => {
    const words = entry.request?.['prompt']
    return (
      Number(isNamesake(declared, entry)) +
      (typeof words === 'string' ? similarity(words, prompt) : 0)
    )
  }
  const all = pinned.map((one) => [similarityOf(one[1]), one] as const)
  const most = Math.max(ALIKE, ...all.map(([degree]) => degree))
  return all.flatMap(([degree, one]) => (degree === most ? [one] : []))
}

/** Turns are committed after what they change, perhaps in the same second. */
function isLater(a: LockEntry, b: LockEntry): boolean {
  if (a.created !== b.created) return a.created > b.created
  return countTurns(a) > countTurns(b)
}

function countTurns({ request }: LockEntry): number {
  const turns = request?.['turns']
  return Array.isArray(turns) ? turns.length : 0
}

/** The parts in which two JSON values differ. */
function compare(before: unknown, after: unknown, part = ''): readonly Change[] {
  if (isBranch(before) && isBranch(after) && Array.isArray(before) === Array.isArray(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)])
    return [...keys].flatMap((key) =>
      compare(before[key], after[key], Array.isArray(after) ? `${part}[${key}]` : join(part, key)),
    )
  }
  return before === after ? [] : [{ part, before, after }]
}

function isBranch(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function join(part: string, key: string): string {
  return part === '' ? key : `${part}.${key}`
}

/**
 * How alike two prompts are, from 0 to 1: the share of words that they have in common. An inline declaration
 * has no name that outlives an edit, so its words must tell what it was before.
 * @see https://en.wikipedia.org/wiki/Dice-S%C3%B8rensen_coefficient
 */
export function similarity(one: string, other: string): number {
  const [ours, theirs] = [wordsOf(one), wordsOf(other)]
  const shared = [...ours].filter((word) => theirs.has(word)).length
  return ours.size + theirs.size === 0 ? 1 : (2 * shared) / (ours.size + theirs.size)
}

/** From here on two prompts are taken for versions of one: "A leaf" and "A tree" are at 0.5. */
export const ALIKE = 0.6

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu))
}
