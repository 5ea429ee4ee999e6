import type { ModelName } from '@gemini-image/core/internal'
import { geminiImage as macro, type MacroSettings } from 'unplugin-gemini-image/macro'
import type { ContentImage } from './content-image.ts'

export type { PictureSettings } from '@gemini-image/core/internal'
export type { ContentImage } from './content-image.ts'

/**
 * Declares a picture where it is used, for `<Image>`, `<Picture>` and `getImage`. The integration
 * evaluates the call at build time and puts the picture in its place; everything in it is a literal.
 *
 * ```astro
 * ---
 * import { Image } from 'astro:assets'
 * import { geminiImage } from 'astro-gemini-image/macro'
 * const leaf = geminiImage({ prompt: 'An oak leaf on white paper', alt: 'An oak leaf' })
 * ---
 * <Image src={leaf} alt={leaf.alt} />
 * ```
 *
 * @throws {Error} `MISSING_PLUGIN` where the call is run because no plugin has replaced it.
 */
export const geminiImage = macro as unknown as <const Model extends ModelName = ModelName>(
  settings: MacroSettings<Model>,
) => ContentImage
