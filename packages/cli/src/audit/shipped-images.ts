import { hash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { isGeminiImageError, plan, type Project } from '@gemini-image/core'
import {
  isGeneratedType,
  resultsOf,
  sourceTypes,
  storedImages,
  similarityOf,
  featuresOf,
  LOOKS_ALIKE,
  openObjectStore,
  readFileLabel,
  type FileLabel,
  type Features,
  type Grounding,
  type LockEntry,
  type ResolvedOptions,
  type SourceType,
  type StoredImage,
} from '@gemini-image/core/internal'

/** What is known of an image that a site ships. */
export type Judgement =
  /** It says that it is generated. */
  | { readonly state: 'labelled'; readonly label: FileLabel; readonly grounding?: Grounding }
  /** It is a pinned picture, or looks like one, and says nothing. */
  | {
      readonly state: 'unlabelled'
      /** The name of the object. */
      readonly object: string
      /** 1 for the very bytes. */
      readonly likeness: number
      readonly grounding?: Grounding
    }
  /** Nothing says that it is generated. */
  | { readonly state: 'other' }

/** What judges images. */
export type Judge = (bytes: Uint8Array) => Promise<Judgement>

const IMAGE = /\.(?:avif|jpe?g|png|webp)$/i
const PAGE = /\.html?$/i
const SCRIPT = /\.[cm]?js$/i

/** The files of a built site: paths from its folder, with forward slashes, sorted. */
export interface SiteFiles {
  readonly images: readonly string[]
  readonly pages: readonly string[]
  readonly scripts: readonly string[]
}

/** Looks through a folder; what lies in `node_modules` and in caches of hosts is not shipped. */
export async function findSiteFiles(dir: string): Promise<SiteFiles> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)))
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !/(?:^|\/)(?:node_modules|cache)\//.test(file))
    .toSorted()
  return {
    images: files.filter((file) => IMAGE.test(file)),
    pages: files.filter((file) => PAGE.test(file)),
    scripts: files.filter((file) => SCRIPT.test(file)),
  }
}

/**
 * Gives what judges images by what is pinned and declared. Objects are looked at when the first image has
 * no label; those that are not in the store are unknown.
 * @throws {GeminiImageError} `CORRUPT_LOCKFILE`.
 */
export async function openJudge(project: Project): Promise<Judge> {
  const { entries } = await project.lockfile.read()
  const all = [...entries.values()].flatMap(resultsOf)
  const types = sourceTypes(entries.values())
  const results = all.filter((result) => isGenerated(result, types))
  const images = new Map(results.flatMap(storedImages).map((one) => [one.object, one]))
  const groundings = groundingsOf(results)
  let known: Promise<readonly Known[]> | undefined
  const adopted = all.filter((result) => !isGenerated(result, types)).flatMap(storedImages)
  const readKnown = async (): Promise<readonly Known[]> => [
    ...(await readOriginals(project, new Set(images.keys()))),
    ...(await readObjects(adopted, project.options)).map(({ features }) => ({
      object: undefined,
      features,
    })),
    ...(await readObjects([...images.values()], project.options)),
  ]
  return async (bytes) => {
    const label = await readFileLabel(bytes)
    const same = images.get(hash('sha256', bytes))
    const look = async (): Promise<Judgement> => judgeByLooks(bytes, await (known ??= readKnown()))
    if (label) {
      // What a label does not say is looked for only where it matters.
      const file = groundings.size > 0 ? (same?.file ?? objectOf(await look())) : undefined
      return { state: 'labelled', label, ...groundedBy(groundings.get(file ?? '')) }
    }
    const judgement: Judgement = same
      ? { state: 'unlabelled', object: same.file, likeness: 1 }
      : await look()
    const file = objectOf(judgement)
    return file === undefined ? judgement : { ...judgement, ...groundedBy(groundings.get(file)) }
  }
}

/** Whether a model made a pinned picture, or had a part in it: a person may have adopted one of their own. */
function isGenerated(
  { object, digitalSourceType }: LockEntry,
  types: ReadonlyMap<string, SourceType>,
): boolean {
  const type = digitalSourceType ?? types.get(object)
  return type === undefined || isGeneratedType(type)
}

function objectOf(judgement: Judgement): string | undefined {
  return judgement.state === 'unlabelled' ? judgement.object : undefined
}

function groundedBy(grounding: Grounding | undefined): { readonly grounding?: Grounding } {
  return grounding ? { grounding } : {}
}

/** What was looked up for pictures, by the names of their objects. */
function groundingsOf(results: readonly LockEntry[]): ReadonlyMap<string, Grounding> {
  return new Map(
    results.flatMap((result) => {
      const { grounding } = result
      return grounding ? storedImages(result).map(({ file }) => [file, grounding] as const) : []
    }),
  )
}

interface Known {
  /** The name of an object; `undefined` for an image of the user's own. */
  readonly object: string | undefined
  readonly features: Features
}

/**
 * What pictures were drawn from and is none of them. A photo looks much like what a model made of it, and more
 * like itself.
 */
async function readOriginals(
  project: Project,
  objects: ReadonlySet<string>,
): Promise<readonly Known[]> {
  const { rows } = await plan(project)
  const references = rows.flatMap(({ declared }) => declared.references)
  const own = new Map(references.map((one) => [one.sha256, one]))
  const known: Known[] = []
  for (const [sha256, image] of own) {
    const bytes = objects.has(sha256) ? undefined : await image.bytes().catch(passOver)
    const features = bytes && (await featuresOf(bytes))
    if (features) known.push({ object: undefined, features })
  }
  return known
}

async function readObjects(
  images: readonly StoredImage[],
  { storeDir, cacheDir }: ResolvedOptions,
): Promise<readonly Known[]> {
  const store = openObjectStore(storeDir, path.join(cacheDir, 'verified.json'))
  const known: Known[] = []
  for (const image of images) {
    const bytes = await store.read(image).catch(passOver)
    const features = bytes && (await featuresOf(bytes))
    if (features) known.push({ object: image.file, features })
  }
  return known
}

/** What is lost or corrupt is the business of "verify". */
function passOver(error: unknown): undefined {
  if (!isGeminiImageError(error)) throw error
}

async function judgeByLooks(bytes: Uint8Array, known: readonly Known[]): Promise<Judgement> {
  const features = await featuresOf(bytes)
  if (!features) return { state: 'other' }
  let best: { object: string | undefined; likeness: number } = { object: undefined, likeness: 0 }
  for (const { object, features: original } of known) {
    const likeness = similarityOf(features, original)
    if (likeness > best.likeness) best = { object, likeness }
  }
  const { object, likeness } = best
  if (object === undefined || likeness < LOOKS_ALIKE) return { state: 'other' }
  return { state: 'unlabelled', object, likeness }
}

/** Reads an image of a site. */
export function readImage(dir: string, file: string): Promise<Buffer> {
  return readFile(path.join(dir, file))
}
