import { availableParallelism } from 'node:os'
import path from 'node:path'
import pLimit from 'p-limit'
import { openDerivedFiles, type DerivedFolders } from '../kernel/files/derived-files.ts'
import { DERIVED } from '../options/places.ts'
import { openFiles } from '../kernel/files/files.ts'
import { lastTurn } from '../providers/request.ts'
import type { Declared } from '../plan/declared.ts'
import type { Sharp } from 'sharp'
import { sha256 } from '../kernel/hash.ts'
import type { LockEntry } from '../pin/lock-entry.ts'
import { type Pixels, loadSharp } from '../pixels/image.ts'
import type { StandIn } from './stand-in.ts'

/** The derived cache of placeholders. */
export interface Placeholders {
  /**
   * The placeholder's absolute path; drawn on first use.
   * @param standIn What it says, and what it is made from, where people look on. A build's has neither.
   */
  fileFor(declared: Declared, standIn?: StandIn): Promise<string>
  read(file: string): Promise<Uint8Array>
  /** Remembers on this machine which files are sound. */
  save(): Promise<void>
}

/** @param readObject Gives the bytes of a pinned picture. */
export function openPlaceholders(
  folders: DerivedFolders,
  readObject: (entry: LockEntry) => Promise<Uint8Array>,
): Placeholders {
  const derived = openDerivedFiles(DERIVED.placeholders, folders)
  const limit = pLimit(availableParallelism())
  const drawing = new Map<string, Promise<string>>()

  const paintNow = async (declared: Declared, standIn?: StandIn): Promise<Uint8Array> => {
    const former = standIn?.former && (await readObject(standIn.former))
    return paint(declared, standIn?.why.label, former)
  }

  const draw = async (declared: Declared, name: string, standIn?: StandIn): Promise<string> => {
    const isThere = async (): Promise<boolean> => derived.isSound(name)
    if (!(await isThere())) await derived.prepare()
    if (!(await isThere()))
      await derived.write(name, await limit(() => paintNow(declared, standIn)))
    return derived.pathOf(name)
  }

  const fileFor = (declared: Declared, standIn?: StandIn): Promise<string> => {
    const extension = declared.spec.transparent ? 'png' : 'jpg'
    const name = `${declared.name}.placeholder-${PLACEHOLDER_VERSION}.${declared.fingerprint.slice(0, 12)}${tagOf(standIn)}.${extension}`
    const started = drawing.get(name) ?? draw(declared, name, standIn)
    drawing.set(name, started)
    return started.finally(() => drawing.delete(name))
  }

  const read = async (file: string): Promise<Uint8Array> =>
    (await openFiles(path.dirname(file)).readBytes('cache', file)) ?? new Uint8Array()

  return { fileFor, read, save: derived.save }
}

/** What tells the placeholders of one picture apart: empty for the one that says nothing. */
function tagOf(standIn: StandIn | undefined): string {
  if (!standIn) return ''
  const { why, former } = standIn
  return `.${sha256(Buffer.from(JSON.stringify([why.label, former?.object]))).slice(0, 8)}`
}

/** A placeholder of exactly the pixel size of the picture. */
function paint(
  { fingerprint, result, spec }: Declared,
  label: string | undefined,
  former: Uint8Array | undefined,
): Promise<Uint8Array> {
  const { prompt } = result.request
  const { aspectRatio, size } = lastTurn(result.request)
  const { width, height } = result.pixels
  const caption = `${aspectRatio} · ${size} · ${width} × ${height}`
  const isTransparent = spec.transparent !== undefined
  const subject = { fingerprint, prompt, caption, width, height, isTransparent, label }
  return former ? dim(former, subject) : drawPlaceholder(subject)
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
  /** Why it is shown: `no key`. Left out where it would be too small to read. */
  readonly label: string | undefined
}

/**
 * Draws a placeholder of exactly the asked pixel size, as JPEG or PNG: a soft gradient from the fingerprint,
 * the first words of the prompt, and a dashed frame and a crossed-out picture sign that say, even
 * on a machine without fonts, that this is not the picture.
 */
async function drawPlaceholder(subject: PlaceholderSubject): Promise<Uint8Array> {
  const sharp = await loadSharp()
  return encode(sharp(Buffer.from(toSvg(subject))), subject)
}

/** The former picture, behind a veil that says why, in the exact size of the new one. */
async function dim(former: Uint8Array, subject: PlaceholderSubject): Promise<Uint8Array> {
  const sharp = await loadSharp()
  const { width, height, isTransparent } = subject
  const unit = unitOf(subject)
  const label = reason(subject, height / 2, unit)
  const veil = isTransparent
    ? ''
    : `<rect width="100%" height="100%" fill="${NEUTRAL}" fill-opacity="${1 - LEFT}"/>`
  const pixel = { width: 1, height: 1, channels: 4 } as const
  // What is transparent has no background that a veil could hang before.
  const fading = {
    input: Buffer.from([0, 0, 0, Math.round(LEFT * 255)]),
    raw: pixel,
    tile: true,
    blend: 'dest-in',
  } as const
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${veil}${label}</svg>`
  const image = sharp(former).resize(width, height, { fit: 'cover' })
  const whole = isTransparent ? image.ensureAlpha() : image.flatten({ background: NEUTRAL })
  return encode(
    whole.composite([...(isTransparent ? [fading] : []), { input: Buffer.from(svg) }]),
    subject,
  )
}

/** What is left of a picture that is dimmed. */
const LEFT = 0.45

const NEUTRAL = '#808080'

function encode(image: Sharp, { isTransparent }: PlaceholderSubject): Promise<Uint8Array> {
  if (isTransparent) return image.png().toBuffer()
  return image.jpeg({ quality: 82, chromaSubsampling: '4:4:4' }).toBuffer()
}

/** A hundredth of the shorter side, or of what leaves room for text on a long strip. */
function unitOf({ width, height }: Pixels): number {
  return Math.max(1, Math.min(width, height) / 100)
}

function toSvg(subject: PlaceholderSubject): string {
  const { width, height } = subject
  const unit = unitOf(subject)
  const inset = unit * 4
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
${subject.isTransparent ? card(subject, inset) : background(subject)}
<rect x="${inset}" y="${inset}" width="${width - 2 * inset}" height="${height - 2 * inset}" rx="${unit * 2}" fill="none" stroke="#fff" stroke-opacity=".75" stroke-width="${unit * 0.6}" stroke-dasharray="${unit * 2.4} ${unit * 1.8}"/>
${sign(subject, unit)}
${words(subject, unit)}
${reason(subject, height / 2 + unit * 35, unit)}
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
  const { room, size } = typeOf(width, unit)
  const small = size * 0.62
  const text = textAround(width / 2)
  const title = firstWords(prompt, lettersIn(room, size))
  return [
    text(height / 2 + unit * 12, small, 700, 'PLACEHOLDER'),
    text(height / 2 + unit * 12 + size * 1.35, size, 500, title),
    text(height / 2 + unit * 12 + size * 2.45, small, 400, caption),
  ].join('\n')
}

/** Pixels below which nobody can read. */
const SMALLEST = 11

/** Why a picture is not there, on a dark ground: it is to be read on any picture. */
function reason({ width, label }: PlaceholderSubject, y: number, unit: number): string {
  if (label === undefined) return ''
  const { room, size } = typeOf(width, unit)
  if (size < SMALLEST) return ''
  // Bold letters are wider.
  const line = firstWords(label, Math.floor(lettersIn(room, size) * 0.85))
  const long = Math.min(room + size, (line.length * 1.12 + 2) * size * LETTER)
  const ground = `<rect x="${(width - long) / 2}" y="${y - size * 0.85}" width="${long}" height="${size * 1.7}" rx="${size * 0.85}" fill="#000" fill-opacity=".62"/>`
  return ground + textAround(width / 2)(y + size * 0.35, size, 600, line)
}

function typeOf(width: number, unit: number): { room: number; size: number } {
  const room = width - unit * 16
  return { room, size: Math.min(unit * 5.5, room / 16) }
}

/** An average letter is a little over half as wide as it is high. */
const LETTER = 0.56

function lettersIn(room: number, size: number): number {
  return Math.floor(room / (size * LETTER))
}

function textAround(
  x: number,
): (y: number, fontSize: number, weight: number, content: string) => string {
  return (y, fontSize, weight, content) =>
    `<text x="${x}" y="${y}" font-family="system-ui, Helvetica, Arial, 'DejaVu Sans', sans-serif" font-size="${fontSize}" font-weight="${weight}" fill="#fff" text-anchor="middle">${escapeXml(content)}</text>`
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
