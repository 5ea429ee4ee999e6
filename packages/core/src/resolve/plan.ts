import { formatPlace, type Place } from '../declaration/place.ts'
import { scanProject } from '../declaration/scan.ts'
import { isGeminiImageError, oursOrThrow, type GeminiImageError } from '../errors/error.ts'
import type { LockEntry } from '../lock/lock-entry.ts'
import type { LockEntries, ParsedLockfile, RemotePins } from '../lock/lockfile-text.ts'
import type { Lockfile } from '../lock/lockfile.ts'
import { sumEstimates, type Estimate } from '../models/price.ts'
import type { TeamStore } from '../shared/team-store.ts'
import { LostImages, type Reach } from './restore.ts'
import { Declarations, type DeclarationTools } from './declarations.ts'
import { stepsOf, type Declared } from './declared.ts'
import { pictureOf, standingOf, type Shelf, type Standing } from './shelf.ts'

/** One declaration held against the lockfile. */
export interface PlanRow extends Standing {
  readonly declared: Declared
  /** What its missing steps would cost, in US dollars. */
  readonly estimate: Estimate
}

/** The declarations of a project held against its lockfile. */
export interface Plan {
  /** What the source asks for, and what that refers to. */
  readonly rows: readonly PlanRow[]
  /** Prompt files that nothing in the source asks for. Builds leave them alone. */
  readonly unusedFiles: readonly Place[]
  /** Those of them that can be read, held against the lockfile. */
  readonly unusedRows: readonly PlanRow[]
  /** Pinned pictures that no prompt file declares, by fingerprint. */
  readonly unusedEntries: LockEntries
  /** Pinned addresses of reference images that no prompt file names. */
  readonly unusedRemotes: RemotePins
  /** What is wrong with declarations that the source asks for, and with their objects. */
  readonly problems: readonly GeminiImageError[]
  /** What is wrong with prompt files that nothing asks for. */
  readonly unusedProblems: readonly GeminiImageError[]
}

/** What plans are made from, and pictures with them. */
export interface PlanTools extends DeclarationTools {
  readonly lockfile: Lockfile
  /** Where the team shares what it has paid for. */
  readonly team: TeamStore | undefined
}

/** A plan, and the reading of the declarations that it was made from. */
export interface PlannedDeclarations {
  readonly plan: Plan
  readonly declarations: Declarations
  /** Why pinned pictures could not be fetched from the shared store. */
  readonly unreached: readonly GeminiImageError[]
}

/**
 * Scans the project and holds what it declares against the lockfile. Spends nothing.
 * @param reach `look` counts as stored what the shared store has; `fetch` fetches it.
 * @throws {GeminiImageError} `CORRUPT_LOCKFILE`.
 */
export async function makePlan(tools: PlanTools, reach: Reach): Promise<PlannedDeclarations> {
  const { options, store } = tools
  const [scan, names] = await Promise.all([
    scanProject(options.root, options.exclude),
    store.names(),
  ])
  const reachable = new Set<string>()
  const isStored = (file: string): boolean => names.has(file) || reachable.has(file)
  const shelf = await readShelf(tools, { isStored })
  if (shelf.lock.healed) {
    options.logger.warn(
      'gemini-image.lock holds conflict markers; both sides of the merge are used. "gemini-image generate" writes it anew without them.',
    )
  }
  const lost = tools.team && new LostImages(tools.team, reach)
  const unreached: GeminiImageError[] = []
  let declarations = new Declarations(tools, shelf, { texts: scan.texts })
  for (;;) {
    const rows = await planAll(scan.promptFiles, declarations)
    const used = withReferred(scan.used, rows)
    const asking = rows.filter((row) => !isGeminiImageError(row) && used.has(row.declared.file))
    const reached = await lost?.find(asking as PlanRow[], shelf)
    unreached.push(...(reached?.problems ?? []))
    if (!reached || reached.found.length === 0) {
      for (const row of asking) warnIfLost(row as PlanRow, shelf, options.logger.warn)
      const plan = arrange(rows, scan.promptFiles, used, shelf.lock)
      return { plan, declarations, unreached }
    }
    // Those that refer to what was found are known only now.
    for (const file of reached.found) reachable.add(file)
    declarations = declarations.at(shelf)
  }
}

/** What is pinned and stored now. */
export async function readShelf(
  { lockfile, store, options }: PlanTools,
  known: Partial<Pick<Shelf, 'isStored' | 'redraw'>> = {},
): Promise<Shelf> {
  return {
    lock: await lockfile.read(),
    isStored: store.has,
    now: Date.now(),
    acceptsStale: options.mode !== 'auto' || !options.provider,
    ...known,
  }
}

/** How a declaration stands, with the price of what is missing. */
export function toRow(declared: Declared, shelf: Shelf): PlanRow {
  return new StandingRow(declared, standingOf(declared, shelf))
}

/** Adds up what is missing when it is asked: builds need no price of what is pinned. */
class StandingRow implements PlanRow {
  readonly state: Standing['state']
  readonly missing: Standing['missing']
  readonly entry: Standing['entry']
  readonly declared: Declared

  constructor(declared: Declared, { state, missing, entry }: Standing) {
    this.state = state
    this.missing = missing
    this.entry = entry
    this.declared = declared
  }

  get estimate(): Estimate {
    return sumEstimates(this.missing.map((step) => step.estimate))
  }
}

/** Each file in its place; only those that refer to something are waited for. */
async function planAll(
  files: readonly string[],
  declarations: Declarations,
): Promise<readonly (PlanRow | GeminiImageError)[]> {
  const rows: (PlanRow | GeminiImageError)[] = []
  const linking: Promise<unknown>[] = []
  for (const [index, file] of files.entries()) {
    const alone = planAlone(file, declarations)
    if (alone) rows[index] = alone
    else linking.push(planFile(file, declarations).then((row) => (rows[index] = row)))
  }
  await Promise.all(linking)
  return rows
}

function planAlone(
  file: string,
  declarations: Declarations,
): PlanRow | GeminiImageError | undefined {
  try {
    const declared = declarations.declareAlone(file)
    return declared && toRow(declared, declarations.shelf)
  } catch (error) {
    return oursOrThrow(error)
  }
}

async function planFile(
  file: string,
  declarations: Declarations,
): Promise<PlanRow | GeminiImageError> {
  try {
    return toRow(await declarations.declare(file), declarations.shelf)
  } catch (error) {
    return oursOrThrow(error)
  }
}

/** What the source asks for, and the declarations that this refers to. */
function withReferred(
  asked: ReadonlySet<string>,
  rows: readonly (PlanRow | GeminiImageError)[],
): ReadonlySet<string> {
  const referring = new Map<string, Declared>()
  for (const row of rows) {
    if (isGeminiImageError(row) || row.declared.spec.references.length === 0) continue
    referring.set(row.declared.file, row.declared)
  }
  const used = new Set(asked)
  // A set goes on to what is added while it is walked through.
  for (const file of used) {
    for (const { kind, target } of referring.get(file)?.spec.references ?? []) {
      if (kind === 'declaration') used.add(target)
    }
  }
  return used
}

function arrange(
  outcomes: readonly (PlanRow | GeminiImageError)[],
  files: readonly string[],
  used: ReadonlySet<string>,
  { entries, remotes }: ParsedLockfile,
): Plan {
  const rows: PlanRow[] = []
  const problems = new Map<string, GeminiImageError>()
  const unusedProblems: GeminiImageError[] = []
  const unusedFiles: Place[] = []
  const unusedRows: PlanRow[] = []
  const fingerprints = new Set<string>()
  const unusedRemotes = new Map(remotes)
  for (const [index, row] of outcomes.entries()) {
    const isUsed = used.has(files[index] ?? '')
    const isBroken = isGeminiImageError(row)
    const place = isBroken ? row.place : row.declared.place
    if (!isBroken && entries.size > 0) note(row.declared, fingerprints)
    if (!isBroken && remotes.size > 0) forgetRemotes(row.declared, unusedRemotes)
    if (!isUsed && place) unusedFiles.push(place)
    if (!isUsed && isBroken) unusedProblems.push(row)
    if (isUsed && isBroken) problems.set(row.message, row)
    if (!isBroken) (isUsed ? rows : unusedRows).push(row)
  }
  const unusedEntries = new Map<string, LockEntry>()
  for (const [key, entry] of entries) if (!fingerprints.has(key)) unusedEntries.set(key, entry)
  const unused = { unusedFiles, unusedRows, unusedEntries, unusedRemotes, unusedProblems }
  return { rows, problems: [...problems.values()], ...unused }
}

function note(declared: Declared, fingerprints: Set<string>): void {
  for (const { fingerprint } of stepsOf(declared)) fingerprints.add(fingerprint)
}

function forgetRemotes({ spec }: Declared, remotes: Map<string, unknown>): void {
  for (const { target } of spec.references) remotes.delete(target)
}

function warnIfLost(
  { state, declared, entry }: PlanRow,
  shelf: Shelf,
  warn: (message: string) => void,
): void {
  if (state === 'cached' || !entry || pictureOf(declared.result, shelf)) return
  warn(
    `${formatPlace(declared.place)}: gemini-image.lock pins .gemini-image/${entry.file}, which is not there. Restore it from version control to keep this very picture.`,
  )
}
