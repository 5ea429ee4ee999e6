import path from 'node:path'
import { joinErrors } from '../kernel/errors/error.ts'
import { openFiles, type FolderEntry, type ProjectFiles } from '../kernel/files/files.ts'
import {
  contentOf,
  keptImages,
  withFormer,
  type LockEntry,
  type PinnedPicture,
  type Result,
} from '../pin/lock-entry.ts'
import type { ParsedLockfile } from '../pin/lockfile-text.ts'
import { isPinnedText, type PinnedResult, type PinnedText } from '../pin/pinned-text.ts'
import { lockOf, withProjectLock } from '../pin/project-lock.ts'
import { stepsOf } from '../plan/declared.ts'
import { wasOf } from '../plan/explain.ts'
import { makePlan, type Plan, type PlanRow } from '../plan/plan.ts'
import type { Project } from './project.ts'

/** A text that is pinned. */
export interface PinnedWords {
  readonly fingerprint: string
  readonly text: PinnedText
}

/** What nothing needs any more. */
export interface Waste {
  readonly entries: readonly PinnedPicture[]
  /** Former results of the entries that stay. */
  readonly former: readonly PinnedPicture[]
  /** Texts that no picture is drawn from. */
  readonly texts: readonly PinnedWords[]
  /** Former texts of those that stay. */
  readonly formerTexts: readonly PinnedWords[]
  /** Addresses of reference images that no declaration names. */
  readonly remotes: readonly string[]
  /** Files and folders of the store, relative to it, that no entry names once these entries are gone. */
  readonly files: readonly string[]
}

/** Which part of the waste is meant. */
export interface WasteFilter {
  /** Gives the pictures whose earlier results are meant, and no more. @default all, and what nothing declares or names */
  readonly choose?: ((plan: Plan) => readonly PlanRow[]) | undefined
  /** Only what was pinned before, in milliseconds since 1970. @default whenever */
  readonly before?: number | undefined
}

/**
 * What could be deleted. The last picture of a declaration that has none now is kept: what it waits
 * for may come back, and people want to compare.
 * @throws {GeminiImageError} what is wrong with a declaration: what it needs cannot be known then.
 */
export async function findWaste(project: Project, filter: WasteFilter = {}): Promise<Waste> {
  const { lockfile, options } = project
  const plan = await makePlan(project)
  const problems = [...plan.problems, ...plan.unusedProblems]
  if (problems.length > 0) throw joinErrors(problems)
  const { entries, texts } = await lockfile.read()
  const waiting = plan.rows.filter(({ state }) => state !== 'pinned')
  const places = new Set(waiting.map(({ declared }) => declared.place.path))
  const isKept = ({ from }: PinnedResult): boolean =>
    waiting.length > 0 && (from === undefined || places.has(from))
  const isMeant = meantBy(filter, plan)
  const unused = [...plan.unusedEntries]
    .map(([fingerprint, entry]) => ({ fingerprint, entry }))
    .filter(({ fingerprint, entry }) => !isKept(entry) && isMeant(fingerprint, entry))
  const unusedTexts = [...plan.unusedTexts].filter(
    ([fingerprint, text]) => !isKept(text) && isMeant(fingerprint, text),
  )
  const kept = without(
    entries,
    unused.map(({ fingerprint }) => fingerprint),
  )
  const keptTexts = without(
    texts,
    unusedTexts.map(([fingerprint]) => fingerprint),
  )
  const former = formerIn(kept, isMeant)
  const formerTexts = formerIn(keptTexts, isMeant)
  const isPart = filter.choose !== undefined || filter.before !== undefined
  const left = new Map([...kept, ...forgotten(former, kept)])
  const free = await unreferenced(
    project.store.dir,
    { entries: left, texts: keptTexts },
    openFiles(options.root),
  )
  const going = [...unused, ...former]
  return {
    entries: unused,
    former: former.map(([fingerprint, entry]) => ({ fingerprint, entry })),
    texts: unusedTexts.map(([fingerprint, text]) => ({ fingerprint, text })),
    formerTexts: formerTexts.map(([fingerprint, text]) => ({ fingerprint, text })),
    remotes: waiting.length > 0 || isPart ? [] : [...plan.unusedRemotes.keys()],
    files: isPart ? free.filter(filesOf(going.map(toPicture))) : free,
  }
}

type Of<One> = readonly [fingerprint: string, One]

function toPicture(one: PinnedPicture | Of<LockEntry>): PinnedPicture {
  return 'entry' in one ? one : { fingerprint: one[0], entry: one[1] }
}

/** Whether what is pinned, or was, falls under a filter. */
function meantBy(
  { choose, before = Infinity }: WasteFilter,
  plan: Plan,
): (fingerprint: string, result: PinnedResult) => boolean {
  const rows = choose?.(plan)
  const steps = new Set(rows?.flatMap(({ declared }) => stepsOf(declared)).map(printOf))
  const files = new Map(rows?.map(({ declared }) => [declared.place.path, declared]))
  const isOf = (fingerprint: string, result: PinnedResult): boolean =>
    rows === undefined ||
    steps.has(fingerprint) ||
    (isPinnedText(result)
      ? files.has(result.from ?? '')
      : rows.some(({ declared }) => wasOf(declared, result)))
  return (fingerprint, result) => Date.parse(result.created) < before && isOf(fingerprint, result)
}

function printOf({ fingerprint }: { readonly fingerprint: string }): string {
  return fingerprint
}

function without<One>(
  pinned: ReadonlyMap<string, One>,
  fingerprints: readonly string[],
): ReadonlyMap<string, One> {
  const left = new Map(pinned)
  for (const fingerprint of fingerprints) left.delete(fingerprint)
  return left
}

/** What stands behind results that stay, as far as it is meant. */
function formerIn<One extends PinnedResult & Result<One>>(
  pinned: ReadonlyMap<string, One>,
  isMeant: (fingerprint: string, result: PinnedResult) => boolean,
): readonly Of<One>[] {
  return [...pinned].flatMap(([fingerprint, { former = [] }]) =>
    former.filter((one) => isMeant(fingerprint, one)).map((one): Of<One> => [fingerprint, one]),
  )
}

/** Whether a file of the store belongs to one of these pictures, and not to something else that nobody needs. */
function filesOf(pictures: readonly PinnedPicture[]): (file: string) => boolean {
  const names = new Set(pictures.flatMap(({ entry }) => keptImages(entry)).map(({ file }) => file))
  const prints = new Set(pictures.map(({ fingerprint }) => fingerprint.slice(0, 12)))
  return (file) => names.has(file) || prints.has(file.slice(-12))
}

/**
 * Deletes: entries first, so that whoever is killed in between leaves files that nothing needs, and
 * never an entry without its object.
 * @throws {GeminiImageError} `WRITE_FAILED`.
 */
export async function prune(project: Project, waste: Waste): Promise<void> {
  const { options, lockfile, store } = project
  const gate = openFiles(options.root)
  await withProjectLock(lockOf(options), async () => {
    const fingerprints = [...waste.entries, ...waste.texts].map(({ fingerprint }) => fingerprint)
    if (fingerprints.length + waste.remotes.length > 0) {
      await lockfile.remove(fingerprints, waste.remotes)
    }
    await forget(waste, lockfile)
    // Another process may have pinned one of them since.
    const still = new Set(await unreferenced(store.dir, await lockfile.read(), gate))
    const files = waste.files.filter((file) => still.has(file))
    for (const file of files) await gate.remove('object', path.join(store.dir, file))
  })
}

/** Takes former results out of their entries; one that has come since stays. */
async function forget(
  { former, formerTexts }: Pick<Waste, 'former' | 'formerTexts'>,
  lockfile: Project['lockfile'],
): Promise<void> {
  const { entries, texts } = await lockfile.read()
  const pictures = former.map(({ fingerprint, entry }) => [fingerprint, entry] as const)
  const words = formerTexts.map(({ fingerprint, text }) => [fingerprint, text] as const)
  const changed = [...forgotten(pictures, entries), ...forgotten(words, texts)]
  await Promise.all(changed.map(([fingerprint, result]) => lockfile.add(fingerprint, result)))
}

/** What is pinned, where it has former results that are to be forgotten: without these. */
function forgotten<One extends Result<One>>(
  former: readonly Of<One>[],
  pinned: ReadonlyMap<string, One>,
): readonly Of<One>[] {
  const isForgotten = (one: One): boolean =>
    former.some(([, other]) => contentOf(other) === contentOf(one) && other.created === one.created)
  return [...new Set(former.map(([fingerprint]) => fingerprint))].flatMap((fingerprint) => {
    const result = pinned.get(fingerprint)
    if (!result?.former) return []
    const left = result.former.filter((one) => !isForgotten(one))
    return [[fingerprint, withFormer(result, left)] as const]
  })
}

/** Files of ours that nothing pinned names: objects, and folders of interim pictures. */
async function unreferenced(
  dir: string,
  { entries, texts }: Pick<ParsedLockfile, 'entries' | 'texts'>,
  project: ProjectFiles,
): Promise<readonly string[]> {
  const images = [...entries.values()].flatMap(keptImages)
  const named = new Set(images.map(({ file }) => file))
  const prefixes = new Set([...entries.keys(), ...texts.keys()].map((print) => print.slice(0, 12)))
  const list = async (
    folder: string,
    isOfKind: (entry: FolderEntry) => boolean,
  ): Promise<readonly string[]> => {
    const found = (await project.list('object', folder)).filter(isOfKind)
    return found.map(({ name }) => name).toSorted()
  }
  const objects = await list(dir, (entry) => !entry.isDirectory())
  const thoughts = await list(path.join(dir, 'thoughts'), (entry) => entry.isDirectory())
  return [
    ...objects.filter((name) => OBJECT.test(name) && !named.has(name)),
    ...thoughts
      .filter((name) => THOUGHTS.test(name) && !prefixes.has(name.slice(-12)))
      .map((name) => `thoughts/${name}`),
  ]
}

/** What we write; anything else in the store is somebody else's. */
const OBJECT = /^[a-z0-9][a-z0-9.-]*\.[0-9a-f]{12}\.(?:jpg|png|webp)$/
const THOUGHTS = /^[a-z0-9][a-z0-9.-]*\.[0-9a-f]{12}$/
