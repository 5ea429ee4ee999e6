import path from 'node:path'
import pLimit from 'p-limit'
import potpack from 'potpack'
import { GeminiImageError } from '../../kernel/errors/error.ts'
import type { DerivedFiles } from '../../kernel/files/derived-files.ts'
import { openFiles } from '../../kernel/files/files.ts'
import { sha256 } from '../../kernel/hash.ts'
import type { Logger } from '../../kernel/logger.ts'
import { loadSharp, type Pixels } from '../image.ts'
import { boxOf } from '../visible-box.ts'
import { encodePixels } from './encode.ts'
import type { SheetFrame } from './forms/form.ts'
import type { Order } from './order.ts'
import {
  encoderVersions,
  renditionFailed,
  type RenditionSet,
  type RenditionSubject,
} from './renditions.ts'
import { LARGEST } from './settings-schema.ts'

/** A picture that goes into a sheet. */
interface SheetPart {
  /** The name of its frame. */
  readonly frame: string
  readonly subject: RenditionSubject
}

export interface SheetOrder extends Pick<Order, 'formats'> {
  /** The longer side of each whole picture, in pixels. @default its own */
  readonly size: number | undefined
  /** From 1 to 100. @default nothing is lost, but of a JPEG */
  readonly quality: number | undefined
}

type Frames = Readonly<Record<string, SheetFrame>>

/** Raised when the same pictures would give another sheet. */
const SHEET_VERSION = 1

/** Pixels around each picture, so that a neighbour does not show where a picture is scaled. */
const PADDING = 2

/** The derived cache of sheets: beside each its frames. */
interface Sheets {
  /**
   * A sheet; what is not there is made.
   * @throws {GeminiImageError} `INVALID_RENDITION` where it would be too large, `RENDITION_FAILED`, `WRITE_FAILED`, or what
   *   reading a picture throws.
   */
  make(name: string, parts: readonly SheetPart[], order: SheetOrder): Promise<RenditionSet>
}

/** Opens the sheets of a project, among its renditions. */
export function openSheets(derived: DerivedFiles, logger: Logger): Sheets {
  // Each holds all of its pixels in memory.
  const limit = pLimit(1)

  const make: Sheets['make'] = async (name, parts, order) => {
    const [format = 'png'] = order.formats
    const base = await baseOf(name, parts, order)
    const names = { sheet: `${base}.${format === 'jpeg' ? 'jpg' : format}`, frames: `${base}.json` }
    const known = await findSheet(names, derived)
    const frames = known ?? (await limit(() => draw(name, names, parts, order)))
    const { width, height } = sizeOfSheet(Object.values(frames).map(({ frame }) => frame))
    const file = { file: derived.pathOf(names.sheet), width, height, descriptor: '1x' }
    return {
      shown: { width, height },
      sizes: undefined,
      frames,
      sources: [{ format, type: `image/${format}`, files: [file] }],
    }
  }

  const draw = async (
    name: string,
    names: Names,
    parts: readonly SheetPart[],
    order: SheetOrder,
  ): Promise<Frames> => {
    await derived.prepare()
    const made = await findSheet(names, derived)
    if (made) return made
    const assertSound = async (): Promise<void> => {
      for (const { subject } of parts) await subject.assertSound()
    }
    await assertSound()
    const { bytes, frames } = await drawSheet(name, parts, order)
    await assertSound()
    const [first] = parts
    const [format = 'png'] = order.formats
    await derived.write(names.sheet, first?.subject.addLabel(bytes, format) ?? bytes)
    await derived.write(names.frames, Buffer.from(JSON.stringify(frames)))
    logger.info(`${name}: a sheet of ${parts.length} encoded`)
    return frames
  }

  return { make }
}

interface Names {
  readonly sheet: string
  readonly frames: string
}

/** The path of a sheet among the renditions, without an extension: named by all that decides what it holds. */
async function baseOf(
  name: string,
  parts: readonly SheetPart[],
  { formats, size, quality }: SheetOrder,
): Promise<string> {
  const pictures = parts.map(({ frame, subject }) => [frame, subject.identity, subject.label])
  const all = [SHEET_VERSION, pictures, formats, size, quality, await encoderVersions()]
  const key = sha256(Buffer.from(JSON.stringify(all)))
  return path.join(key.slice(0, 2), key.slice(2, 18), `${name}-sheet`)
}

/** The frames of a sheet that is there, and as it was written. */
async function findSheet(
  { sheet, frames }: Names,
  derived: DerivedFiles,
): Promise<Frames | undefined> {
  if (!(await derived.isSound(sheet)) || !(await derived.isSound(frames))) return undefined
  const file = derived.pathOf(frames)
  const bytes = await openFiles(path.dirname(file)).readBytes('cache', file)
  return bytes && (JSON.parse(Buffer.from(bytes).toString('utf8')) as Frames)
}

/** A picture without its transparent borders: RGBA, four bytes a pixel. */
interface Sprite extends Pixels {
  readonly frame: string
  readonly data: Buffer
  /** Where it lies in the whole picture. */
  readonly left: number
  readonly top: number
  readonly whole: Pixels
}

async function drawSheet(
  name: string,
  parts: readonly SheetPart[],
  { size, quality, formats }: SheetOrder,
): Promise<{ readonly bytes: Uint8Array; readonly frames: Frames }> {
  const sprites: Sprite[] = []
  // One after another: each is decoded whole.
  for (const part of parts) sprites.push(await readSprite(part, size))
  const frames = layOutSheet(sprites)
  const { width, height } = sizeOfSheet(Object.values(frames).map(({ frame }) => frame))
  if (Math.max(width, height) > LARGEST) throw tooLarge(name, { width, height })
  const sheet = Buffer.alloc(width * height * 4)
  for (const { frame, data, width: across, height: down } of sprites) {
    const { x = 0, y = 0 } = frames[frame]?.frame ?? {}
    for (let row = 0; row < down; row += 1) {
      data.copy(sheet, ((y + row) * width + x) * 4, row * across * 4, (row + 1) * across * 4)
    }
  }
  const sharp = await loadSharp()
  const pixels = sharp(sheet, { raw: { width, height, channels: 4 } })
  const [format = 'png'] = formats
  return { bytes: await encodePixels(pixels, { format, quality }), frames }
}

async function readSprite(
  { frame, subject }: SheetPart,
  size: number | undefined,
): Promise<Sprite> {
  try {
    const sharp = await loadSharp()
    const whole = sharp(subject.file).ensureAlpha().toColourspace('srgb')
    const scaled =
      size === undefined
        ? whole
        : whole.resize(size, size, { fit: 'inside', withoutEnlargement: true })
    const { data, info } = await scaled.raw().toBuffer({ resolveWithObject: true })
    return { frame, ...trimmed(data, info), whole: { width: info.width, height: info.height } }
  } catch (error) {
    throw renditionFailed(subject, error)
  }
}

/** The part of a picture outside of which all is transparent; one pixel of a picture that is nothing but transparent. */
function trimmed(data: Buffer, whole: Pixels): Omit<Sprite, 'frame' | 'whole'> {
  const part = boxOf(whole, (at) => data[at * 4 + 3] !== 0)
  const { left, top } = part
  const cut = Buffer.alloc(part.width * part.height * 4)
  for (let row = 0; row < part.height; row += 1) {
    const start = ((top + row) * whole.width + left) * 4
    data.copy(cut, row * part.width * 4, start, start + part.width * 4)
  }
  return { data: cut, ...part }
}

/** What is laid out: a picture without its borders, and where it lies in the whole of it. */
type Outlined = Omit<Sprite, 'data'>

/** Where each picture comes to lie, in the order declared. */
export function layOutSheet(sprites: readonly Outlined[]): Frames {
  const boxes = sprites.map((sprite) => {
    return { sprite, w: sprite.width + PADDING, h: sprite.height + PADDING, x: 0, y: 0 }
  })
  // It sorts what it is given.
  potpack([...boxes])
  return Object.fromEntries(
    boxes.map(({ sprite: { frame, width, height, left, top, whole }, x, y }) => [
      frame,
      {
        frame: { x: x + PADDING, y: y + PADDING, w: width, h: height },
        rotated: false,
        trimmed: width !== whole.width || height !== whole.height,
        spriteSourceSize: { x: left, y: top, w: width, h: height },
        sourceSize: { w: whole.width, h: whole.height },
      },
    ]),
  )
}

/** The pixels of a sheet with these frames. */
export function sizeOfSheet(frames: readonly SheetFrame['frame'][]): Pixels {
  return {
    width: Math.max(...frames.map(({ x, w }) => x + w)) + PADDING,
    height: Math.max(...frames.map(({ y, h }) => y + h)) + PADDING,
  }
}

/** A sheet as it would be of pictures whose borders nobody has looked at. */
export function outlineSheet(
  parts: readonly (Pixels & { readonly frame: string })[],
  { formats, size }: Pick<SheetOrder, 'formats' | 'size'>,
): RenditionSet {
  const frames = layOutSheet(
    parts.map(({ frame, width, height }) => {
      const scale = Math.min(1, (size ?? Infinity) / Math.max(width, height))
      const side = (length: number): number => Math.max(1, Math.round(length * scale))
      const whole = { width: side(width), height: side(height) }
      return { frame, ...whole, left: 0, top: 0, whole }
    }),
  )
  const shown = sizeOfSheet(Object.values(frames).map(({ frame }) => frame))
  const [format = 'png'] = formats
  const file = { file: `sheet.${format}`, ...shown, descriptor: '1x' }
  const sources = [{ format, type: `image/${format}`, files: [file] }]
  return { shown, sizes: undefined, frames, sources }
}

function tooLarge(name: string, { width, height }: Pixels): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_RENDITION',
    what: `The sheet "${name}" would be ${width} × ${height} pixels, and a file has at most ${LARGEST} on a side.`,
    fix: 'make its pictures smaller: "size=256&as=sheet".',
  })
}
