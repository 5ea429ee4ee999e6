import { availableParallelism } from 'node:os'
import path from 'node:path'
import pLimit from 'p-limit'
import type { DerivedFiles } from '../../kernel/files/derived-files.ts'
import { GeminiImageError, isGeminiImageError } from '../../kernel/errors/error.ts'
import { type Pixels, loadSharp } from '../image.ts'
import type { Logger } from '../../kernel/logger.ts'
import { sha256 } from '../../kernel/hash.ts'
import { cropOf } from './crop.ts'
import { encodeSize, ENCODING_VERSION, qualityOf, type Cover, type Operation } from './encode.ts'
import type { FormSet } from './forms/form.ts'
import { isWhole, layOut, type Box, type Layout } from './layout.ts'
import type { Order } from './order.ts'
import type { Overlay } from '../layers/overlay.ts'
import type { EncodedFormat } from './settings.ts'

/** A picture that renditions are made of. */
export interface RenditionSubject extends Pixels {
  /** What its bytes are known by: nothing else decides what they hold. */
  readonly identity: string
  /** How files are named. */
  readonly name: string
  /** What to keep where it is cut, as declared. */
  readonly focus: string | undefined
  /** Absolute path. */
  readonly file: string
  /**
   * Makes sure that the file is the picture. Called before it is decoded, and again before anything that
   * was made of it is kept.
   */
  assertSound(): Promise<void>
  /** Adds a label to an encoded file; decided by the identity and by {@link RenditionSubject.label}. */
  addLabel(file: Uint8Array, format: EncodedFormat): Uint8Array
  /** What stands for all that the label says. */
  readonly label: string
  /** What is drawn over it. @default nothing */
  readonly overlay?: Overlay | undefined
}

interface Rendition extends Box {
  /** Absolute path. */
  readonly file: string
}

export interface RenditionSource {
  readonly format: EncodedFormat
  readonly type: string
  /** Ascending by width; never empty. */
  readonly files: readonly Rendition[]
}

/** A picture made fit for its place in a page. */
export interface RenditionSet extends Pick<Layout, 'shown' | 'sizes'>, Pick<FormSet, 'frames'> {
  /** By preference; the last is for browsers that know none of them. Never empty. */
  readonly sources: readonly RenditionSource[]
}

/** The files of a picture, as they are or would be. */
interface Arrangement extends Pick<Layout, 'shown' | 'sizes' | 'ratio'> {
  readonly sources: readonly {
    readonly format: EncodedFormat
    readonly type: string
    /** Ascending by width; never empty. */
    readonly boxes: readonly Box[]
  }[]
}

/** Works out which files an order comes to. */
export function arrange(source: Pixels, { settings, formats, isOneSize }: Order): Arrangement {
  const { boxes, ...layout } = layOut(source, settings)
  const sources = formats.map((format) => ({
    format,
    type: format === 'ico' ? ICO_TYPE : `image/${format}`,
    boxes: boxes.slice(isOneSize ? -1 : 0),
  }))
  return { ...layout, sources }
}

/** The derived cache of renditions. */
interface Renditions {
  /**
   * The files of a picture; what is not there is encoded.
   * @throws {GeminiImageError} `RENDITION_FAILED`, `WRITE_FAILED`, or what reading it throws.
   */
  make(subject: RenditionSubject, order: Order): Promise<RenditionSet>
  /** Remembers on this machine which files are sound. */
  save(): Promise<void>
}

/** An operation, and the name of its result among the renditions. */
interface Wanted {
  readonly operation: Operation
  readonly name: string
}

/**
 * Opens the renditions of a project.
 *
 * A file's folder is named by all that decides what it holds: the picture, the operation, the label and the
 * versions of the encoders. Pictures are encoded by one more at a time than the machine has processors for
 * us (`availableParallelism()` minds what a container may use), since one is always being read or written;
 * and each one size after the other, so that memory does not grow with the number of pictures.
 */
export function openRenditions(derived: DerivedFiles, logger: Logger): Renditions {
  const limit = pLimit(availableParallelism() + 1)
  const underway = new Map<string, Promise<void>>()

  const makeMissing = async (
    subject: RenditionSubject,
    wanted: readonly Wanted[],
  ): Promise<void> => {
    const findAbsent = async (): Promise<readonly Wanted[]> => {
      const sound = await Promise.all(wanted.map(({ name }) => derived.isSound(name)))
      return wanted.filter((_, index) => !sound[index])
    }
    let absent = await findAbsent()
    if (absent.length > 0) {
      await derived.prepare()
      absent = await findAbsent()
    }
    const others = absent.flatMap(({ name }) => underway.get(name) ?? [])
    const missing = absent.filter(({ name }) => !underway.has(name))
    if (missing.length > 0) {
      const work = limit(() => encodeMissing(subject, missing, derived))
      for (const { name } of missing) underway.set(name, work)
      await work.finally(() => missing.forEach(({ name }) => underway.delete(name)))
      logger.info(
        `${subject.name}: ${missing.length === 1 ? 'one file' : `${missing.length} files`} encoded`,
      )
    }
    await Promise.all(others)
  }

  const make: Renditions['make'] = async (subject, order) => {
    const { ratio, shown, sizes, ...arranged } = arrange(subject, order)
    const largest = arranged.sources[0]?.boxes.at(-1)
    const nameFor = namer(subject, await encoderVersions())
    const sources = arranged.sources.map(({ format, type, boxes }) => ({
      format,
      type,
      wanted: boxes.map((box) => {
        const operation = operationOf({ box, largest, ratio, format }, subject, order)
        return { box, operation, name: nameFor(operation) }
      }),
    }))
    await makeMissing(
      subject,
      sources.flatMap(({ wanted }) => wanted),
    )
    return {
      shown,
      sizes,
      sources: sources.map(({ format, type, wanted }) => ({
        format,
        type,
        files: wanted.map(({ box, name }) => ({ ...box, file: derived.pathOf(name) })),
      })),
    }
  }

  return { make, save: derived.save }
}

function namer(
  { identity, label, name, ...pixels }: RenditionSubject,
  encoders: unknown,
): (operation: Operation) => string {
  return (operation) => {
    const { width, height, ratio } = operation
    const key = sha256(Buffer.from(JSON.stringify([identity, label, operation, encoders])))
    const extension = operation.format === 'jpeg' ? 'jpg' : operation.format
    // Some hosts name what they write by this alone.
    const size = isWhole(pixels, ratio) ? width : `${width}x${height}`
    const file = `${name}-${size}.${extension}`
    return path.join(key.slice(0, 2), key.slice(2, 18), file)
  }
}

function operationOf(
  {
    box: { width, height },
    largest,
    ratio,
    format,
  }: {
    readonly box: Box
    /** In which an overlay is drawn. */
    readonly largest: Box | undefined
    readonly ratio: number
    readonly format: EncodedFormat
  },
  { focus, overlay }: RenditionSubject,
  { settings, inset }: Order,
): Operation {
  return {
    width,
    height,
    format,
    quality: qualityOf(format, settings.quality),
    fit: settings.fit ?? 'cover',
    focus: settings.focus ?? focus ?? 'attention',
    background: settings.background,
    ratio,
    ...(inset && { inset }),
    ...(overlay &&
      largest && { over: { key: overlay.key, width: largest.width, height: largest.height } }),
  }
}

/** What servers and browsers call it. @see https://developer.mozilla.org/docs/Web/Media/Guides/Formats/Image_types */
const ICO_TYPE = 'image/x-icon'

async function encodeMissing(
  subject: RenditionSubject,
  missing: readonly Wanted[],
  derived: DerivedFiles,
): Promise<void> {
  await subject.assertSound()
  try {
    const sharp = await loadSharp()
    const picture = sharp(subject.file)
    const [{ operation: { ratio, focus } } = { operation: { ratio: 1, focus: 'center' } }] = missing
    const crop = await cropOf(picture, subject, ratio, focus)
    const cover = await coverOf(subject, missing[0]?.operation)
    for (const group of Map.groupBy(missing, ({ operation }) => operation.width).values()) {
      const operations = group.map(({ operation }) => operation)
      const encoded = await encodeSize(picture, crop, operations, sharp, cover)
      await subject.assertSound()
      for (const [index, { operation, name }] of group.entries()) {
        await derived.write(name, subject.addLabel(encoded[index]!, operation.format))
      }
    }
  } catch (error) {
    throw isGeminiImageError(error) ? error : renditionFailed(subject, error)
  }
}

async function coverOf(
  { overlay }: RenditionSubject,
  operation: Operation | undefined,
): Promise<Cover | undefined> {
  const over = operation?.over
  if (!overlay || !over) return undefined
  const { width, height } = over
  const { buffer, byteOffset, byteLength } = await overlay.draw({ width, height })
  return { data: Buffer.from(buffer, byteOffset, byteLength), width, height }
}

export function renditionFailed(
  { name }: Pick<RenditionSubject, 'name'>,
  cause: unknown,
): GeminiImageError {
  return new GeminiImageError({
    code: 'RENDITION_FAILED',
    what: `"${name}" could not be encoded.`,
    why: cause instanceof Error ? cause.message : String(cause),
    fix: 'if the picture itself cannot be opened, ask for another one: npx gemini-image generate <name> --again; otherwise change what the import asks for.',
    cause,
  })
}

/** What decides, besides the operation, which bytes come out. */
export async function encoderVersions(): Promise<unknown> {
  const { versions } = await loadSharp()
  const { sharp, vips, aom, heif, webp, mozjpeg, png } = versions
  return [ENCODING_VERSION, sharp, vips, aom, heif, webp, mozjpeg, png]
}
