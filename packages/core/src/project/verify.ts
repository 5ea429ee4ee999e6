import path from 'node:path'
import { GeminiImageError, isGeminiImageError, oursOrThrow } from '../kernel/errors/error.ts'
import {
  resultsOf,
  storedImages,
  type LockEntry,
  type PinnedPicture,
  type StoredImage,
} from '../pin/lock-entry.ts'
import type { ObjectState } from '../pin/object-store.ts'
import { blurPreviewOf } from '../pixels/blur-preview.ts'
import { isPicture } from '../pixels/image.ts'
import { withTeam } from '../team/team-store.ts'
import type { Project } from './project.ts'

/** What the lockfile pins, held against the store. */
interface Inventory {
  /** How many pinned pictures are whole. */
  readonly sound: number
  /** How many of those a person put in the place of generated ones. */
  readonly adopted: number
  /** How many texts are pinned, former ones included: the lockfile itself holds them. */
  readonly texts: number
  /** Pinned pictures that only the shared store has. */
  readonly elsewhere: readonly PinnedPicture[]
  /** Pinned pictures of which an object is in no store. */
  readonly lost: readonly PinnedPicture[]
  /** What is wrong with objects that are there. */
  readonly corrupt: readonly GeminiImageError[]
}

/**
 * Holds all that the lockfile pins against the store, byte by byte, also what was checked before.
 * @throws {GeminiImageError} `CORRUPT_LOCKFILE`.
 */
export function verify(
  project: Project,
  { decodes = false }: VerifyOptions = {},
): Promise<Inventory> {
  return withTeam(project.team, () => takeInventory(project, decodes))
}

interface VerifyOptions {
  /** Whether each is decoded as well, which takes some 30 ms a picture. @default false */
  readonly decodes?: boolean | undefined
}

async function takeInventory(context: Project, decodes: boolean): Promise<Inventory> {
  const { entries, texts } = await context.lockfile.read()
  const lost: PinnedPicture[] = []
  const corrupt: GeminiImageError[] = []
  let [sound, adopted] = [0, 0]
  const results = [...entries].flatMap(([fingerprint, entry]) =>
    resultsOf(entry).map((one) => ({ fingerprint, entry: one })),
  )
  for (const result of results) {
    const { isLost, defects } = await inspect(result.entry, context, decodes)
    if (isLost) lost.push(result)
    corrupt.push(...defects)
    if (isLost || defects.length > 0) continue
    sound += 1
    if (result.entry.adopted !== undefined) adopted += 1
  }
  await context.store.save()
  // Pictures may share an object; what is wrong with it is told once.
  const defects = new Map(corrupt.map((error) => [error.message, error]))
  const found = await findElsewhere(lost, context)
  return {
    sound,
    adopted,
    texts: [...texts.values()].flatMap((text) => resultsOf(text)).length,
    elsewhere: lost.filter((one) => found.has(one)),
    lost: lost.filter((one) => !found.has(one)),
    corrupt: [...defects.values()],
  }
}

async function findElsewhere(
  lost: readonly PinnedPicture[],
  { team }: Project,
): Promise<ReadonlySet<PinnedPicture>> {
  const images = lost.flatMap(({ entry }) => storedImages(entry))
  const has = images.length > 0 ? await team?.has(images) : undefined
  const there = new Set(images.filter((_, index) => has?.[index]).map(({ object }) => object))
  return new Set(
    lost.filter(({ entry }) => storedImages(entry).every(({ object }) => there.has(object))),
  )
}

async function inspect(
  entry: LockEntry,
  { store }: Project,
  decodes: boolean,
): Promise<{ isLost: boolean; defects: readonly GeminiImageError[] }> {
  const check = async (image: StoredImage): Promise<ObjectState> => {
    const state = await store.verify(image, 'anew')
    if (state === 'lost') return state
    const bytes = await store.read(image)
    const file = path.join(store.dir, image.file)
    if (!(await isPicture(bytes, image))) throw misdescribed(image, file)
    if (decodes && !(await blurPreviewOf(bytes))) throw undecodable(file)
    return state
  }
  const checks = storedImages(entry).map((image) => check(image).catch(oursOrThrow))
  const outcomes = await Promise.all(checks)
  return { isLost: outcomes.includes('lost'), defects: outcomes.filter(isGeminiImageError) }
}

function misdescribed({ type, width, height }: StoredImage, file: string): GeminiImageError {
  return new GeminiImageError({
    code: 'CORRUPT_OBJECT',
    what: `${file} is no ${type} of ${width}×${height} pixels, as gemini-image.lock says.`,
    why: 'The file is the one that was pinned, so the entry has been changed.',
    fix: 'restore gemini-image.lock from version control.',
  })
}

/** Older versions pinned pictures that had come in part. */
function undecodable(file: string): GeminiImageError {
  return new GeminiImageError({
    code: 'CORRUPT_OBJECT',
    what: `${file} cannot be decoded: it is not a whole picture.`,
    why: 'It is the file that gemini-image.lock pins, byte for byte; it came so.',
    fix: `delete the file (rm "${file}"), and "npx gemini-image generate" generates and pays for a new one.`,
  })
}
