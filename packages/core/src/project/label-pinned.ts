import path from 'node:path'
import { GeminiImageError } from '../kernel/errors/error.ts'
import { openFiles } from '../kernel/files/files.ts'
import { labelFacts } from '../pin/labels.ts'
import { withLabel } from '../pixels/labels/file-label.ts'
import type { LabelFacts } from '../pixels/labels/xmp/packet.ts'
import {
  keptImages,
  storedImages,
  type LockEntry,
  type StoredImage,
  type StoredObject,
} from '../pin/lock-entry.ts'
import { lockOf, withProjectLock } from '../pin/project-lock.ts'
import type { LockEntries, LockTexts } from '../pin/lockfile-text.ts'
import { extensionOf } from '../pixels/image.ts'
import { blurPreviewOf } from '../pixels/blur-preview.ts'
import { fingerprint } from '../pin/fingerprint.ts'
import type { ImageRequest } from '../providers/request.ts'
import { shareCommitted } from '../generate/claim.ts'
import type { PlanContext } from '../plan/plan.ts'
import { withTeam } from '../team/team-store.ts'
import { pendingFingerprints } from './generate.ts'
import type { Project } from './project.ts'

/** What became of pictures that were generated before they were labelled. */
interface Labelled {
  /** Former name → name, in the store. */
  readonly labelled: ReadonlyMap<string, string>
  /** Names of those that stay as they came: with a label, or with metadata of their own. */
  readonly kept: readonly string[]
  /** Names of those whose object is not here. */
  readonly lost: readonly string[]
}

/**
 * Gives pinned pictures the label that they would have if they were committed now. Their objects get new hashes,
 * and so do the fingerprints of what was generated from them: nothing has to be paid for again. What a page
 * shows before a picture is there is pinned as well, where it is not.
 *
 * What is new is stored and pinned before anything is deleted, so that a run that is killed can be
 * repeated.
 * @throws {GeminiImageError} `BATCH_PENDING`, `CORRUPT_OBJECT`, `CORRUPT_LOCKFILE` or `WRITE_FAILED`.
 */
export function labelPinned(project: Project): Promise<Labelled> {
  const work = async (): Promise<Labelled> => {
    if (pendingFingerprints(project).size > 0) throw underWay()
    const { entries, texts } = await project.lockfile.read()
    const { renamed, kept, lost } = await labelObjects(entries, project)
    await rewrite(entries, renamed, project)
    await redirectTexts(texts, renamed, project)
    const labelled = new Map([...renamed.values()].map(({ from, to }) => [from, to.file]))
    return { labelled, kept, lost }
  }
  return withTeam(project.team, () => withProjectLock(lockOf(project.options), work))
}

interface Renamed {
  readonly from: string
  readonly to: StoredObject
}

interface LabelledObjects {
  /** Former hash → what it is now. */
  readonly renamed: ReadonlyMap<string, Renamed>
  readonly kept: readonly string[]
  readonly lost: readonly string[]
}

async function labelObjects(entries: LockEntries, context: PlanContext): Promise<LabelledObjects> {
  const facts = labelFacts(entries, context.options.labels)
  const fixed = new Set([...entries].flatMap(fixedReferences))
  const renamed = new Map<string, Renamed>()
  const [kept, lost]: [string[], string[]] = [[], []]
  const images = new Map(
    [...entries.values()].flatMap(storedImages).map((one) => [one.object, one]),
  )
  for (const [object, image] of images) {
    const label = facts.get(object)
    if ((await context.store.verify(image)) === 'lost') lost.push(image.file)
    else {
      const to = label && !fixed.has(object) ? await labelOne(image, label, context) : undefined
      if (to) renamed.set(object, { from: image.file, to })
      else kept.push(image.file)
    }
  }
  return { renamed, kept, lost }
}

async function labelOne(
  image: StoredImage,
  label: LabelFacts,
  { store }: PlanContext,
): Promise<StoredObject | undefined> {
  const bytes = await store.read(image)
  const labelled = withLabel(bytes, image.type, label)
  if (labelled === bytes) return undefined
  const extension = extensionOf(image.type)
  const ending = `.${image.object.slice(0, 12)}.${extension}`
  return store.put(labelled, image.file.slice(0, -ending.length), extension)
}

/** What an entry was generated from, where its fingerprint is none that could be found again. */
function fixedReferences([print, { request }]: [string, LockEntry]): string[] {
  const isKnown = request !== undefined && fingerprint(request as ImageRequest) === print
  return isKnown ? [] : referencesOf(request).map(({ sha256 }) => sha256)
}

async function rewrite(
  entries: LockEntries,
  renamed: LabelledObjects['renamed'],
  context: PlanContext,
): Promise<void> {
  const { lockfile, store, options } = context
  const moved: string[] = []
  const writes: Promise<void>[] = []
  const shared: [string, LockEntry][] = []
  for (const [print, entry] of entries) {
    const changed = await withBlurPreview(renameIn(entry, renamed) ?? entry, store)
    if (changed === entry) continue
    const isRedirected = changed.request !== entry.request
    const next = isRedirected ? fingerprint(changed.request as ImageRequest) : print
    if (next !== print) moved.push(print)
    writes.push(lockfile.add(next, changed))
    shared.push([next, changed])
  }
  await Promise.all(writes)
  if (moved.length > 0) await lockfile.remove(moved, [])
  for (const one of shared) await shareCommitted(...one, context)
  const files = openFiles(options.root)
  for (const { from } of renamed.values()) await files.remove('object', path.join(store.dir, from))
}

/** Texts that were written about pictures which have other hashes now. */
async function redirectTexts(
  texts: LockTexts,
  renamed: LabelledObjects['renamed'],
  context: PlanContext,
): Promise<void> {
  const moved = [...texts].flatMap(([print, text]) => {
    const request = redirect(text.request, renamed)
    return request ? [{ print, text: { ...text, request } }] : []
  })
  for (const { print, text } of moved) {
    const next = fingerprint(text.request as ImageRequest)
    await context.lockfile.add(next, text)
    if (next !== print) await context.lockfile.remove([print], [])
    await shareCommitted(next, text, context)
  }
}

/** An entry with what a page shows before the picture is there, if that can be found out. */
async function withBlurPreview(entry: LockEntry, store: PlanContext['store']): Promise<LockEntry> {
  if (entry.look || !store.has(entry.file)) return entry
  const look = await blurPreviewOf(await store.read(entry))
  return look ? { ...entry, look } : entry
}

/** An entry with the new names of its pictures and references; `undefined` where it has none. */
function renameIn(entry: LockEntry, renamed: LabelledObjects['renamed']): LockEntry | undefined {
  const request = redirect(entry.request, renamed)
  const isRenamed = keptImages(entry).some(({ object }) => renamed.has(object))
  if (!request && !isRenamed) return undefined
  const rename = <Image extends StoredObject>(image: Image): Image => ({
    ...image,
    ...renamed.get(image.object)?.to,
  })
  return {
    ...rename(entry),
    ...(entry.original && { original: rename(entry.original) }),
    ...(entry.images && { images: entry.images.map(rename) }),
    ...(entry.former && { former: entry.former.map((one) => renameIn(one, renamed) ?? one) }),
    ...(request && { request }),
  }
}

/** A request with the new names of its references; `undefined` where it has none. */
function redirect(
  request: LockEntry['request'],
  renamed: LabelledObjects['renamed'],
): LockEntry['request'] {
  const references = referencesOf(request)
  if (!references.some(({ sha256 }) => renamed.has(sha256))) return undefined
  return {
    ...request,
    references: references.map((one) => ({
      ...one,
      sha256: renamed.get(one.sha256)?.to.object ?? one.sha256,
    })),
  }
}

function referencesOf(request: LockEntry['request']): readonly { readonly sha256: string }[] {
  const references: unknown = request?.['references']
  return Array.isArray(references) ? (references as { sha256: string }[]) : []
}

function underWay(): GeminiImageError {
  return new GeminiImageError({
    code: 'BATCH_PENDING',
    what: 'A batch job is under way, and its requests name pictures as they are now.',
    why: 'With a label, a picture has another hash: the answers would land for nobody.',
    fix: 'collect it first, with "npx gemini-image batch collect", or cancel it.',
  })
}
