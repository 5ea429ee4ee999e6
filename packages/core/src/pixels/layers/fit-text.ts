import type sharp from 'sharp'
import { GeminiImageError } from '../../kernel/errors/error.ts'
import type { Pixels } from '../image.ts'
import { unitOf } from './arrange.ts'
import { parseColour } from './colour.ts'
import type { TextLayer } from './layer.ts'
import { setText, type LoadedFont, type SetText, type Setting } from './text.ts'

/** A text layer that was set, and in which size. */
export interface FittedText extends SetText {
  /** In percent, as {@link TextLayer.size}. */
  readonly size: number
}

/** Each try is so much smaller than the one before. */
const STEP = 0.94

/** How often the width of a text is halved to find the narrowest: to a hundredth of it. */
const HALVINGS = 6

/**
 * Sets a text as large as it may be, in as many lines as it may have, with lines that are about as long as each other.
 * @param largest In percent; where other layers leave no room, less than the layer's own size.
 * @param picture What it is drawn on.
 * @returns `undefined` where it is too long in the smallest size.
 */
export async function fitText(
  layer: TextLayer,
  fonts: readonly LoadedFont[],
  picture: Pixels,
  load: typeof sharp,
  largest: number = layer.size,
): Promise<FittedText | undefined> {
  const width = roomAcross(layer, picture)
  const smallest = Math.min(layer.minSize, layer.size)
  for (let size = Math.max(largest, smallest); ; size = Math.max(smallest, size * STEP)) {
    const setting = settingOf(layer, fonts, picture, size, width)
    const set = await setText(setting, load)
    if (set.width <= width && set.lines <= layer.lines) {
      return { ...(await balance(set, setting, load)), size }
    }
    if (size <= smallest) return undefined
  }
}

/** How long a line may be, in pixels. */
function roomAcross({ width, margin, padding }: TextLayer, picture: Pixels): number {
  const unit = unitOf(picture)
  const inside = picture.width - 2 * margin * unit
  return Math.min((width / 100) * picture.width, inside) - 2 * padding * unit
}

function settingOf(
  layer: TextLayer,
  fonts: readonly LoadedFont[],
  picture: Pixels,
  size: number,
  width: number,
): Setting {
  const { hex, alpha } = parseColour(layer.color)
  const { text, lineHeight, letterSpacing, align } = layer
  const inPixels = Math.max(1, Math.round(size * unitOf(picture)))
  return { text, fonts, size: inPixels, width, lineHeight, letterSpacing, color: hex, alpha, align }
}

/** The same lines, without a last one of a word or two. */
async function balance(set: SetText, setting: Setting, load: typeof sharp): Promise<SetText> {
  if (set.lines === 1) return set
  let best = set
  let [low, high] = [setting.width / set.lines, setting.width]
  for (let turn = 0; turn < HALVINGS; turn += 1) {
    const width = (low + high) / 2
    const narrower = await setText({ ...setting, width }, load)
    const fits = narrower.lines === set.lines && narrower.width <= width
    if (fits) best = narrower
    if (fits) high = width
    else low = width
  }
  return best
}

/** What to say of a text for which there is no room. */
export function tooLong(layer: TextLayer, picture: Pixels, why: string): GeminiImageError {
  const words = layer.text.replaceAll(/\s+/g, ' ')
  const shown = words.length > 60 ? `${words.slice(0, 59)}…` : words
  return new GeminiImageError({
    code: 'TEXT_TOO_LONG',
    what: `"${shown}" does not fit on a picture of ${picture.width} × ${picture.height} pixels.`,
    why,
    fix: 'shorten the text, or let the layer have more "lines", a smaller "minSize" or a larger "width".',
    place: layer.place,
  })
}
