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
import type { PinnedResult, PinnedText } from '../pin/pinned-text.ts'
import { lockOf, withProjectLock } from '../pin/project-lock.ts'
import { makePlan } from '../plan/plan.ts'
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

/**
 * What could be deleted. The last picture of a declaration that has none now is kept: what it waits
 * for may come back, and people want to compare.
 * @throws {GeminiImageError} what is wrong with a declaration: what it needs cannot be known then.
 */
export async function findWaste(project: Project): Promise<Waste> {
  const { lockfile, store, options } = project
  const plan = await makePlan(project)
  const problems = [...plan.problems, ...plan.unusedProblems]
  if (problems.length > 0) throw joinErrors(problems)
  const { entries, texts } = await lockfile.read()
  const waiting = plan.rows.filter(({ state }) => state !== 'cached')
  const places = new Set(waiting.map(({ declared }) => declared.place.path))
  const isKept = ({ from }: PinnedResult): boolean =>
    waiting.length > 0 && (from === undefined || places.has(from))
  const unused = [...plan.unusedEntries]
    .map(([fingerprint, entry]) => ({ fingerprint, entry }))
    .filter(({ entry }) => !isKept(entry))
  const gone = new Set(unused.map(({ fingerprint }) => fingerprint))
  const kept = [...entries].filter(([fingerprint]) => !gone.has(fingerprint))
  const former = kept.flatMap(([fingerprint, entry]) =>
    (entry.former ?? []).map((one) => ({ fingerprint, entry: one })),
  )
  const unusedTexts = [...plan.unusedTexts].filter(([, text]) => !isKept(text))
  const goneTexts = new Set(unusedTexts.map(([fingerprint]) => fingerprint))
  const keptTexts = [...texts].filter(([fingerprint]) => !goneTexts.has(fingerprint))
  const left = kept.map(([print, entry]): [string, LockEntry] => [print, withFormer(entry, [])])
  return {
    entries: unused,
    former,
    texts: unusedTexts.map(([fingerprint, text]) => ({ fingerprint, text })),
    formerTexts: keptTexts.flatMap(([fingerprint, { former: before = [] }]) =>
      before.map((text) => ({ fingerprint, text })),
    ),
    remotes: waiting.length > 0 ? [] : [...plan.unusedRemotes.keys()],
    files: await unreferenced(
      store.dir,
      { entries: new Map(left), texts: new Map(keptTexts) },
      openFiles(options.root),
    ),
  }
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
  const changed = [...without(pictures, entries), ...without(words, texts)]
  await Promise.all(changed.map(([fingerprint, result]) => lockfile.add(fingerprint, result)))
}

/** What is pinned, where it has former results that are to be forgotten: without these. */
function without<One extends Result<One>>(
  former: readonly (readonly [fingerprint: string, one: One])[],
  pinned: ReadonlyMap<string, One>,
): readonly (readonly [fingerprint: string, One])[] {
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
