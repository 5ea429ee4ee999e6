import { promptPathOf } from '@gemini-image/core/host'
import { z } from 'astro/zod'
import type { ContentImage } from './content-image.ts'
import { filePath, inlinePath } from './content/picture-path.ts'

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
export function geminiImage({ image }: SchemaContext): z.ZodType<ContentImage> {
  const picture = z.unknown().transform((value, context): string => {
    const path = toPicturePath(value)
    if (path !== undefined) return path
    context.addIssue({ code: 'custom', message: expected(value) })
    return z.NEVER
  })
  // What Astro puts in the place of the path is known to Astro alone.
  return picture.pipe(image() as z.ZodType<unknown, string>) as unknown as z.ZodType<ContentImage>
}

function toPicturePath(value: unknown): string | undefined {
  if (typeof value === 'string') {
    const promptPath = /^[a-z]+:/i.test(value) ? undefined : promptPathOf(value)
    return promptPath === undefined ? undefined : filePath(promptPath)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const settings = value as Readonly<Record<string, unknown>>
  if (!('prompt' in settings || 'template' in settings)) return undefined
  try {
    return inlinePath(settings)
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
