import path from 'node:path'
import type { DeclarationId, Declaration } from '../declare/declaration.ts'
import { UNKNOWN } from '../pictures/blur-previews.ts'
import type { RenditionWish } from '../pictures/rendering.ts'
import type { StandIn } from '../pictures/stand-in.ts'
import { sheetImage } from '../pictures/sheet-image.ts'
import { withOthers } from '../pictures/with-others.ts'
import {
  pinnedImage,
  placeholderImage,
  type FoundOut,
  type ResolvedImage,
} from '../pictures/resolved-image.ts'
import { storedImages, type LockEntry } from '../pin/lock-entry.ts'
import { sourceTypeOf } from '../pin/labels.ts'
import { withPlaceholder } from '../pixels/blur-data-url.ts'
import type { SourceType } from '../pixels/labels/xmp/packet.ts'
import type { RenditionSet } from '../pixels/renditions/renditions.ts'
import type { Declared } from '../plan/declared.ts'
import { captionOf } from '../plan/alt-warnings.ts'
import { missingAlt } from '../plan/missing-alt.ts'
import { missingPicture } from '../plan/missing.ts'
import { pictureOf, type PinnedState } from '../plan/pinned-state.ts'
import { generate } from './generate.ts'
import { planOf, sheetOf } from './plan.ts'
import type { Project } from './project.ts'
import { standInFor, type Found } from './stand-in-for.ts'

/**
 * The picture of a declaration. What is missing is generated or refused, by mode.
 * @throws {GeminiImageError} `MISSING_ALT`, as {@link generate}, or what is wrong with the declaration or the object.
 */
export async function picture(project: Project, id: DeclarationId): Promise<ResolvedImage> {
  const again: Again = (one) => picture(project, one)
  return withParts(project, id, again, async () => {
    const found = await find(project, id)
    if (found.declared.spec.alt === undefined) throw missingAlt(captionOf(found.declared))
    const isMissing = !found.entry && project.options.mode === 'auto'
    if (isMissing) await generate(project, { rows: [found.row], declarations: found.declarations })
    return resolve(project, isMissing ? await find(project, id) : found)
  })
}

/**
 * The picture of a declaration, or its placeholder. Never spends; this is what a URL may cause.
 * @param inline What the last plan saw to be declared inline. An id stands for what it says, so it is never stale.
 * @throws {GeminiImageError} what is wrong with the declaration or the object; `MISSING_PICTURE` in `frozen` mode.
 */
export async function preview(
  project: Project,
  id: DeclarationId,
  inline?: ReadonlyMap<DeclarationId, Declaration>,
): Promise<ResolvedImage> {
  const again: Again = (one) => preview(project, one, inline)
  return withParts(project, id, again, async () =>
    resolve(project, await find(project, id, inline)),
  )
}

/**
 * As {@link preview}, for people who look on while they work: a placeholder says why it is one, and while a new picture
 * is on its way, the one before it is shown, dimmed.
 */
export async function livePreview(
  project: Project,
  id: DeclarationId,
  inline?: ReadonlyMap<DeclarationId, Declaration>,
): Promise<ResolvedImage> {
  const again: Again = (one) => livePreview(project, one, inline)
  return withParts(project, id, again, async () => {
    const found = await find(project, id, inline)
    return resolve(project, found, await standInFor(project, found, inline))
  })
}

/**
 * What the lockfile and the source tell of a declaration's picture. No file of a picture is looked at, none need be there,
 * and what is not pinned has the size that it will have: for tests of what shows it.
 * @param inline Declarations that were read already, by id.
 * @throws {GeminiImageError} what is wrong with the declaration.
 */
export async function outline(
  project: Project,
  id: DeclarationId,
  inline?: ReadonlyMap<DeclarationId, Declaration>,
): Promise<ResolvedImage> {
  const again: Again = (one) => outline(project, one, inline)
  return withParts(project, id, again, async () => {
    const { declarations, row } = await planned(project, id, inline)
    const { declared } = row
    const { pinnedState } = declarations
    const entry = pinnedState.lock.entries.get(declared.fingerprint)
    const digitalSourceType = sourceTypeIn(project, declared, entry, pinnedState)
    const found = { look: entry?.look ?? UNKNOWN, digitalSourceType }
    return entry
      ? showAtOnce(project, declared, entry, found)
      : withPlaceholder(placeholderImage(declared, '', found), project.drawnPlaceholders)
  })
}

/** Finds a picture that is shown with another one in the same way. */
type Again = (id: DeclarationId) => Promise<ResolvedImage>

/** A picture with what it is shown with: of a sheet, its pictures; of any other, its scenes or those of all languages. */
async function withParts(
  project: Project,
  id: DeclarationId,
  again: Again,
  show: () => Promise<ResolvedImage>,
): Promise<ResolvedImage> {
  const sheet = await sheetOf(project, id)
  return sheet ? sheetImage(sheet, again) : withOthers(await show(), again)
}

/**
 * The files of a picture in the sizes and formats that an import asks for. What the derived cache lacks is encoded,
 * after the object was held against its SHA-256.
 * @throws {GeminiImageError} `INVALID_RENDITION`, `RENDITION_FAILED`, `CORRUPT_OBJECT` or `WRITE_FAILED`.
 */
export function render(
  project: Project,
  image: ResolvedImage,
  wish: RenditionWish,
): Promise<RenditionSet> {
  return project.rendering.render(image, wish)
}

/**
 * A picture with its layers drawn on it, for whoever takes its file and not renditions.
 * @param query In which the texts of the page stand: `?text.title=…`.
 * @throws {GeminiImageError} as {@link render}, and what is wrong with a layer.
 */
export function layered(
  project: Project,
  image: ResolvedImage,
  query?: string,
): Promise<ResolvedImage> {
  return project.rendering.layered(image, query)
}

/** Remembers on this machine which objects, reference images and derived files are sound. */
export async function saveChecks(project: Project): Promise<void> {
  const { store, locals, rendering, placeholders } = project
  const checked = [store, locals, rendering, placeholders]
  await Promise.all(checked.map((files) => files.save()))
}

async function find(
  project: Project,
  id: DeclarationId,
  inline?: ReadonlyMap<DeclarationId, Declaration>,
): Promise<Found> {
  const { declarations, row } = await planned(project, id, inline)
  const pinned = pictureOf(row.declared.result, declarations.pinnedState)
  const entry = pinned && ((await isSound(project, pinned)) ? pinned : undefined)
  return { declarations, declared: row.declared, row, entry }
}

/** A declaration as it is planned now. @throws {GeminiImageError} what is wrong with it. */
async function planned(
  project: Project,
  id: DeclarationId,
  inline: ReadonlyMap<DeclarationId, Declaration> | undefined,
): Promise<Pick<Found, 'declarations' | 'row'>> {
  const { rows, declarations, problems } = await planOf(project, [id], inline)
  const [row] = rows
  if (!row) throw problems[0] ?? new RangeError(id)
  return { declarations, row }
}

/**
 * Whether all objects of an entry are there.
 * @throws {GeminiImageError} `CORRUPT_OBJECT` where one is not what the lockfile pins.
 */
export async function isSound(
  { store }: Pick<Project, 'store'>,
  entry: LockEntry,
): Promise<boolean> {
  const states = await Promise.all(storedImages(entry).map((image) => store.verify(image)))
  return states.every((state) => state === 'sound')
}

async function resolve(
  project: Project,
  { declared, row, entry, declarations }: Found,
  standIn?: StandIn,
): Promise<ResolvedImage> {
  const sourceType = sourceTypeIn(project, declared, entry, declarations.pinnedState)
  if (entry && !standIn) return showPinned(project, declared, entry, sourceType)
  if (!entry && project.options.mode === 'frozen') throw missingPicture([row], project.options)
  const file = await project.placeholders.fileFor(declared, standIn)
  const look = await project.blurPreviews.of(path.basename(file), () =>
    project.placeholders.read(file),
  )
  const image = placeholderImage(declared, file, { look, digitalSourceType: sourceType })
  return withPlaceholder({ ...image, why: standIn?.why }, project.drawnPlaceholders)
}

/** The picture that an entry pins, as hosts take it. */
export async function showPinned(
  project: Project,
  declared: Declared,
  entry: LockEntry,
  digitalSourceType: SourceType,
): Promise<ResolvedImage> {
  const read = (): Promise<Uint8Array> => project.store.read(entry)
  const look = entry.look ?? (await project.blurPreviews.of(entry.object, read))
  return showAtOnce(project, declared, entry, { look, digitalSourceType })
}

/** The same, where all is known. */
export function showAtOnce(
  { options, drawnPlaceholders }: Project,
  declared: Declared,
  entry: LockEntry,
  found: FoundOut,
): ResolvedImage {
  return withPlaceholder(pinnedImage(declared, entry, found, options.storeDir), drawnPlaceholders)
}

/** How a picture came about, whether it is pinned yet or not. */
export function sourceTypeIn(
  { typesOf }: Project,
  { result }: Declared,
  entry: LockEntry | undefined,
  { lock }: PinnedState,
): SourceType {
  return sourceTypeOf(entry ?? result, lock.entries, typesOf)
}
