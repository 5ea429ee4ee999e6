import path from 'node:path'
import type { BackgroundRemover } from '../pixels/cut-out/cut-out.ts'
import {
  fileOfId,
  selectionOfId,
  type Declaration,
  type DeclarationId,
} from '../declare/declaration.ts'
import { inlineFinder } from '../declare/inline/find.ts'
import { formatPlace, startOf, type Place } from '../kernel/place.ts'
import type { ReferenceSpec } from '../declare/reference.ts'
import { scanProject, type Scan } from '../declare/scan.ts'
import { withoutScene } from '../declare/selection.ts'
import { selectsSheet, type Sheet } from '../declare/sheets.ts'
import { isGeminiImageError, reworded, type GeminiImageError } from '../kernel/errors/error.ts'
import { openFiles } from '../kernel/files/files.ts'
import type { LockEntries, LockTexts, ParsedLockfile, RemotePins } from '../pin/lockfile-text.ts'
import type { Lockfile } from '../pin/lockfile.ts'
import type { PinnedResult } from '../pin/pinned-text.ts'
import type { Estimate } from '../providers/models/price.ts'
import type { TeamStore } from '../team/team-store.ts'
import { estimateSteps } from './estimate.ts'
import { LostImages, type Reach } from './lost-images.ts'
import { Declarations, type DeclarationContext } from './declarations.ts'
import { inputsOf, stepsOf, type Declared } from './declared.ts'
import { pictureOf, standingOf, type PinnedState, type Standing } from './pinned-state.ts'

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
  /** What the source asks for by language: the pictures that it shows are among {@link Plan.rows}. */
  readonly languages: readonly PlanRow[]
  /** Prompt files that nothing in the source asks for. Builds leave them alone. */
  readonly unusedFiles: readonly Place[]
  /** Those of them that can be read, held against the lockfile. */
  readonly unusedRows: readonly PlanRow[]
  /** Pinned pictures that no prompt file declares, by fingerprint. */
  readonly unusedEntries: LockEntries
  /** Pinned texts that no step of a declaration draws from, by fingerprint. */
  readonly unusedTexts: LockTexts
  /** Pinned addresses of reference images that no prompt file names. */
  readonly unusedRemotes: RemotePins
  /** What is wrong with declarations that the source asks for, and with their objects. */
  readonly problems: readonly GeminiImageError[]
  /** What is wrong with prompt files that nothing asks for. */
  readonly unusedProblems: readonly GeminiImageError[]
  /** Absolute paths of the files that were searched. */
  readonly files: readonly string[]
  /** Those of them that ask for a picture. */
  readonly importers: readonly string[]
  /** Prompt files → absolute paths of the files that ask for them by name. */
  readonly askedBy: ReadonlyMap<DeclarationId, readonly string[]>
  /** The sheets that the source asks for, by id: their pictures are among {@link Plan.rows}. */
  readonly sheets: ReadonlyMap<DeclarationId, Sheet>
  /** Declarations that stand beside what shows them, by id. */
  readonly inline: ReadonlyMap<DeclarationId, Declaration>
  /** Whether a scan sees all of them, and no program declares anything that files do not. */
  readonly isOfFilesAlone: boolean
  /** Why pinned pictures could not be fetched from the shared store. */
  readonly unreached: readonly GeminiImageError[]
  /** What the lockfile pins, by fingerprint. */
  readonly pinned: LockEntries
  readonly declarations: Declarations
  /** Absolute paths of the files, besides the declaring ones, that decide what {@link Plan.rows} show. */
  readonly inputs: readonly string[]
}

/** Rows to act on, with the reading that they come from. A {@link Plan} is one. */
export type Selection = Pick<Plan, 'rows' | 'declarations'>

/** What became of a declaration, by its id. */
type Outcomes = ReadonlyMap<DeclarationId, PlanRow | GeminiImageError>

type Outcome = PlanRow | GeminiImageError

/** What plans are made from, and pictures with them. */
export interface PlanContext extends DeclarationContext {
  readonly lockfile: Lockfile
  /** Where the team shares what it has paid for. */
  readonly team: TeamStore | undefined
  readonly backgroundRemover: BackgroundRemover
}

/** Whose pictures are planned: those that the source asks for, or those of all prompt files and no others. */
export type Asking = 'source' | 'prompt files'

/**
 * Scans the project and holds what it declares against the lockfile. Spends nothing.
 * @param reach `look` counts as stored what the shared store has; `fetch` fetches it.
 * @throws {GeminiImageError} `CORRUPT_LOCKFILE`.
 */
export async function makePlan(
  context: PlanContext,
  reach: Reach = 'look',
  asking: Asking = 'source',
): Promise<Plan> {
  const { options, store } = context
  const [known, seen, names] = await Promise.all([
    readPinnedState(context),
    scanProject(options.root, options.exclude),
    store.names(),
  ])
  for (const warning of seen.warnings) options.logger.warn(warning)
  const scan = asking === 'source' ? withMet(seen, context) : askingForFiles(seen)
  const reachable = new Set<string>()
  const isStored = (file: string): boolean => names.has(file) || reachable.has(file)
  const pinnedState = { ...known, isStored }
  if (pinnedState.lock.hasConflicts) {
    options.logger.warn(
      'gemini-image.lock holds conflict markers; both sides of the merge are used. "npx gemini-image generate" writes it anew without them.',
    )
  }
  const lost = context.team && new LostImages(context.team, reach)
  const unreached: GeminiImageError[] = []
  let declarations = new Declarations(context, pinnedState)
  const { asked, sheets } = withSheets(scan, declarations)
  for (;;) {
    const outcomes = await planAll(asked, declarations)
    const used = asking === 'source' ? asked.used : new Set(outcomes.keys())
    const plan = arrange(outcomes, { ...asked, used }, pinnedState.lock, options.root)
    const reached = await lost?.find(plan.rows, pinnedState)
    unreached.push(...(reached?.problems ?? []))
    if (!reached || reached.found.length === 0) {
      for (const row of plan.rows) warnIfLost(row, pinnedState, options.logger.warn)
      const { entries: pinned } = pinnedState.lock
      return Object.assign(plan, { unreached, declarations, pinned, sheets })
    }
    // Those that refer to what was found are known only now.
    for (const file of reached.found) reachable.add(file)
    declarations = declarations.at(pinnedState)
  }
}

/** A scan as if something asked for each prompt file, and nothing were declared elsewhere. */
function askingForFiles(scan: Scan): AskedScan {
  return {
    ...scan,
    inline: new Map(),
    used: new Set(),
    askedBy: new Map(),
    problems: [],
    isOfFilesAlone: true,
  }
}

/** A scan with what programs declare besides. */
type AskedScan = Scan & Pick<Plan, 'isOfFilesAlone'>

/**
 * All inline declarations: what a file says is known with its place there. Sorted, so that lists are
 * the same on every machine.
 */
function withMet(scan: Scan, { met, options }: PlanContext): AskedScan {
  const unseen = [...met].filter(([id]) => !scan.inline.has(id))
  const find = inlineFinder(options.root)
  const found = unseen.map(([id, one]): Known => [id, find(id) ?? one])
  const inline = new Map([...scan.inline, ...found].toSorted(byPlace))
  return { ...scan, inline, isOfFilesAlone: unseen.length === 0 }
}

/** A scan in which those who ask for a sheet ask for its pictures. */
function withSheets(
  scan: AskedScan,
  declarations: Declarations,
): { readonly asked: AskedScan; readonly sheets: Plan['sheets'] } {
  const ids = [...scan.used].filter((id) => selectsSheet(selectionOfId(id)))
  const sheets = new Map<DeclarationId, Sheet>()
  if (ids.length === 0) return { asked: scan, sheets }
  const texts = new Map(scan.promptFiles.map((file, index) => [file, scan.texts[index]]))
  const used = new Set(scan.used)
  const askedBy = new Map(scan.askedBy)
  for (const id of ids) {
    const sheet = sheetOrFile(id, texts.get(fileOfId(id)), declarations)
    used.delete(id)
    sheets.set(id, sheet)
    for (const { id: one } of sheet.pictures) {
      used.add(one)
      const askers = [...(askedBy.get(one) ?? []), ...(scan.askedBy.get(id) ?? [])]
      askedBy.set(one, [...new Set(askers)])
    }
  }
  return { asked: { ...scan, used, askedBy }, sheets }
}

/** Of a file that cannot be read, whoever plans it says what is wrong. */
function sheetOrFile(
  id: DeclarationId,
  text: string | undefined,
  declarations: Declarations,
): Sheet {
  try {
    return declarations.sheetOf(id, text)
  } catch {
    const file = fileOfId(id)
    return { name: file, pictures: [{ frame: file, id: file }] }
  }
}

type Known = readonly [id: DeclarationId, Declaration]

/** As a person would read the files, one after another from top to bottom. */
function byPlace([id, { place: one }]: Known, [otherId, { place: other }]: Known): number {
  if (one.path !== other.path) return one.path < other.path ? -1 : 1
  return one.line - other.line || one.column - other.column || (id < otherId ? -1 : 1)
}

export async function readPinnedState(
  { lockfile, store, options }: PlanContext,
  known: Pick<PinnedState, 'redraw'> = {},
): Promise<PinnedState> {
  return {
    lock: await lockfile.read(),
    isStored: store.has,
    now: Date.now(),
    acceptsStale: options.mode !== 'auto' || !options.provider,
    ...known,
  }
}

/** How a declaration stands, with the price of what is missing. */
export function toRow(declared: Declared, pinnedState: PinnedState): PlanRow {
  return new StandingRow(declared, standingOf(declared, pinnedState))
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
    return estimateSteps(this.missing)
  }
}

/** Each declaration in its place; only those that refer to something are waited for. */
async function planAll(scan: Scan, declarations: Declarations): Promise<Outcomes> {
  const outcomes = new Map<DeclarationId, Outcome>()
  const linking: DeclarationId[] = []
  const plan = (id: DeclarationId, written: string | Declaration | undefined): void => {
    const alone = planAlone(id, written, declarations)
    if (!alone) linking.push(id)
    // Its place is kept for one that is linked later.
    outcomes.set(id, withAsker(alone as Outcome, scan.askedBy.get(id)?.at(-1), declarations))
  }
  const selected = Map.groupBy(
    [...scan.used].filter((id) => selectionOfId(id) !== ''),
    fileOfId,
  )
  for (const [index, file] of scan.promptFiles.entries()) {
    const text = scan.texts[index]
    const asked = scan.used.has(file) ? [file] : []
    const declared = declarations.picturesOf(file, text)
    const ids = new Set([...asked, ...declared, ...(selected.get(file) ?? [])])
    for (const id of ids) plan(id, text)
  }
  for (const [id, declaration] of scan.inline) plan(id, declaration)
  // Their turn comes when all were validated, so that no file is read twice.
  const link = async (id: DeclarationId): Promise<void> => {
    const outcome = await planLinked(id, declarations)
    outcomes.set(id, withAsker(outcome, scan.askedBy.get(id)?.at(-1), declarations))
  }
  await Promise.all(linking.map(link))
  const isPlanned = ({ kind, target }: ReferenceSpec): boolean =>
    kind !== 'declaration' || selectionOfId(target) === '' || outcomes.has(target)
  // Turns that only other declarations refer to. A map goes on to what is added while it is walked through.
  for (const outcome of outcomes.values()) {
    if (isGeminiImageError(outcome)) continue
    const { spec, languages } = outcome.declared
    for (const one of spec.references) if (!isPlanned(one)) await link(one.target)
    for (const { id } of languages?.members ?? []) if (!outcomes.has(id)) await link(id)
  }
  return outcomes
}

/** Which picture is meant stands where one asks for it; that it is not there is found in the prompt file. */
function withAsker(
  outcome: Outcome,
  file: string | undefined,
  declarations: Declarations,
): Outcome {
  if (!isGeminiImageError(outcome) || outcome.code !== 'NOT_IN_SET' || !file) return outcome
  return reworded(outcome, { why: `${declarations.pathOf(file)} asks for it.` })
}

function planAlone(
  id: DeclarationId,
  written: string | Declaration | undefined,
  declarations: Declarations,
): Outcome | undefined {
  try {
    const declared = declarations.declareAlone(id, written)
    return declared && toRow(declared, declarations.pinnedState)
  } catch (error) {
    return declarations.blame(id, error)
  }
}

async function planLinked(id: DeclarationId, declarations: Declarations): Promise<Outcome> {
  try {
    return toRow(await declarations.declare(id), declarations.pinnedState)
  } catch (error) {
    return declarations.blame(id, error)
  }
}

/** What the source asks for, with the pictures of all languages where it asks for those. */
function withLanguages(
  asked: ReadonlySet<DeclarationId>,
  outcomes: Outcomes,
): ReadonlySet<DeclarationId> {
  const members = [...asked].flatMap((id) => {
    const row = outcomes.get(id)
    // What is wrong with the file is wrong with all of them.
    if (isGeminiImageError(row))
      return isGeminiImageError(outcomes.get(fileOfId(id))) ? fileOfId(id) : []
    return row?.declared.languages?.members.map((one) => one.id) ?? []
  })
  return members.length === 0 ? asked : new Set([...asked, ...members])
}

/** What the source asks for, with the scenes of it: they are drawn with the picture that they stand in for. */
function withScenes(
  asked: ReadonlySet<DeclarationId>,
  outcomes: Outcomes,
): ReadonlySet<DeclarationId> {
  const scenes = [...outcomes.keys()].filter((id) => {
    const main = withoutScene(selectionOfId(id))
    return main !== undefined && asked.has(fileOfId(id) + main)
  })
  return scenes.length === 0 ? asked : new Set([...asked, ...scenes])
}

/** What the source asks for, and the declarations that this refers to. */
function withReferred(
  asked: ReadonlySet<DeclarationId>,
  outcomes: Outcomes,
): ReadonlySet<DeclarationId> {
  const referring = new Map<string, readonly ReferenceSpec[]>()
  for (const row of outcomes.values()) {
    if (isGeminiImageError(row) || row.declared.spec.references.length === 0) continue
    const { id, spec } = row.declared
    const others = spec.references.filter(({ kind }) => kind === 'declaration')
    if (others.length > 0) referring.set(id, others)
  }
  if (referring.size === 0) return asked
  const used = new Set(asked)
  // A set goes on to what is added while it is walked through.
  for (const id of used) {
    for (const { target } of referring.get(id) ?? []) used.add(target)
  }
  return used
}

function arrange(
  outcomes: Outcomes,
  scan: AskedScan,
  lock: ParsedLockfile,
  root: string,
): Omit<Plan, 'unreached' | 'declarations' | 'pinned' | 'sheets'> {
  const used = withReferred(withScenes(withLanguages(scan.used, outcomes), outcomes), outcomes)
  const rows: PlanRow[] = []
  const problems = new Map(scan.problems.map((problem) => [problem.message, problem]))
  const unusedProblems: GeminiImageError[] = []
  const unusedFiles: Place[] = []
  const unusedRows: PlanRow[] = []
  const languages: PlanRow[] = []
  for (const [id, row] of outcomes) {
    // What is declared inline is used where it stands.
    const isUsed = scan.inline.has(id) || used.has(id)
    const isBroken = isGeminiImageError(row)
    const place = isBroken ? row.place : row.declared.place
    if (!isUsed && place) unusedFiles.push(place)
    if (!isUsed && isBroken) unusedProblems.push(row)
    if (isUsed && isBroken) problems.set(row.message, row)
    if (!isBroken && row.declared.languages) languages.push(row)
    else if (!isBroken) (isUsed ? rows : unusedRows).push(row)
  }
  return {
    rows,
    languages,
    unusedFiles,
    unusedRows,
    // Builds do not ask.
    get unusedEntries() {
      return withoutDeclared(lock.entries, [...rows, ...unusedRows], scan, root)
    },
    get unusedTexts() {
      return withoutDeclared(lock.texts, [...rows, ...unusedRows], scan, root)
    },
    get unusedRemotes() {
      return withoutReferred(lock.remotes, [...rows, ...unusedRows])
    },
    problems: [...problems.values()],
    unusedProblems,
    files: scan.files,
    importers: scan.askers,
    askedBy: withAskersOf(languages, scan.askedBy),
    inline: scan.inline,
    isOfFilesAlone: scan.isOfFilesAlone,
    get inputs() {
      return inputsOf(rows.map(({ declared }) => declared))
    },
  }
}

/** Who asks for pictures, by the picture: whoever asks for those of all languages asks for each. */
function withAskersOf(languages: readonly PlanRow[], askedBy: Plan['askedBy']): Plan['askedBy'] {
  if (languages.length === 0) return askedBy
  const all = new Map(askedBy)
  for (const { declared } of languages) {
    const askers = askedBy.get(declared.id) ?? []
    for (const { id } of declared.languages?.members ?? [])
      all.set(id, [...new Set([...(all.get(id) ?? []), ...askers])])
  }
  return all
}

function withoutDeclared<Pinned extends PinnedResult>(
  entries: ReadonlyMap<string, Pinned>,
  rows: readonly PlanRow[],
  { schemas }: Scan,
  root: string,
): ReadonlyMap<string, Pinned> {
  const seen = new Set(rows.map(({ declared }) => declared.place.path))
  // What content loaders yield is known to the build alone.
  const loaders = new Set([...schemas].map((file) => startOf(root, file).path))
  const isDeclaredUnseen = ({ from = '' }: Pinned): boolean =>
    loaders.has(from) || (from.startsWith('../') && !seen.has(from) && isThere(from, root))
  const unused = new Map([...entries].filter(([, entry]) => !isDeclaredUnseen(entry)))
  for (const { declared } of rows) {
    for (const { fingerprint } of stepsOf(declared)) unused.delete(fingerprint)
  }
  return unused
}

/** Whether a file of another package is there: a bundler's alias may lead to it, which nobody follows here. */
function isThere(from: string, root: string): boolean {
  try {
    return openFiles(root).locate('source', path.resolve(root, from)) !== undefined
  } catch {
    return false
  }
}

function withoutReferred(remotes: RemotePins, rows: readonly PlanRow[]): RemotePins {
  const unused = new Map(remotes)
  for (const { declared } of rows) {
    for (const { target } of declared.spec.references) unused.delete(target)
  }
  return unused
}

function warnIfLost(
  { state, declared, entry }: PlanRow,
  pinnedState: PinnedState,
  warn: (message: string) => void,
): void {
  if (state === 'pinned' || !entry || pictureOf(declared.result, pinnedState)) return
  warn(
    `${formatPlace(declared.place)}: gemini-image.lock pins .gemini-image/${entry.file}, which is not there. Restore it from version control to keep this very picture.`,
  )
}
