import type sharp from 'sharp'
import type { Pixels } from '../image.ts'
import type { Font } from './font.ts'
import type { TextLayer } from './layer.ts'

/** A font that the text engine knows. */
export interface LoadedFont extends Font {
  /** Absolute path of the file under a name of its own. */
  readonly path: string
}

/** How a text is set. Lengths are in pixels. */
export interface Setting {
  readonly text: string
  readonly fonts: readonly LoadedFont[]
  readonly size: number
  /** The most that a line may be long. */
  readonly width: number
  readonly lineHeight: number
  readonly letterSpacing: number
  /** As CSS writes it: `#rrggbb`. */
  readonly color: string
  /** From 0 to 1. */
  readonly alpha: number
  readonly align: TextLayer['align']
}

/** A text in pixels. Its box reaches from the top of its first capitals to the last baseline, and is as wide as its ink. */
export interface SetText extends Pixels {
  readonly lines: number
  /** RGBA, four bytes a pixel. */
  readonly data: Buffer
  /** Of the pixels. */
  readonly pixels: Pixels
  /** Where the box begins in the pixels. */
  readonly left: number
  readonly top: number
}

/** Letters that stand on the baseline and have a flat top, by script. */
const LETTERS: readonly string[] = [
  'H',
  '\u05D3',
  '\u0627',
  '\u56FD',
  '\u53E3',
  '\uB9C8',
  '\u0915',
  '\u0E01',
]

/** A letter that stands for the height of a font's letters. */
function letterOf(font: Font): string {
  const found = LETTERS.find((letter) => font.has(letter.codePointAt(0) ?? 0))
  if (found !== undefined) return found
  for (let codePoint = 0x21; codePoint < 0x3_00_00; codePoint += 1) {
    const letter = String.fromCodePoint(codePoint)
    if (font.has(codePoint) && /[\p{L}\p{N}\p{S}]/u.test(letter)) return letter
  }
  return 'H'
}

/** What is drawn by a text engine: Pango, in sharp. */
interface Drawn extends Pixels {
  readonly data: Buffer
}

async function draw(markup: string, setting: Setting, load: typeof sharp): Promise<Drawn> {
  const families = setting.fonts.map(({ family }) => family).join(',')
  const { data, info } = await load({
    text: {
      text: markup,
      font: `${families} ${setting.size}`,
      fontfile: setting.fonts[0]?.path ?? '',
      width: Math.max(1, Math.round(setting.width)),
      align: alignmentOf(setting),
      wrap: 'word',
      // A point is a pixel.
      dpi: 72,
      rgba: true,
    },
  })
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height }
}

/** Pango's left is the right of a text that is read from there. */
function alignmentOf({ align, text }: Setting): 'left' | 'center' | 'right' {
  if (align === 'center') return 'center'
  const isLeftToRight = directionOf(text) === 'ltr'
  const begins = align === 'start' || align === (isLeftToRight ? 'left' : 'right')
  return begins ? 'left' : 'right'
}

/** The direction in which a text is read: that of its first letter. */
export function directionOf(text: string): 'ltr' | 'rtl' {
  const [letter = ''] = /\p{L}/u.exec(text) ?? []
  return /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(
    letter,
  )
    ? 'rtl'
    : 'ltr'
}

/** Pango counts in these parts of a point. */
const UNITS = 1024

/** What nobody sees, and what has its extent all the same. */
function unseen(text: string): string {
  return `<span alpha="1" letter_spacing="0">${text}</span>`
}

function styled(
  markup: string,
  { size, lineHeight, letterSpacing, color, alpha }: Setting,
): string {
  const spacing = Math.round(letterSpacing * size * UNITS)
  const height = Math.max(UNITS + 1, Math.round(lineHeight * size * UNITS))
  const opacity = Math.max(1, Math.round(alpha * 65_535))
  return `<span foreground="${color}" alpha="${opacity}" letter_spacing="${spacing}" line_height="${height}">${markup}</span>`
}

/** How a font comes out at a size. */
interface Measure {
  /** Of a letter, in pixels. */
  readonly letterHeight: number
  /** From baseline to baseline, in pixels. */
  readonly advance: number
}

const MEASURED_LINES = 9

async function measure(setting: Setting, letter: string, load: typeof sharp): Promise<Measure> {
  const one = await draw(styled(letter, setting), setting, load)
  const lines = Array.from({ length: MEASURED_LINES }, () => letter).join('\n')
  const several = await draw(styled(lines, setting), setting, load)
  return {
    letterHeight: one.height,
    advance: (several.height - one.height) / (MEASURED_LINES - 1),
  }
}

/**
 * Sets a text. Pango gives the pixels that have ink, and does not say where the lines are: a letter that nobody sees
 * stands in a line above and in one below.
 */
export async function setText(setting: Setting, load: typeof sharp): Promise<SetText> {
  const [font] = setting.fonts
  if (!font) throw new TypeError('A text has no font.')
  const letter = letterOf(font)
  const { letterHeight, advance } = await measure(setting, letter, load)
  const markup = `${unseen(letter)}\n${escapeMarkup(setting.text)}\n${unseen(letter)}`
  const drawn = await draw(styled(markup, setting), setting, load)
  const lines = Math.max(1, Math.round((drawn.height - letterHeight) / advance) - 1)
  const [left, right] = inkOf(drawn)
  return {
    lines,
    data: drawn.data,
    pixels: { width: drawn.width, height: drawn.height },
    left,
    top: Math.round(advance),
    width: right - left,
    height: Math.round((lines - 1) * advance + letterHeight),
  }
}

/** The columns that have ink. */
function inkOf({ data, width, height }: Drawn): [left: number, right: number] {
  let [left, right] = [width, 0]
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if ((data[(y * width + x) * 4 + 3] ?? 0) === 0) continue
      left = Math.min(left, x)
      right = Math.max(right, x + 1)
    }
  }
  return right > left ? [left, right] : [0, 0]
}

/** A size, in pixels, at which rounding says little. */
const LARGE = 200

/**
 * Whether the engine draws with a font, and not with one in its place: how far a letter moves the next one tells them apart.
 */
export async function isDrawnWith(font: LoadedFont, load: typeof sharp): Promise<boolean> {
  const letter = letterOf(font)
  const setting: Setting = {
    text: letter,
    fonts: [font],
    size: LARGE,
    width: 20 * LARGE,
    lineHeight: 1,
    letterSpacing: 0,
    color: '#000000',
    alpha: 1,
    align: 'start',
  }
  // Letters that come together may come nearer.
  const apart = (text: string): string =>
    `<span font_features="kern=0,liga=0,calt=0">${text}</span>`
  const widthOf = async (text: string): Promise<number> =>
    (await draw(styled(apart(text), setting), setting, load)).width
  const between = [letter, ...['i', 'm', '0'].filter((one) => font.has(one.codePointAt(0) ?? 0))]
  const advance = (one: string): number => font.advanceOf(one.codePointAt(0) ?? 0) * LARGE
  const alone = await widthOf(letter)
  for (const one of between) {
    const moved = (await widthOf(letter + one + letter)) - alone
    if (Math.abs(moved - advance(letter) - advance(one)) > LARGE / 60) return false
  }
  return true
}

/**
 * The characters of a text that no font has a glyph for, each once. What has no ink of its own needs none.
 */
export function missingFrom(fonts: readonly Font[], text: string): readonly string[] {
  const letters = new Set(text.normalize('NFC'))
  return [...letters].filter((letter) => {
    if (/[\s\p{Cc}\p{Cf}\p{Zs}\p{M}\u{FE00}-\u{FE0F}]/u.test(letter)) return false
    return !fonts.some((font) => font.has(letter.codePointAt(0) ?? 0))
  })
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

function escapeMarkup(text: string): string {
  // Markup has no place for control characters.
  const legal = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\uFFFE\uFFFF]/gu, (one) => (one === '\n' ? one : ' '))
  return legal.replaceAll(/[&<>]/g, (one) => ENTITIES[one] ?? one)
}
