import type {
  AspectRatioOf,
  ModelName,
  PictureSettings,
  RenditionSettings,
  SizeOf,
  SourceType,
  TemplateName,
} from '@gemini-image/core/internal'
import type { RenderedPicture } from './rendered-picture.ts'

export type { PictureSettings } from '@gemini-image/core/internal'

/**
 * What the macro takes: settings with a prompt, or with a template in its place. Where they name a model of
 * the catalogue, its aspect ratios and sizes are the ones that compile.
 */
export type MacroSettings<Model extends ModelName = ModelName> = Omit<
  PictureSettings,
  'aspectRatio' | 'model' | 'size'
> & {
  /** An id or an alias of the catalogue. @default the option `model` */
  readonly model?: Model | undefined
  /** @default '1:1' */
  readonly aspectRatio?: AspectRatioOf<Model> | undefined
  /** @default '1K' */
  readonly size?: SizeOf<Model> | undefined
} & ({ readonly prompt: string } | { readonly template: TemplateName })

/** A generated picture, as code gets it. */
export interface GeneratedImage {
  /** Its URL. */
  readonly src: string
  /** Width, in pixels. */
  readonly width: number
  /** Height, in pixels. */
  readonly height: number
  readonly format: 'jpeg' | 'png' | 'webp'
  /** Alternative text as declared; empty for a decorative picture. */
  readonly alt: string
  /** The prompt that it was drawn from. */
  readonly prompt: string
  /** The model that drew it; `placeholder` while there is no picture yet. */
  readonly model: string
  /**
   * How it came about, as a term of IPTC's vocabulary: drawn by a model alone, or with a model from an
   * image that was there before. For `imageJsonLd`.
   */
  readonly digitalSourceType: SourceType
  /** Text that came along with the picture; empty where none did. */
  readonly text: string
  /** The dominant colour: `#2b4a3f`. */
  readonly color: string
  /** What its provider wants to be shown beside a picture of looked-up data. */
  readonly grounding: Grounding | undefined
}

/** What its provider wants to be shown beside a picture of looked-up data. */
export interface Grounding {
  /** The provider's HTML with the searches as links. */
  readonly searchSuggestions?: string
  /** The pages and pictures that were looked at. */
  readonly sources: readonly GroundingSource[]
  /** What was searched for. */
  readonly queries: readonly string[]
}

/** A page or picture that was looked at. */
export interface GroundingSource {
  readonly url: string
  readonly title?: string
  readonly imageUrl?: string
}

/**
 * Declares a picture where it is used. The plugin evaluates the call at build time and puts the picture
 * in its place; everything in it is a literal.
 *
 * ```ts
 * import { geminiImage } from 'unplugin-gemini-image/macro'
 *
 * const leaf = geminiImage({ prompt: 'An oak leaf on white paper', aspectRatio: '1:1', alt: 'An oak leaf' })
 * ```
 *
 * @throws {Error} `MISSING_PLUGIN` where the call is run because no plugin has replaced it.
 */
export function geminiImage<const Model extends ModelName = ModelName>(
  settings: MacroSettings<Model>,
): GeneratedImage {
  throw missingPlugin('geminiImage', settings)
}

/** Which renditions {@link geminiPicture} gives. */
export interface PictureRendition extends RenditionSettings {
  /** A name of the option `presets`, whose settings these go before. @default 'default' */
  readonly preset?: string | undefined
}

/**
 * Declares a picture where it is used, in sizes and formats: what `as=picture` gives of a prompt file. It is
 * the same picture, paid for once, as that of {@link geminiImage} with the same settings.
 *
 * ```tsx
 * import { geminiPicture } from 'unplugin-gemini-image/macro'
 * import { GeminiPicture } from 'unplugin-gemini-image/react'
 *
 * const leaf = geminiPicture({ prompt: 'An oak leaf', alt: 'An oak leaf', rendition: { width: 320 } })
 *
 * <GeminiPicture picture={leaf} />
 * ```
 *
 * @throws {Error} `MISSING_PLUGIN` where the call is run because no plugin has replaced it.
 */
export function geminiPicture<const Model extends ModelName = ModelName>(
  settings: MacroSettings<Model> & { readonly rendition?: PictureRendition | undefined },
): RenderedPicture {
  throw missingPlugin('geminiPicture', settings)
}

function missingPlugin(macro: string, { prompt }: Pick<PictureSettings, 'prompt'>): Error {
  return Object.assign(
    new Error(
      `${macro}({ prompt: ${JSON.stringify(prompt?.slice(0, 60))}… }) was not replaced at build time.\n` +
        '  What to do: add the plugin to the configuration of your bundler. "npx gemini-image init" does: import geminiImage from "unplugin-gemini-image/vite" (or webpack, rspack, rollup, esbuild …), then plugins: [geminiImage()]. A package in node_modules cannot use the macro.',
    ),
    { code: 'MISSING_PLUGIN' },
  )
}
