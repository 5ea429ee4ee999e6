import type { Sharp } from 'sharp'
import { loadSharp, type Pixels } from './image.ts'
import { boxOf } from './visible-box.ts'
import { cropOf } from './renditions/crop.ts'
import { renditionFailed, type RenditionSubject } from './renditions/renditions.ts'

/** The platforms whose app icons can be made. */
export const APP_PLATFORMS = ['ios', 'android'] as const

/** One of {@link APP_PLATFORMS}. */
export type AppPlatform = (typeof APP_PLATFORMS)[number]

/** A file of an app's icons. */
export interface AppIconFile {
  /** Its path, with forward slashes: `ios/AppIcon.appiconset/AppIcon.png`. */
  readonly file: string
  readonly bytes: Uint8Array
}

/** A picture that app icons are made of. */
export type AppIconSubject = Pick<
  RenditionSubject,
  'name' | 'file' | 'width' | 'height' | 'focus' | 'addLabel'
> & {
  /** Whether it is cut out: it then stands on a ground, with room around it. Any other picture is cut square. */
  readonly isCutOut: boolean
}

/** A square icon. */
interface Drawing {
  /** In pixels. */
  readonly side: number
  /** The part of the side within which a cut-out lies: all of it in a square, or in a circle. */
  readonly within: { readonly square: number } | { readonly circle: number }
  /** The colour behind a cut-out, without which it stays transparent. */
  readonly ground?: string
  /** `grey`: without colours. `shape`: all white, as its opacity is. @default its own colours */
  readonly tone?: 'grey' | 'shape'
  /** Whether a circle is cut out of it. */
  readonly isRound?: boolean
}

/** A text, or an icon that is to be drawn. */
type Wanted = readonly [file: string, content: string | Drawing]

/**
 * The icons of an app.
 * @param background The colour behind a cut-out: `#rrggbb`.
 * @throws {GeminiImageError} `RENDITION_FAILED`.
 */
export async function drawAppIcons(
  subject: AppIconSubject,
  platforms: readonly AppPlatform[],
  background: string,
): Promise<readonly AppIconFile[]> {
  const { isCutOut } = subject
  const wanted = platforms.flatMap((platform) => [...WANTED[platform](isCutOut, background)])
  try {
    const shape = await shapeOf(subject)
    const files: AppIconFile[] = []
    // One after another: each is scaled from the whole picture.
    for (const [file, content] of wanted) {
      const bytes =
        typeof content === 'string'
          ? Buffer.from(content)
          : subject.addLabel(await drawIcon(shape, content), 'png')
      files.push({ file, bytes })
    }
    return files
  } catch (error) {
    throw renditionFailed(subject, error)
  }
}

const WANTED: Readonly<
  Record<AppPlatform, (isCutOut: boolean, background: string) => Iterable<Wanted>>
> = { ios: iosIcons, android: androidIcons }

/**
 * The one size that Xcode takes since version 14, in pixels; it may not be transparent.
 * @see https://developer.apple.com/documentation/xcode/configuring-your-app-icon
 */
const IOS_SIDE = 1024

/** A cut-out has room around it: the corners of the mask are round. */
const IN_SQUARE = { square: 0.8 } as const

function* iosIcons(isCutOut: boolean, ground: string): Iterable<Wanted> {
  const folder = 'ios/AppIcon.appiconset'
  const icon = { side: IOS_SIDE, within: IN_SQUARE }
  yield [`${folder}/AppIcon.png`, { ...icon, ground }]
  if (isCutOut) {
    // The system lays a dark ground of its own behind the one, and tints the other.
    // @see https://developer.apple.com/design/human-interface-guidelines/app-icons
    yield [`${folder}/AppIcon-Dark.png`, icon]
    yield [`${folder}/AppIcon-Tinted.png`, { ...icon, ground: 'black', tone: 'grey' }]
  }
  yield [`${folder}/Contents.json`, contentsJson(isCutOut)]
}

/** @see https://developer.apple.com/library/archive/documentation/Xcode/Reference/xcode_ref-Asset_Catalog_Format/AppIconType.html */
function contentsJson(isCutOut: boolean): string {
  const image = (filename: string, value?: string): object => ({
    ...(value !== undefined && { appearances: [{ appearance: 'luminosity', value }] }),
    filename,
    idiom: 'universal',
    platform: 'ios',
    size: `${IOS_SIDE}x${IOS_SIDE}`,
  })
  const others = [image('AppIcon-Dark.png', 'dark'), image('AppIcon-Tinted.png', 'tinted')]
  const images = [image('AppIcon.png'), ...(isCutOut ? others : [])]
  return `${JSON.stringify({ images, info: { author: 'xcode', version: 1 } }, undefined, 2)}\n`
}

/**
 * Pixels for each dp, by the folder of the density.
 * @see https://developer.android.com/training/multiscreen/screendensities
 */
const DENSITIES = { mdpi: 1, hdpi: 1.5, xhdpi: 2, xxhdpi: 3, xxxhdpi: 4 } as const

/**
 * The side of an adaptive icon, and the diameter of the part of it that no mask cuts off, in dp.
 * @see https://developer.android.com/develop/ui/views/launch/icon_design_adaptive
 */
const [ADAPTIVE, SAFE] = [108, 66]

/** The side of an icon before Android 8, in dp. */
const LEGACY = 48

function* androidIcons(isCutOut: boolean, ground: string): Iterable<Wanted> {
  const folder = 'android/res'
  for (const [density, scale] of Object.entries(DENSITIES)) {
    const [legacy, adaptive] = [LEGACY * scale, ADAPTIVE * scale]
    const named = (name: string): string => `${folder}/mipmap-${density}/${name}.png`
    yield [named('ic_launcher'), { side: legacy, within: IN_SQUARE, ground }]
    const round = { side: legacy, within: { circle: 0.9 }, ground, isRound: true }
    yield [named('ic_launcher_round'), round]
    const layer = { side: adaptive, within: { circle: SAFE / ADAPTIVE } }
    yield [named('ic_launcher_foreground'), layer]
    if (isCutOut) yield [named('ic_launcher_monochrome'), { ...layer, tone: 'shape' }]
  }
  for (const name of ['ic_launcher', 'ic_launcher_round']) {
    yield [`${folder}/mipmap-anydpi-v26/${name}.xml`, adaptiveXml(isCutOut)]
  }
  const color = `<color name="ic_launcher_background">${ground.toUpperCase()}</color>`
  yield [
    `${folder}/values/ic_launcher_background.xml`,
    `${XML}<resources>\n    ${color}\n</resources>\n`,
  ]
}

const XML = '<?xml version="1.0" encoding="utf-8"?>\n'

/** The monochrome layer is for icons in the colours of the phone: a shape, of which only the opacity counts. */
function adaptiveXml(isCutOut: boolean): string {
  const layer = (name: string, drawable: string): string =>
    `    <${name} android:drawable="${drawable}"/>\n`
  const layers = [
    layer('background', '@color/ic_launcher_background'),
    layer('foreground', '@mipmap/ic_launcher_foreground'),
    ...(isCutOut ? [layer('monochrome', '@mipmap/ic_launcher_monochrome')] : []),
  ]
  const namespace = 'xmlns:android="http://schemas.android.com/apk/res/android"'
  return `${XML}<adaptive-icon ${namespace}>\n${layers.join('')}</adaptive-icon>\n`
}

/** What an icon is drawn from. */
interface Shape extends Pixels {
  readonly picture: Sharp
  /** Pixels from its centre to the farthest that can be seen; `undefined` where it fills the icon. */
  readonly radius: number | undefined
}

/** Below this opacity, of 255, nobody sees a pixel. */
const VISIBLE = 16

/** A cut-out without its transparent borders; of any other picture the square around its focus. */
async function shapeOf(subject: AppIconSubject): Promise<Shape> {
  const sharp = await loadSharp()
  const picture = sharp(subject.file)
  if (!subject.isCutOut) {
    const crop = await cropOf(picture, subject, 1, subject.focus ?? 'attention')
    const { width, height } = crop ?? subject
    return { picture: crop ? picture.extract(crop) : picture, width, height, radius: undefined }
  }
  const whole = picture.ensureAlpha().toColourspace('srgb').raw()
  const { data, info } = await whole.toBuffer({ resolveWithObject: true })
  const isSeen = (at: number): boolean => (data[at * 4 + 3] ?? 0) >= VISIBLE
  const { left, top, width, height } = boxOf(info, isSeen)
  const centre = { x: left + (width - 1) / 2, y: top + (height - 1) / 2 }
  let radius = 0.5
  for (let at = 0; at < info.width * info.height; at += 1) {
    if (!isSeen(at)) continue
    const [x, y] = [at % info.width, Math.floor(at / info.width)]
    // To the corner of the pixel that is farthest away.
    radius = Math.max(
      radius,
      Math.hypot(Math.abs(x - centre.x) + 0.5, Math.abs(y - centre.y) + 0.5),
    )
  }
  const raw = { width: info.width, height: info.height, channels: 4 } as const
  const cut = await sharp(data, { raw }).extract({ left, top, width, height }).raw().toBuffer()
  return { picture: sharp(cut, { raw: { width, height, channels: 4 } }), width, height, radius }
}

const TRANSPARENT = { r: 0, g: 0, b: 0, alpha: 0 } as const

/** The pixels in which a shape is drawn into an icon, in the middle of it. */
function sizeIn({ width, height, radius }: Shape, { side, within }: Drawing): Pixels {
  if (radius === undefined) return { width: side, height: side }
  const scale =
    'circle' in within
      ? (side * within.circle) / (2 * radius)
      : (side * within.square) / Math.max(width, height)
  const scaled = (length: number): number => Math.max(1, Math.min(side, Math.floor(length * scale)))
  return { width: scaled(width), height: scaled(height) }
}

async function drawIcon(shape: Shape, drawing: Drawing): Promise<Uint8Array> {
  const { side, ground, tone, isRound = false } = drawing
  const sharp = await loadSharp()
  const { width, height } = sizeIn(shape, drawing)
  const [left, top] = [Math.floor((side - width) / 2), Math.floor((side - height) / 2)]
  const frame = { left, top, right: side - width - left, bottom: side - height - top }
  const data = await shape.picture
    .clone()
    .ensureAlpha()
    .resize(width, height, { fit: 'fill' })
    .extend({ ...frame, background: TRANSPARENT })
    .toColourspace('srgb')
    .raw()
    .toBuffer()
  if (tone) recolour(data, tone)
  const raw = { width: side, height: side, channels: 4 } as const
  const drawn = sharp(data, { raw })
  // What fills the icon is not transparent either.
  const isOpaque = ground !== undefined || shape.radius === undefined
  const whole = isOpaque ? drawn.flatten({ background: ground ?? 'white' }) : drawn
  if (!isRound) return whole.png({ compressionLevel: 9 }).toBuffer()
  const circle = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2" width="${side}" height="${side}"><circle cx="1" cy="1" r="1"/></svg>`
  const opaque = await whole.ensureAlpha().raw().toBuffer()
  const masked = sharp(opaque, { raw }).composite([
    { input: Buffer.from(circle), blend: 'dest-in' },
  ])
  return masked.png({ compressionLevel: 9 }).toBuffer()
}

/** Changes RGBA pixels, four bytes each, in their place. */
function recolour(data: Buffer, tone: NonNullable<Drawing['tone']>): void {
  for (let at = 0; at < data.length; at += 4) {
    const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3)
    // What an eye sees of each. @see https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
    const grey = Math.round(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    data.fill(tone === 'shape' ? 255 : grey, at, at + 3)
  }
}
