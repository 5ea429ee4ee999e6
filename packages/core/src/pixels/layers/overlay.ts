import path from 'node:path'
import type sharp from 'sharp'
import type { OverlayOptions, Sharp } from 'sharp'
import { GeminiImageError, oursOrThrow } from '../../kernel/errors/error.ts'
import type { ProjectFiles } from '../../kernel/files/files.ts'
import type { FileKindName } from '../../kernel/files/kinds.ts'
import { sha256 } from '../../kernel/hash.ts'
import { projectPath, type Place } from '../../kernel/place.ts'
import { listWords } from '../../kernel/suggest.ts'
import { loadSharp, type Pixels } from '../image.ts'
import { heightOf, place, roomFor, stacksOf, unitOf, type Sized, type Spot } from './arrange.ts'
import { parseColour } from './colour.ts'
import { fitText, tooLong, type FittedText } from './fit-text.ts'
import type { Fonts } from './fonts.ts'
import type { ImageLayer, Layer, PlacedLayer, ScrimLayer, ShapeLayer, TextLayer } from './layer.ts'
import { layerFileNotFound } from './missing-file.ts'
import { directionOf, missingFrom, type LoadedFont } from './text.ts'

/** What is drawn over a picture. */
export interface Overlay {
  /** What stands for all that decides how it looks. */
  readonly key: string
  /**
   * Draws it.
   * @param picture What it is drawn on, in pixels.
   * @returns RGBA, four bytes a pixel.
   * @throws {GeminiImageError} `UNREADABLE_FONT`, `MISSING_GLYPH`, `TEXT_TOO_LONG` or `UNSUPPORTED_LAYER`.
   */
  draw(picture: Pixels): Promise<Uint8Array>
}

/** Raised when the same layers would be drawn in another way. */
const LAYERS_VERSION = 1

/** Reads a file of a layer, which was there when it was declared. */
async function read(
  kind: FileKindName,
  file: string,
  at: Place,
  files: ProjectFiles,
): Promise<Buffer> {
  const bytes = await files.readBytes(kind, file).catch((error: unknown) => {
    throw oursOrThrow(error).at(at)
  })
  if (bytes) return Buffer.from(bytes)
  throw layerFileNotFound(projectPath(files.root, file), at)
}

/**
 * Reads what layers are made of.
 * @param layers Without open fields.
 * @throws {GeminiImageError} `LAYER_FILE_NOT_FOUND`, or why a file may not be read.
 */
export async function openOverlay(
  layers: readonly Layer[],
  files: ProjectFiles,
  fonts: Fonts,
): Promise<Overlay> {
  const bytesOf = new Map<string, Buffer>()
  const hashes: Record<string, string> = {}
  for (const layer of layers) {
    const named = layer.kind === 'text' ? layer.fonts : layer.kind === 'image' ? [layer.file] : []
    for (const file of named) {
      const kind = layer.kind === 'text' ? 'font' : 'layer'
      const bytes = bytesOf.get(file) ?? (await read(kind, file, layer.place, files))
      bytesOf.set(file, bytes)
      hashes[projectPath(files.root, file)] = sha256(bytes)
    }
  }
  const shown = layers.map((layer) => ({
    ...layer,
    place: undefined,
    ...namesOf(layer, files.root),
  }))
  const key = sha256(Buffer.from(JSON.stringify([LAYERS_VERSION, shown, hashes])))
  const load = (file: string, at: Place): Promise<LoadedFont> => {
    const bytes = bytesOf.get(file) ?? Buffer.alloc(0)
    return fonts.load(bytes, sha256(bytes), projectPath(files.root, file), at)
  }
  const draw = async (picture: Pixels): Promise<Buffer> =>
    new Drawing(picture, bytesOf, load, await loadSharp()).draw(layers)
  return { key, draw }
}

/** The same on every machine. */
function namesOf(layer: Layer, root: string): object {
  if (layer.kind === 'text') return { fonts: layer.fonts.map((file) => projectPath(root, file)) }
  return layer.kind === 'image' ? { file: path.basename(layer.file) } : {}
}

/** A layer with all that it takes to draw it. */
interface Ready extends Sized {
  readonly text?: FittedText
  /** What is drawn, of the layer's size. */
  readonly input?: Buffer
}

class Drawing {
  readonly #picture: Pixels
  readonly #bytesOf: ReadonlyMap<string, Buffer>
  readonly #loadFont: (file: string, at: Place) => Promise<LoadedFont>
  readonly #load: typeof sharp

  constructor(
    picture: Pixels,
    bytesOf: ReadonlyMap<string, Buffer>,
    loadFont: (file: string, at: Place) => Promise<LoadedFont>,
    load: typeof sharp,
  ) {
    this.#picture = picture
    this.#bytesOf = bytesOf
    this.#loadFont = loadFont
    this.#load = load
  }

  async draw(layers: readonly Layer[]): Promise<Buffer> {
    const isShown = (layer: Layer): boolean => layer.kind !== 'text' || layer.text.trim() !== ''
    const isRead = layers.find((layer) => layer.kind === 'text' && isShown(layer))
    const direction = isRead?.kind === 'text' ? directionOf(isRead.text) : 'ltr'
    const shown = layers.filter(isShown).map((layer) => towards(direction, layer))
    const ready: Ready[] = []
    for (const layer of shown) {
      if (layer.kind !== 'scrim') ready.push(await this.#prepare(layer))
    }
    const spots = new Map<PlacedLayer, readonly [Ready, Spot]>()
    for (const stack of stacksOf(ready)) {
      const fitted = await this.#fit(stack)
      for (const [one, spot] of place(fitted, this.#picture)) spots.set(one.layer, [one, spot])
    }
    const drawn: OverlayOptions[] = []
    for (const layer of shown) {
      const spot = layer.kind === 'scrim' ? undefined : spots.get(layer)
      if (layer.kind === 'scrim') drawn.push(onto(scrim(layer, this.#picture)))
      else if (spot) drawn.push(...(await this.#paint(...spot)))
    }
    const { width, height } = this.#picture
    const canvas = { width, height, channels: 4, background: CLEAR } as const
    return this.#load({ create: canvas }).composite(drawn).raw().toBuffer()
  }

  #prepare(layer: PlacedLayer): Promise<Ready> | Ready {
    if (layer.kind === 'text') return this.#set(layer)
    if (layer.kind === 'image') return this.#prepareImage(layer)
    const { width, height } = this.#picture
    return {
      layer,
      width: Math.max(1, Math.round((layer.width / 100) * width)),
      height: Math.max(1, Math.round((layer.height / 100) * height)),
    }
  }

  /** @throws {GeminiImageError} where a text has no room. */
  async #set(layer: TextLayer, largest?: number): Promise<Ready> {
    const fonts: LoadedFont[] = []
    for (const file of layer.fonts) fonts.push(await this.#loadFont(file, layer.place))
    const missing = missingFrom(fonts, layer.text)
    if (missing.length > 0) throw missingGlyphs(layer, missing)
    const text = await fitText(layer, fonts, this.#picture, this.#load, largest)
    if (!text) throw tooLong(layer, this.#picture, reasonOf(layer))
    const padding = Math.round(layer.padding * unitOf(this.#picture))
    return { layer, text, width: text.width + 2 * padding, height: text.height + 2 * padding }
  }

  /** A stack that is no higher than the picture: all its texts are shrunk alike. */
  async #fit(stack: readonly Ready[]): Promise<readonly Ready[]> {
    let fitted = stack
    const room = roomFor(stack, this.#picture)
    while (heightOf(fitted, this.#picture) > room) {
      const before = fitted
      fitted = await Promise.all(fitted.map((one) => this.#shrink(one)))
      const isSmallest = fitted.every((one, index) => one === before[index])
      const text = fitted.find(({ layer }) => layer.kind === 'text')?.layer
      if (!isSmallest) continue
      if (text?.kind !== 'text') return fitted
      throw tooLong(
        text,
        this.#picture,
        'With the layers beside it, it is higher than the picture.',
      )
    }
    return fitted
  }

  #shrink(one: Ready): Promise<Ready> | Ready {
    const { layer, text } = one
    const isSmallest = layer.kind !== 'text' || !text || text.size <= layer.minSize
    return isSmallest ? one : this.#set(layer, Math.max(layer.minSize, text.size * SHRINKING))
  }

  async #prepareImage(layer: ImageLayer): Promise<Ready> {
    const bytes = this.#bytesOf.get(layer.file) ?? Buffer.alloc(0)
    const wanted = Math.max(1, Math.round((layer.width / 100) * this.#picture.width))
    try {
      const own = await this.#load(bytes).metadata()
      // What is made of lines is drawn in the size in which it is shown.
      const density =
        own.format === 'svg' ? Math.min(2400, Math.max(1, (72 * wanted) / own.width)) : undefined
      const image = this.#load(bytes, density === undefined ? {} : { density })
      const { data, info } = await image
        .autoOrient()
        .resize(wanted)
        .toColourspace('srgb')
        .png()
        .toBuffer({ resolveWithObject: true })
      return { layer, input: data, width: info.width, height: info.height }
    } catch (error) {
      throw new GeminiImageError({
        code: 'UNSUPPORTED_LAYER',
        what: `${path.basename(layer.file)} is not an image that can be drawn.`,
        why: error instanceof Error ? error.message : String(error),
        fix: 'save it as SVG, PNG, WebP or JPEG.',
        place: layer.place,
        cause: error,
      })
    }
  }

  async #paint({ layer, text, input }: Ready, spot: Spot): Promise<OverlayOptions[]> {
    if (layer.kind === 'shape') return [onto(shape(layer, spot, this.#picture))]
    if (layer.kind === 'image') {
      return input ? this.#clip(this.#load(input).ensureAlpha(), spot) : []
    }
    if (!text) return []
    const padding = Math.round(layer.padding * unitOf(this.#picture))
    const letters = {
      ...text.pixels,
      left: spot.left + padding - text.left,
      top: spot.top + padding - text.top,
    }
    const raw = { ...text.pixels, channels: 4 } as const
    const words = await this.#clip(this.#load(text.data, { raw }), letters)
    const { background } = layer
    return background === undefined
      ? words
      : [onto(panel({ ...layer, background }, spot, this.#picture)), ...words]
  }

  /** The part of something that lies on the picture. */
  async #clip(image: Sharp, spot: Spot): Promise<OverlayOptions[]> {
    const left = Math.max(0, spot.left)
    const top = Math.max(0, spot.top)
    const width = Math.min(this.#picture.width, spot.left + spot.width) - left
    const height = Math.min(this.#picture.height, spot.top + spot.height) - top
    if (width <= 0 || height <= 0) return []
    const part = { left: left - spot.left, top: top - spot.top, width, height }
    return [{ input: await image.extract(part).png().toBuffer(), left, top }]
  }
}

/** A layer that names its side in itself, and not by the direction of reading. */
function towards(direction: 'ltr' | 'rtl', layer: Layer): Layer {
  if (layer.kind === 'scrim') return layer
  const [start, end] = direction === 'ltr' ? ['left', 'right'] : ['right', 'left']
  return { ...layer, at: layer.at.replace('start', start).replace('end', end) }
}

const CLEAR = { r: 0, g: 0, b: 0, alpha: 0 } as const

/** Each time that a stack is too high. */
const SHRINKING = 0.92

function onto(svg: string): OverlayOptions {
  return { input: Buffer.from(svg), left: 0, top: 0 }
}

function svgOf({ width, height }: Pixels, content: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${content}</svg>`
}

function paint(colour: string): string {
  const { hex, alpha } = parseColour(colour)
  return `fill="${hex}" fill-opacity="${alpha}"`
}

function shape({ shape: kind, color, radius }: ShapeLayer, spot: Spot, picture: Pixels): string {
  const { left, top, width, height } = spot
  if (kind === 'ellipse') {
    const middle = `cx="${left + width / 2}" cy="${top + height / 2}"`
    return svgOf(
      picture,
      `<ellipse ${middle} rx="${width / 2}" ry="${height / 2}" ${paint(color)}/>`,
    )
  }
  return svgOf(picture, rect(spot, radius * unitOf(picture), color))
}

function panel(
  { background, radius }: { readonly background: string; readonly radius: number },
  spot: Spot,
  picture: Pixels,
): string {
  return svgOf(picture, rect(spot, radius * unitOf(picture), background))
}

function rect({ left, top, width, height }: Spot, radius: number, colour: string): string {
  return `<rect x="${left}" y="${top}" width="${width}" height="${height}" rx="${radius}" ${paint(colour)}/>`
}

/** From where it is darkest to where it ends, as parts of the picture. */
const DIRECTION: Readonly<Record<Exclude<ScrimLayer['side'], 'all'>, string>> = {
  top: 'x1="0" y1="0" x2="0" y2="1"',
  bottom: 'x1="0" y1="1" x2="0" y2="0"',
  left: 'x1="0" y1="0" x2="1" y2="0"',
  right: 'x1="1" y1="0" x2="0" y2="0"',
}

/** Where a shade that seems to end nowhere has which part of its opacity. */
const EASING: readonly (readonly [at: number, part: number])[] = [
  [0, 1],
  [0.25, 0.87],
  [0.5, 0.53],
  [0.75, 0.18],
  [0.9, 0.04],
  [1, 0],
]

function scrim({ side, color, opacity, reach }: ScrimLayer, picture: Pixels): string {
  const { hex } = parseColour(color)
  if (side === 'all') {
    return svgOf(
      picture,
      `<rect width="100%" height="100%" fill="${hex}" fill-opacity="${opacity}"/>`,
    )
  }
  const stops = EASING.map(
    ([at, part]) =>
      `<stop offset="${(at * reach) / 100}" stop-color="${hex}" stop-opacity="${opacity * part}"/>`,
  ).join('')
  const gradient = `<linearGradient id="shade" ${DIRECTION[side]}>${stops}</linearGradient>`
  return svgOf(
    picture,
    `<defs>${gradient}</defs><rect width="100%" height="100%" fill="url(#shade)"/>`,
  )
}

function missingGlyphs(
  { place: at, fonts }: TextLayer,
  missing: readonly string[],
): GeminiImageError {
  const codes = missing.slice(0, 8).map((letter) => {
    const code = (letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    return `${letter} (U+${code})`
  })
  const more = missing.length > codes.length ? ` and ${missing.length - codes.length} more` : ''
  return new GeminiImageError({
    code: 'MISSING_GLYPH',
    what: `${listWords(fonts.map((file) => path.basename(file)))} cannot write ${listWords(codes)}${more}.`,
    fix: 'add a font that can to the list under "font": each character is set in the first font that has it.',
    place: at,
  })
}

function reasonOf({ lines, minSize }: TextLayer): string {
  const most = lines === 1 ? 'one line' : `${lines} lines`
  return `In the smallest size ("minSize": ${Number(minSize.toFixed(2))}), it needs more than ${most}, or one of its words is too long.`
}
