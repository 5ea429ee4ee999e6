import { z } from 'zod'
import type { ReferenceFacts } from '../providers/provider.ts'
import {
  SHA_256,
  contentOf,
  lockEntrySchema,
  pinnedTextSchema,
  toLine,
  withFormer,
  type LockEntry,
  type Result,
  isPlainEntry,
} from './lock-entry.ts'
import { isPinnedText, type PinnedResult, type PinnedText } from './pinned-text.ts'
import { IMAGE_TYPES } from '../pixels/image.ts'
import { parseJson } from '../kernel/json.ts'
import type { Place } from '../kernel/place.ts'
import { GeminiImageError, joinErrors } from '../kernel/errors/error.ts'

/** What the lockfile pins for the address of a reference image. */
export interface RemotePin {
  /** SHA-256 of its bytes, in hex. */
  readonly object: string
  readonly type: ReferenceFacts['type']
  /** Size, in bytes. */
  readonly size: number
}

/** What a pin must hold. Whatever else it holds is kept. */
const remotePinSchema: z.ZodType<RemotePin> = z.object({
  object: z.string().regex(SHA_256),
  type: z.enum(IMAGE_TYPES),
  size: z.number().int().nonnegative(),
})

/** The version of the lockfile's layout. */
const LOCKFILE_VERSION = 1

/** Fingerprint → pinned picture. */
export type LockEntries = ReadonlyMap<string, LockEntry>

/** Fingerprint → pinned text, from which a picture was drawn. */
export type LockTexts = ReadonlyMap<string, PinnedText>

/** Address of a reference image → what is pinned for it. */
export type RemotePins = ReadonlyMap<string, RemotePin>

export interface ParsedLockfile {
  readonly entries: LockEntries
  readonly texts: LockTexts
  readonly remotes: RemotePins
  /** Whether conflict markers of a merge were found; the entries are then the union of both sides. */
  readonly hasConflicts: boolean
}

const HEADER = `# The generated pictures of this project, pinned by gemini-image. Commit this file.
version: ${LOCKFILE_VERSION}
pictures:
`
const VERSION_LINE = /^version:\s*(\S+)\s*$/
const ENTRY_LINE = /^ {2}([0-9a-f]{64}): (\{.*\})\s*$/s
const REMOTE_LINE = /^ {2}("https:(?:[^"\\]|\\.)*"): (\{.*\})\s*$/s
const SECTION_LINE = /^(?:pictures|texts|remotes):\s*$/
const CONFLICT_LINE = /^(?:<{7}|={7}|>{7}|\|{7})(?: .*)?$/

/**
 * Reads a lockfile: YAML in which every entry is one line, `fingerprint: {JSON}`.
 *
 * One line an entry makes a merge of two branches the union of both (`merge=union`), keeps a diff
 * to the pictures that changed, and reads without a YAML parser: ten thousand entries in tens of
 * milliseconds.
 *
 * @param place Where the file starts; messages point at the line.
 * @throws {GeminiImageError} `CORRUPT_LOCKFILE`, one for each unreadable line.
 */
export function parseLockfile(text: string, place: Place): ParsedLockfile {
  const pictures: Results<LockEntry> = { chosen: new Map(), rivals: new Map() }
  const texts: Results<PinnedText> = { chosen: new Map(), rivals: new Map() }
  const remotes = new Map<string, RemotePin>()
  const problems: GeminiImageError[] = []
  const hasConflicts = eachLine(text, (line, number) => {
    const problem = readLine(line, { pictures, texts, remotes })
    if (problem) problems.push(corrupt(problem, { ...place, line: number }))
  })
  if (problems.length > 0) throw joinErrors(problems)
  return { entries: settle(pictures), texts: settle(texts), remotes, hasConflicts }
}

/**
 * Goes through the lines of both sides of a merge.
 * @returns whether there are conflict markers.
 */
export function eachLine(text: string, read: (line: string, number: number) => void): boolean {
  let isConflict = false
  let inBase = false
  const lines = (text.includes('\r') ? text.replaceAll('\r\n', '\n') : text).split('\n')
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? ''
    if (!line.startsWith('  ') && CONFLICT_LINE.test(line)) {
      isConflict = true
      // What stands between ||||||| and ======= is the common ancestor, not a side.
      inBase = line.startsWith('|||||||')
    } else if (!inBase) read(line, index + 1)
  }
  return isConflict
}

/** The lockfile's text: sorted, so that equal content is equal bytes. */
export function formatLockfile(
  entries: LockEntries,
  remotes: RemotePins = new Map(),
  texts: LockTexts = new Map(),
): string {
  const pictures = lines(entries, (fingerprint) => fingerprint)
  const words = lines(texts, (fingerprint) => fingerprint)
  const addresses = lines(remotes, (url) => JSON.stringify(url))
  return [
    HEADER + pictures,
    texts.size > 0 ? `texts:\n${words}` : '',
    remotes.size > 0 ? `remotes:\n${addresses}` : '',
  ].join('')
}

function lines<Value>(values: ReadonlyMap<string, Value>, write: (key: string) => string): string {
  return [...values]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `  ${write(key)}: ${JSON.stringify(value)}\n`)
    .join('')
}

/** What is pinned by fingerprint, of one kind. */
interface Results<One> {
  readonly chosen: Map<string, One>
  /** All results of a fingerprint that has several. */
  readonly rivals: Map<string, One[]>
}

interface Read {
  readonly pictures: Results<LockEntry>
  readonly texts: Results<PinnedText>
  readonly remotes: Map<string, RemotePin>
}

/** Reads one line, or says what is wrong with it. What kind it is stands in the line itself: a merge may mix sections. */
function readLine(line: string, { pictures, texts, remotes }: Read): string | undefined {
  if (!line.startsWith('  ')) return readHead(line)
  const [key, json] = splitEntry(line)
  if (key === undefined || json === undefined) return readRemote(line, remotes)
  const result = readJson<PinnedResult>(json, isResult)
  if (!result) return `The entry ${key.slice(0, 12)}… does not hold what a pinned picture needs.`
  if (isPinnedText(result)) note(texts, key, result)
  else note(pictures, key, result)
  return undefined
}

function note<One>({ chosen, rivals }: Results<One>, key: string, one: One): void {
  const other = chosen.get(key)
  if (other) rivals.set(key, [...(rivals.get(key) ?? [other]), one])
  else chosen.set(key, one)
}

function settle<One extends Rival<One>>({ chosen, rivals }: Results<One>): Map<string, One> {
  for (const [key, all] of rivals) chosen.set(key, choose(all))
  return chosen
}

/** Fingerprint and JSON of an entry's line. Few are written in any other way than ours. */
function splitEntry(line: string): readonly (string | undefined)[] {
  const key = line.slice(2, 66)
  if (SHA_256.test(key) && line.startsWith(': {', 66) && line.endsWith('}')) {
    return [key, line.slice(68)]
  }
  return ENTRY_LINE.exec(line)?.slice(1) ?? []
}

/** Reads a line that is not indented: a section, a comment, the version. */
function readHead(line: string): string | undefined {
  if (line.trim() === '' || line.startsWith('#') || SECTION_LINE.test(line)) return undefined
  const version = VERSION_LINE.exec(line)?.[1]
  return version === undefined
    ? 'This line is not an entry.'
    : readVersion(version, LOCKFILE_VERSION)
}

function readRemote(line: string, remotes: Map<string, RemotePin>): string | undefined {
  const [, quoted, json] = REMOTE_LINE.exec(line) ?? []
  if (quoted === undefined || json === undefined) {
    return line.trim() === '' ? undefined : 'This line is not an entry.'
  }
  const url = readJson<string>(quoted, (value) => typeof value === 'string')
  const pin = readJson<RemotePin>(json, (value) => remotePinSchema.safeParse(value).success)
  if (url === undefined || !pin) return 'This line does not hold what a pinned address needs.'
  const other = remotes.get(url)
  remotes.set(url, other && other.object < pin.object ? other : pin)
  return undefined
}

/** What is wrong with the version of a layout. */
export function readVersion(version: string, ours: number): string | undefined {
  if (version === String(ours)) return undefined
  return `Its layout is version ${version}; this gemini-image reads version ${ours}.`
}

function isResult(value: unknown): boolean {
  if (isPlainEntry(value)) return true
  const schema = isPinnedText(Object(value)) ? pinnedTextSchema : lockEntrySchema
  return schema.safeParse(value).success
}

/** What was written, key by key as it was written, if it holds what is needed. */
export function readJson<Value>(
  json: string,
  fits: (value: unknown) => boolean,
): Value | undefined {
  const value = parseJson(json)
  return value !== undefined && fits(value) ? (value as Value) : undefined
}

type Rival<One> = Result<One> & Pick<LockEntry, 'grounding' | 'adopted'>

/**
 * Branches paid for the same request: every clone must settle on the same one, in whatever order they stand.
 * Where one of them was asked for anew or adopted, none is forgotten: the others stay behind it.
 */
function choose<One extends Rival<One>>(all: readonly One[]): One {
  const first = all.reduce((a, b) => firstOf(a, b))
  return all.some(({ former, adopted }) => former ?? adopted) ? withFormer(first, all) : first
}

/**
 * The one that was generated anew more often, on purpose; then the oldest, which was there first; of looked-up data,
 * the newest.
 */
function firstOf<One extends Rival<One>>(a: One, b: One): One {
  const redrawn = (a.redrawn ?? 0) - (b.redrawn ?? 0)
  if (redrawn !== 0) return redrawn > 0 ? a : b
  const isLive = a.grounding !== undefined
  if (isLive !== (b.grounding !== undefined)) return isLive ? a : b
  const order = compare(a.created, b.created) * (isLive ? -1 : 1)
  const decided = order || compare(contentOf(a), contentOf(b)) || compare(toLine(a), toLine(b))
  return decided <= 0 ? a : b
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}

function corrupt(what: string, place: Place): GeminiImageError {
  return new GeminiImageError({
    code: 'CORRUPT_LOCKFILE',
    what,
    why: 'It is read as a whole or not at all: a line that is passed over is a picture that is paid for again.',
    fix: `restore ${place.path} from version control, or update gemini-image if a newer one wrote it.`,
    place,
  })
}
