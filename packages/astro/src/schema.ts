import { promptPathOf } from '@gemini-image/core/host'
import { z } from 'astro/zod'
import type { ContentImage } from './content-image.ts'
import type { RenderedPreview } from 'unplugin-gemini-image/rendered-picture'
import { filePath, inlinePath, OG_FORMS, type ContentForm } from './content/picture-path.ts'

export type { RenderedPreview } from 'unplugin-gemini-image/rendered-picture'
export type { ContentImage } from './content-image.ts'

/** What Astro hands to the schema of a collection, as far as it is used here. */
export interface SchemaContext {
  /** Astro's helper for images of the project. */
  readonly image: () => z.ZodType
}

/**
 * A field of content that declares a picture: an object with a `prompt`, or the path of a prompt
 * file.
 *
 * ```ts
 * // src/content.config.ts
 * import { geminiImage } from 'astro-gemini-image/schema'
 *
 * schema: ({ image }) => z.object({ cover: geminiImage({ image }) })
 * ```
 *
 * Anything else in the field is an error of the entry. To allow images of the project as well, write
 * `z.union([geminiImage({ image }), image()])`.
 */
export function geminiImage(context: SchemaContext): z.ZodType<ContentImage> {
  return pictureField(context, 'object')
}

/** How the picture beside a link is cut. */
export interface OgImageOptions {
  /** `wide`: 1200 × 630 pixels. `square`: 1200 × 1200. `portrait`: 1000 × 1500. @default 'wide' */
  readonly shape?: keyof typeof OG_FORMS | undefined
}

/**
 * A field of content that declares the picture which networks show beside a link, with its layers. Texts of the frontmatter
 * take the place of `{{title}}` and the like.
 *
 * ```ts
 * schema: ({ image }) => z.object({ title: z.string(), og: ogImage({ image }) })
 * ```
 */
export function ogImage(
  context: SchemaContext,
  { shape = 'wide' }: OgImageOptions = {},
): z.ZodType<RenderedPreview> {
  return pictureField(context, OG_FORMS[shape])
}

function pictureField<Value>({ image }: SchemaContext, form: ContentForm): z.ZodType<Value> {
  const picture = z.unknown().transform((value, context): string => {
    const path = toPicturePath(value, form)
    if (path !== undefined) return path
    context.addIssue({ code: 'custom', message: expected(value) })
    return z.NEVER
  })
  // What Astro puts in the place of the path is known to Astro alone.
  return picture.pipe(image() as z.ZodType<unknown, string>) as unknown as z.ZodType<Value>
}

function toPicturePath(value: unknown, form: ContentForm): string | undefined {
  if (typeof value === 'string') {
    const promptPath = /^[a-z]+:/i.test(value) ? undefined : promptPathOf(value)
    return promptPath === undefined ? undefined : filePath(promptPath, form)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const settings = value as Readonly<Record<string, unknown>>
  if (!('prompt' in settings || 'template' in settings)) return undefined
  try {
    return inlinePath(settings, form)
  } catch {
    // An alias in YAML may stand for what holds it.
    return undefined
  }
}

function expected(value: unknown): string {
  const write =
    'write "prompt: …" below it (with "alt", "aspectRatio" and the like beside it), or the path of a prompt file such as ./cover.prompt.md'
  if (value === undefined || value === null) return `A picture is missing here: ${write}.`
  const shown = typeof value === 'string' ? `"${value}"` : 'This'
  return `${shown} declares no picture: ${write}. To allow images of the project too, the schema needs z.union([geminiImage({ image }), image()]).`
}
