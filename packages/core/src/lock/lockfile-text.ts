import type { Place } from '../declaration/place.ts'
import { GeminiImageError, joinErrors } from '../errors/error.ts'
import { lockEntrySchema, type LockEntry } from './lock-entry.ts'

/** The version of the lockfile's layout. */
export const LOCKFILE_VERSION = 1

/** Fingerprint → pinned result. */
export type LockEntries = ReadonlyMap<string, LockEntry>

/** A lockfile's text, read. */
export interface ParsedLockfile {
  readonly entries: LockEntries
  /** Whether conflict markers of a merge were found; the entries are then the union of both sides. */
  readonly healed: boolean
}

const HEADER = `# The generated pictures of this project, pinned by gemini-image. Commit this file.
version: ${LOCKFILE_VERSION}
pictures:
`
const VERSION_LINE = /^version:\s*(\S+)\s*$/
const ENTRY_LINE = /^ {2}([0-9a-f]{64}): (\{.*\})\s*$/
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
  const problems: GeminiImageError[] = []
  let healed = false
  let inBase = false
  for (const [index, line] of text.replaceAll('\r\n', '\n').split('\n').entries()) {
    if (CONFLICT_LINE.test(line)) {
      healed = true
      // What stands between ||||||| and ======= is the common ancestor, not a side.
      inBase = line.startsWith('|||||||')
      continue
    }
    if (inBase) continue
    const problem = readLine(line, entries)
    if (problem) problems.push(corrupt(problem, { ...place, line: index + 1 }))
  }
  if (problems.length > 0) throw joinErrors(problems)
  return { entries, healed }
}

/** The lockfile's text for entries: sorted by fingerprint, so that equal content is equal bytes. */
export function formatLockfile(entries: LockEntries): string {
  const lines = [...entries]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, entry]) => `  ${key}: ${JSON.stringify(entry)}\n`)
  return HEADER + lines.join('')
}

/** Reads one line into `entries`, or says what is wrong with it. */
function readLine(line: string, entries: Map<string, LockEntry>): string | undefined {
  if (line.trim() === '' || line.startsWith('#') || line.trimEnd() === 'pictures:') return undefined
  const version = VERSION_LINE.exec(line)?.[1]
  if (version !== undefined) return readVersion(version)
  const [, key, json] = ENTRY_LINE.exec(line) ?? []
  if (key === undefined || json === undefined) return 'This line is not an entry.'
  const entry = readEntry(json)
  if (!entry) return `The entry ${key.slice(0, 12)}… does not hold what a pinned picture needs.`
  const other = entries.get(key)
  entries.set(key, other ? older(other, entry) : entry)
  return undefined
}

function readVersion(version: string): string | undefined {
  if (version === String(LOCKFILE_VERSION)) return undefined
  return `Its layout is version ${version}; this gemini-image reads version ${LOCKFILE_VERSION}.`
}

function readEntry(json: string): LockEntry | undefined {
  try {
    return lockEntrySchema.safeParse(JSON.parse(json)).data
  } catch {
    return undefined
  }
}

/** Two branches paid for the same request: every clone must settle on the same one. */
function older(a: LockEntry, b: LockEntry): LockEntry {
  const order = a.created === b.created ? a.object < b.object : a.created < b.created
  return order ? a : b
}

function corrupt(what: string, place: Place): GeminiImageError {
  return new GeminiImageError({
    code: 'CORRUPT_LOCKFILE',
    what,
    why: 'Nothing was generated and nothing was written.',
    fix: `restore ${place.path} from version control, or update gemini-image if a newer one wrote it.`,
    place,
  })
}
