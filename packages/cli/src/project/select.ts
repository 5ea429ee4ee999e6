import { hash } from 'node:crypto'
import { GeminiImageError, type Place, type PlanRow } from '@gemini-image/core'
import { didYouMean, formatPlace, labelOf, nameOf, stepsOf } from '@gemini-image/core/internal'
import picomatch from 'picomatch'

/**
 * The declarations that names stand for: a name (`hero`), a path from the root, or a glob; of a file that
 * declares several, a line of it (`src/page.ts:3`). No names stand for all that the source asks for.
 * @param unused Declarations that nothing asks for; only a name reaches them.
 * @throws {GeminiImageError} `UNKNOWN_PICTURE`.
 */
export function selectRows(
  names: readonly string[],
  rows: readonly PlanRow[],
  unused: readonly PlanRow[] = [],
): readonly PlanRow[] {
  if (names.length === 0) return rows
  const all = [...rows, ...unused]
  const selected = new Set<PlanRow>()
  for (const name of names) {
    const found = all.filter(matcher(name))
    if (found.length === 0) throw unknownPicture(name, all)
    for (const row of found) selected.add(row)
  }
  return [...selected]
}

/** Whether names stand for a prompt file of this path from the root, as {@link selectRows} takes them. */
export function isNamed(names: readonly string[], path: string): boolean {
  return names.length === 0 || names.some((name) => pathMatcher(name)(path))
}

function pathMatcher(name: string): (path: string) => boolean {
  const written = name.replaceAll('\\', '/').replace(/^\.\//, '')
  const isMatch = picomatch(written, { dot: true })
  return (path) => [path, nameOf(path)].includes(written) || isMatch(path)
}

/**
 * The one declaration that a name stands for.
 * @param problems What is wrong with declarations; whoever asks for one of them is told.
 * @throws {GeminiImageError} `UNKNOWN_PICTURE`, or what is wrong with the declaration.
 */
export function selectRow(
  name: string,
  rows: readonly PlanRow[],
  problems: readonly GeminiImageError[] = [],
): PlanRow {
  const broken = rows.some(matcher(name)) ? undefined : problems.find(isAbout(name))
  if (broken) throw broken
  const [first, ...others] = selectRows([name], rows)
  if (first && others.length === 0) return first
  const several = [first, ...others].flatMap((row) => (row ? describe(row) : []))
  throw new GeminiImageError({
    code: 'UNKNOWN_PICTURE',
    what: `"${name}" stands for several pictures: ${several.join(', ')}.`,
    fix: 'write the path of one of them, with its line where a file declares several.',
  })
}

function describe({ declared }: PlanRow): string {
  const { name, place } = declared
  const label = labelOf(declared)
  return label === place.path ? label : `${name} (${formatPlace(place)})`
}

function matcher(name: string): (row: PlanRow) => boolean {
  const path = name.replaceAll('\\', '/').replace(/^\.\//, '')
  const isMatch = picomatch(path, { dot: true })
  return ({ declared }) => {
    const { place } = declared
    const names = [declared.name, place.path, labelOf(declared), ...placesOf(place)]
    return names.includes(path) || isMatch(place.path)
  }
}

/** A place with and without its column: an editor's line number is enough. */
function placesOf(place: Place): readonly string[] {
  return [`${place.path}:${place.line}`, formatPlace(place)]
}

/** Whether something is wrong with the declaration of this name or path. */
function isAbout(name: string): (problem: GeminiImageError) => boolean {
  const path = name.replace(/^\.\//, '')
  return ({ place }) =>
    place !== undefined && [place.path, nameOf(place.path), ...placesOf(place)].includes(path)
}

function unknownPicture(name: string, rows: readonly PlanRow[]): GeminiImageError {
  const names = rows.flatMap(({ declared }) => [declared.name, declared.place.path])
  return new GeminiImageError({
    code: 'UNKNOWN_PICTURE',
    what: `There is no picture "${name}".`,
    fix: `${didYouMean(name, names)}Write a name such as "hero", a path from the root, or a glob; "npx gemini-image plan" lists all.`,
  })
}

/** One of several machines that share the work. */
export interface Shard {
  /** From 1. */
  readonly number: number
  readonly count: number
}

/** Reads `1/4`. @throws {GeminiImageError} `INVALID_ARGUMENT`. */
export function parseShard(text: string): Shard {
  const [, number, count] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number)
  if (number !== undefined && count !== undefined && number >= 1 && number <= count) {
    return { number, count }
  }
  throw new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: `--shard is "${text}".`,
    fix: 'write which part of how many, such as 1/4.',
  })
}

/**
 * The part of the work that falls to one machine. It depends on the declarations' paths alone, and
 * pictures that wait for each other stay together: no two machines pay for one picture.
 */
export function takeShard(rows: readonly PlanRow[], { number, count }: Shard): readonly PlanRow[] {
  const groupOf = groups(rows)
  return rows.filter(({ declared }) => {
    const digest = hash('sha256', groupOf(declared.place.path)).slice(0, 8)
    return Number.parseInt(digest, 16) % count === number - 1
  })
}

/** Path → the first path, in the order of the alphabet, of all that it is connected with. */
function groups(rows: readonly PlanRow[]): (path: string) => string {
  const leader = new Map<string, string>()
  const find = (path: string): string => {
    let first = path
    for (;;) {
      const next = leader.get(first) ?? first
      if (next === first) return first
      // Every second step is taken out of the way of whoever comes next.
      leader.set(first, leader.get(next) ?? next)
      first = next
    }
  }
  const join = (a: string, b: string): void => {
    const [first = a, second = b] = [find(a), find(b)].toSorted()
    leader.set(second, first)
  }
  for (const { declared } of rows) {
    for (const other of declared.waitsFor) join(declared.place.path, other.place.path)
  }
  // Equal requests are one picture, wherever they are declared.
  const byFingerprint = new Map<string, string>()
  for (const { declared } of rows) {
    const { path } = declared.place
    for (const { fingerprint } of stepsOf(declared)) {
      join(path, byFingerprint.get(fingerprint) ?? path)
      byFingerprint.set(fingerprint, path)
    }
  }
  return find
}
