import { z } from 'zod'
import type { ReferenceFacts } from '../providers/provider.ts'
import {
  SHA_256,
  lockEntrySchema,
  toLine,
  withFormer,
  type LockEntry,
  isPlainEntry,
} from './lock-entry.ts'
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

/** Fingerprint → pinned result. */
export type LockEntries = ReadonlyMap<string, LockEntry>

/** Address of a reference image → what is pinned for it. */
export type RemotePins = ReadonlyMap<string, RemotePin>

export interface ParsedLockfile {
  readonly entries: LockEntries
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
const SECTION_LINE = /^(?:pictures|remotes):\s*$/
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
  const entries = new Map<string, LockEntry>()
  const rivals = new Map<string, LockEntry[]>()
  const remotes = new Map<string, RemotePin>()
  const problems: GeminiImageError[] = []
  const hasConflicts = eachLine(text, (line, number) => {
    const problem = readLine(line, { entries, rivals, remotes })
    if (problem) problems.push(corrupt(problem, { ...place, line: number }))
  })
  if (problems.length > 0) throw joinErrors(problems)
  for (const [key, all] of rivals) entries.set(key, choose(all))
  return { entries, remotes, hasConflicts }
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
export function formatLockfile(entries: LockEntries, remotes: RemotePins = new Map()): string {
  const pictures = lines(entries, (fingerprint) => fingerprint)
  const addresses = lines(remotes, (url) => JSON.stringify(url))
  return HEADER + pictures + (remotes.size > 0 ? `remotes:\n${addresses}` : '')
}

function lines<Value>(values: ReadonlyMap<string, Value>, write: (key: string) => string): string {
  return [...values]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `  ${write(key)}: ${JSON.stringify(value)}\n`)
    .join('')
}

interface Read {
  readonly entries: Map<string, LockEntry>
  /** All entries of a fingerprint that has several. */
  readonly rivals: Map<string, LockEntry[]>
  readonly remotes: Map<string, RemotePin>
}

/** Reads one line, or says what is wrong with it. */
function readLine(line: string, { entries, rivals, remotes }: Read): string | undefined {
  if (!line.startsWith('  ')) return readHead(line)
  const [key, json] = splitEntry(line)
  if (key === undefined || json === undefined) return readRemote(line, remotes)
  const entry = readJson<LockEntry>(json, isEntry)
  if (!entry) return `The entry ${key.slice(0, 12)}… does not hold what a pinned picture needs.`
  const other = entries.get(key)
  if (other) rivals.set(key, [...(rivals.get(key) ?? [other]), entry])
  else entries.set(key, entry)
  return undefined
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

function isEntry(value: unknown): boolean {
  return isPlainEntry(value) || lockEntrySchema.safeParse(value).success
}

/** What was written, key by key as it was written, if it holds what is needed. */
export function readJson<Value>(
  json: string,
  fits: (value: unknown) => boolean,
): Value | undefined {
  const value = parseJson(json)
  return value !== undefined && fits(value) ? (value as Value) : undefined
}

/**
 * Branches paid for the same request: every clone must settle on the same one, in whatever order they stand.
 * Where one of them was asked for anew, none is forgotten: the others stay behind it.
 */
function choose(all: readonly LockEntry[]): LockEntry {
  const first = all.reduce(firstOf)
  return all.some(({ former }) => former) ? withFormer(first, all) : first
}

/**
 * The one that was generated anew more often, on purpose; then the oldest, which was there first; of looked-up data,
 * the newest.
 */
function firstOf(a: LockEntry, b: LockEntry): LockEntry {
  const redrawn = (a.redrawn ?? 0) - (b.redrawn ?? 0)
  if (redrawn !== 0) return redrawn > 0 ? a : b
  const isLive = a.grounding !== undefined
  if (isLive !== (b.grounding !== undefined)) return isLive ? a : b
  const order = compare(a.created, b.created) * (isLive ? -1 : 1)
  const decided = order || compare(a.object, b.object) || compare(toLine(a), toLine(b))
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
