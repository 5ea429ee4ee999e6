import path from 'node:path'
import { GeminiImageError } from '../kernel/errors/error.ts'
import { ADOPTED, inPlaceOf, type LockEntry } from '../pin/lock-entry.ts'
import { lockOf, withProjectLock } from '../pin/project-lock.ts'
import { blurPreviewOf } from '../pixels/blur-preview.ts'
import {
  extensionOf,
  imageTypeOf,
  inspectImage,
  loadSharp,
  type BlurPreview,
  type ImageFacts,
} from '../pixels/image.ts'
import { findC2pa } from '../pixels/labels/c2pa.ts'
import { readSourceType, withLabel } from '../pixels/labels/file-label.ts'
import type { SourceType } from '../pixels/labels/xmp/packet.ts'
import type { Declared } from '../plan/declared.ts'
import type { PlanContext } from '../plan/plan.ts'
import { withTeam } from '../team/team-store.ts'
import { shareCommitted } from './claim.ts'
import { NO_TOKENS, timestamp } from './commit.ts'
import { openRefusals } from './refused.ts'

/** A picture that a person made, or has a licence for. */
export interface AdoptedFile {
  readonly bytes: Uint8Array
  /** Its name, for people. */
  readonly name: string
  /** How it came about. @default what the file says of itself, or else `digitalCreation` */
  readonly source?: SourceType | undefined
}

/** What an adoption has pinned. */
interface Adoption {
  readonly entry: LockEntry
  /** In what it differs from what is declared, in words. */
  readonly hints: readonly string[]
}

/** What most hand-made pictures are: media that a person created with tools that generate nothing. */
const DEFAULT_SOURCE: SourceType = 'digitalCreation'

/**
 * Pins a picture of a person's own in the place of a generated one, under the fingerprint of its declaration. What was
 * pinned stays behind it. It spends nothing.
 * @throws {GeminiImageError} `UNSUPPORTED_PICTURE`; `INVALID_ARGUMENT` where the file says of itself that it is something
 *   else, or the declaration waits for others; `WRITE_FAILED`.
 */
export async function adoptFile(
  declared: Declared,
  { bytes: given, name: file, source }: AdoptedFile,
  context: PlanContext,
): Promise<Adoption> {
  assertFixed(declared)
  const name = path.basename(file)
  const { bytes, facts, look } = await readPicture(given, name)
  const digitalSourceType = sourceOf(await readSourceType(given), source, name)
  const { options, lockfile, store, team } = context
  const { fingerprint } = declared
  const pin = async (): Promise<LockEntry> => {
    const before = (await lockfile.read()).entries.get(fingerprint)
    const labelled = withLabel(bytes, facts.type, { sourceType: digitalSourceType })
    const adopted: LockEntry = {
      ...(await store.put(labelled, declared.name, extensionOf(facts.type))),
      ...facts,
      look,
      model: ADOPTED,
      cost: 0,
      tokens: NO_TOKENS,
      created: timestamp(),
      // A merge keeps what a person wants.
      redrawn: (before?.redrawn ?? 0) + 1,
      from: declared.place.path,
      adopted: name,
      digitalSourceType,
    }
    const pinned = inPlaceOf(before, adopted, true)
    await lockfile.add(fingerprint, pinned)
    await openRefusals(options.cacheDir).drop(fingerprint)
    return pinned
  }
  const entry = await withTeam(team, async () => {
    const pinned = await withProjectLock(lockOf(options), pin)
    await shareCommitted(fingerprint, pinned, context)
    return pinned
  })
  return { entry, hints: differences(facts, declared) }
}

/**
 * Makes sure that something can be pinned for a declaration.
 * @throws {GeminiImageError} `INVALID_ARGUMENT`.
 */
export function assertFixed({ waitsFor, waitsForRemotes, place }: Declared): void {
  const awaited = [
    ...waitsFor.map((one) => one.place.path),
    ...waitsForRemotes.map(({ target }) => target),
  ]
  if (awaited.length === 0) return
  throw new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: `It refers to ${awaited.join(', ')}, which is not pinned yet.`,
    why: 'Its fingerprint follows from what it refers to, and a picture is pinned under it.',
    fix: 'adopt or generate that first.',
    place,
  })
}

interface WholeFile {
  readonly bytes: Uint8Array
  readonly facts: ImageFacts
  readonly look: BlurPreview
}

/** Decodes a picture to its last byte. One that lies on its side is turned, as browsers show it. */
async function readPicture(given: Uint8Array, name: string): Promise<WholeFile> {
  const bytes = await upright(given, name)
  const facts = await inspectImage(bytes)
  const look = facts && (await blurPreviewOf(bytes))
  if (look) return { bytes, facts, look }
  throw unsupported(name, 'It is not a whole JPEG, PNG or WebP file.')
}

async function upright(given: Uint8Array, name: string): Promise<Uint8Array> {
  const sharp = await loadSharp()
  const meta = await sharp(given)
    .metadata()
    .catch(() => undefined)
  if (!meta || !imageTypeOf(meta.format)) {
    throw unsupported(
      name,
      `It is ${meta ? `a picture of the format ${meta.format}` : 'no picture'}.`,
    )
  }
  if ((meta.pages ?? 1) > 1) throw unsupported(name, 'It is animated.')
  if ((meta.orientation ?? 1) === 1) return given
  if (findC2pa(given)) {
    throw unsupported(name, 'It lies on its side, and its Content Credentials forbid to turn it.')
  }
  const turned = sharp(given, { failOn: 'warning' }).autoOrient().keepIccProfile()
  const encoded =
    meta.format === 'jpeg'
      ? turned.jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
      : meta.format === 'webp'
        ? turned.webp({ lossless: true })
        : turned.png()
  return encoded.toBuffer().catch(() => {
    throw unsupported(name, 'It is not whole.')
  })
}

function unsupported(name: string, what: string): GeminiImageError {
  return new GeminiImageError({
    code: 'UNSUPPORTED_PICTURE',
    what: `${name} cannot be adopted. ${what}`,
    why: 'Nothing was changed.',
    fix: 'export it as a still JPEG, PNG or WebP picture.',
  })
}

/** A picture never says another thing than its file, which is shipped as it is. */
function sourceOf(
  told: SourceType | undefined,
  given: SourceType | undefined,
  name: string,
): SourceType {
  if (told === undefined || given === undefined || told === given) {
    return given ?? told ?? DEFAULT_SOURCE
  }
  throw new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: `${name} says in its metadata that it is ${told}, and not ${given}.`,
    why: 'A picture ships with its metadata, and both would be read. Nothing was changed.',
    fix: `leave the source out, or correct the metadata of the file.`,
  })
}

/** How far ratios may differ that people take for the same. */
const SAME_RATIO = 0.01

function differences(
  { width, height }: ImageFacts,
  { result: { pixels }, spec }: Declared,
): readonly string[] {
  const ratio = (width / height) * (pixels.height / pixels.width)
  const asked = `${pixels.width}×${pixels.height}`
  if (Math.abs(ratio - 1) > SAME_RATIO) {
    return [
      `It is ${width}×${height} pixels, and ${spec.aspectRatio} is declared (${asked}): pages get it in its own shape.`,
    ]
  }
  return width < pixels.width
    ? [`It is ${width}×${height} pixels, fewer than the declared ${asked}.`]
    : []
}
