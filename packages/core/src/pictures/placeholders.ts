import { availableParallelism } from 'node:os'
import path from 'node:path'
import pLimit from 'p-limit'
import { openDerivedFiles, type DerivedFolders } from '../kernel/files/derived-files.ts'
import { DERIVED } from '../options/places.ts'
import { openFiles } from '../kernel/files/files.ts'
import { lastTurn } from '../providers/request.ts'
import type { Declared } from '../plan/declared.ts'
import { type Pixels, loadSharp } from '../pixels/image.ts'

/** The derived cache of placeholders. */
export interface Placeholders {
  /** The placeholder's absolute path; drawn on first use. */
  fileFor(declared: Declared): Promise<string>
  read(file: string): Promise<Uint8Array>
  /** Remembers on this machine which files are sound. */
  save(): Promise<void>
}

export function openPlaceholders(folders: DerivedFolders): Placeholders {
  const derived = openDerivedFiles(DERIVED.placeholders, folders)
  const limit = pLimit(availableParallelism())
  const drawing = new Map<string, Promise<string>>()

  const draw = async (declared: Declared, name: string): Promise<string> => {
    const isThere = async (): Promise<boolean> => derived.isSound(name)
    if (!(await isThere())) await derived.prepare()
    if (!(await isThere())) await derived.write(name, await limit(() => paint(declared)))
    return derived.pathOf(name)
  }

  const fileFor = (declared: Declared): Promise<string> => {
    const extension = declared.spec.transparent ? 'png' : 'jpg'
    const name = `${declared.name}.placeholder-${PLACEHOLDER_VERSION}.${declared.fingerprint.slice(0, 12)}.${extension}`
    const started = drawing.get(name) ?? draw(declared, name)
    drawing.set(name, started)
    return started.finally(() => drawing.delete(name))
  }

  const read = async (file: string): Promise<Uint8Array> =>
    (await openFiles(path.dirname(file)).readBytes('cache', file)) ?? new Uint8Array()

  return { fileFor, read, save: derived.save }
}

/** A placeholder of exactly the pixel size of the picture. */
function paint({ fingerprint, result, spec }: Declared): Promise<Uint8Array> {
  const { prompt } = result.request
  const { aspectRatio, size } = lastTurn(result.request)
  const { width, height } = result.pixels
  const caption = `${aspectRatio} · ${size} · ${width} × ${height}`
  const isTransparent = spec.transparent !== undefined
  return drawPlaceholder({ fingerprint, prompt, caption, width, height, isTransparent })
}

/** Raised when a placeholder would look different, so that a cached one is not used. */
const PLACEHOLDER_VERSION = 1

interface PlaceholderSubject extends Pixels {
  /** 64 hex digits; the colours come from it. */
  readonly fingerprint: string
  readonly prompt: string
  /** Whether it stands for a picture with a transparent background: it is a PNG then, with one of its own. */
  readonly isTransparent: boolean
  /** What stands in the corner: `16:9 · 1K · 1376 × 768`. */
  readonly caption: string
}

/**
 * Draws a placeholder of exactly the asked pixel size, as JPEG or PNG: a soft gradient from the fingerprint,
 * the first words of the prompt, and a dashed frame and a crossed-out picture sign that say, even
 * on a machine without fonts, that this is not the picture.
 */
async function drawPlaceholder(subject: PlaceholderSubject): Promise<Uint8Array> {
  const svg = Buffer.from(toSvg(subject))
  const sharp = await loadSharp()
  if (subject.isTransparent) return sharp(svg).png().toBuffer()
  return sharp(svg).jpeg({ quality: 82, chromaSubsampling: '4:4:4' }).toBuffer()
}

function toSvg(subject: PlaceholderSubject): string {
  const { width, height } = subject
  // One unit is a hundredth of the shorter side, or of what leaves room for text on a long strip.
  const unit = Math.max(1, Math.min(width, height) / 100)
  const inset = unit * 4
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
${subject.isTransparent ? card(subject, inset) : background(subject)}
<rect x="${inset}" y="${inset}" width="${width - 2 * inset}" height="${height - 2 * inset}" rx="${unit * 2}" fill="none" stroke="#fff" stroke-opacity=".75" stroke-width="${unit * 0.6}" stroke-dasharray="${unit * 2.4} ${unit * 1.8}"/>
${sign(subject, unit)}
${words(subject, unit)}
</svg>`
}

/** The background with nothing around it. */
function card(subject: PlaceholderSubject, inset: number): string {
  const { width, height } = subject
  return `<clipPath id="card"><rect x="${inset}" y="${inset}" width="${width - 2 * inset}" height="${height - 2 * inset}" rx="${inset / 2}"/></clipPath>
<g clip-path="url(#card)">${background(subject)}</g>`
}

function background({ fingerprint, width, height }: PlaceholderSubject): string {
  const byte = (index: number): number =>
    Number.parseInt(fingerprint.slice(index * 2, index * 2 + 2), 16)
  const hue = Math.round((byte(0) / 255) * 360)
  const second = hue + 40 + (byte(1) % 60)
  const colour = (h: number, lightness: number): string => `hsl(${h % 360}, 38%, ${lightness}%)`
  const glow = (id: string, h: number, lightness: number): string =>
    `<radialGradient id="${id}"><stop offset="0" stop-color="${colour(h, lightness)}"/><stop offset="1" stop-color="${colour(h, lightness)}" stop-opacity="0"/></radialGradient>`
  const blob = (id: string, x: number, y: number): string =>
    `<ellipse cx="${width * x}" cy="${height * y}" rx="${width * 0.7}" ry="${height * 0.8}" fill="url(#${id})"/>`
  return `<defs>
<linearGradient id="base" x2="1" y2="1"><stop offset="0" stop-color="${colour(hue, 46)}"/><stop offset="1" stop-color="${colour(second, 34)}"/></linearGradient>
${glow('a', hue + 20, 66)}
${glow('b', second + 30, 56)}
</defs>
<rect width="100%" height="100%" fill="url(#base)"/>
${blob('a', byte(2) / 255, byte(3) / 512)}
${blob('b', byte(4) / 255, 0.5 + byte(5) / 512)}`
}

/** A picture frame with a sun and hills, struck through. */
function sign({ width, height }: PlaceholderSubject, unit: number): string {
  const scale = unit / 2
  const x = width / 2 - 12 * scale
  const y = height / 2 - 22 * scale
  return `<g transform="translate(${x} ${y}) scale(${scale})" fill="none" stroke="#fff" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round">
<rect x="2" y="4" width="20" height="16" rx="2"/><circle cx="8" cy="9.5" r="1.8"/><path d="M2 17l5.5-5 4 3.500 4-4.500 6.500 6"/><path d="M1 22.500L23 1.500"/></g>`
}

function words({ width, height, prompt, caption }: PlaceholderSubject, unit: number): string {
  const room = width - unit * 16
  const size = Math.min(unit * 5.5, room / 16)
  const small = size * 0.62
  const text = (y: number, fontSize: number, weight: number, content: string): string =>
    `<text x="${width / 2}" y="${y}" font-family="system-ui, Helvetica, Arial, 'DejaVu Sans', sans-serif" font-size="${fontSize}" font-weight="${weight}" fill="#fff" text-anchor="middle">${escapeXml(content)}</text>`
  // An average letter is a little over half as wide as it is high.
  const title = firstWords(prompt, Math.floor(room / (size * 0.56)))
  return [
    text(height / 2 + unit * 12, small, 700, 'PLACEHOLDER'),
    text(height / 2 + unit * 12 + size * 1.35, size, 500, title),
    text(height / 2 + unit * 12 + size * 2.45, small, 400, caption),
  ].join('\n')
}

function firstWords(prompt: string, limit: number): string {
  const line = prompt.replaceAll(/\s+/g, ' ')
  if (line.length <= limit) return line
  const cut = line.slice(0, Math.max(1, limit - 1))
  return `${cut.slice(0, cut.lastIndexOf(' ') > 0 ? cut.lastIndexOf(' ') : undefined)}…`
}

function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' }
  // XML 1.0 has no place for control characters.
  const legal = text.toWellFormed().replaceAll(/\p{Cc}|[\uFFFE\uFFFF]/gu, ' ')
  return legal.replaceAll(/[<>&]/g, (char) => entities[char] ?? char)
}
