import type { ResolvedImage } from '@gemini-image/core'
import { hasAlpha } from '@gemini-image/core/host'
import { FORMS, NOT_IN_SRCSET } from '@gemini-image/core/internal'
import type { EmittedPicture, EmittedRenditions } from './pictures.ts'

/** What stands for a file in what is written: its address, or the code that brings it in. */
export type SourceOf = (file: string) => unknown

/**
 * What is told of a picture, under the names that an import of it exports, besides its files. The prompt is not: what
 * is emitted may be published as it is.
 */
export function recordOf(
  { image, images, renditions }: EmittedPicture,
  sourceOf: SourceOf,
  withPicture: boolean,
): Readonly<Record<string, unknown>> {
  const { width, height, format, alt = '', look, placeholder } = image
  const { model, digitalSourceType, text, grounding } = image
  const sources = images.map(({ file }) => sourceOf(file))
  return {
    src: sources.at(-1),
    file: images.at(-1)?.file,
    width,
    height,
    format,
    type: `image/${format}`,
    alt,
    color: look.color,
    placeholder,
    model,
    digitalSourceType,
    text,
    ...(grounding && { grounding }),
    images: sources,
    parts: image.parts.map((part) => ('text' in part ? part : { image: sources[part.image] })),
    ...(renditions && { renditions: renditionsOf(renditions, sourceOf) }),
    ...(renditions && withPicture && { picture: pictureOf(renditions, image, sourceOf) }),
  }
}

function renditionsOf({ sources }: EmittedRenditions, sourceOf: SourceOf): readonly unknown[] {
  return sources.flatMap(({ format, type, files }) =>
    files.map(({ file, width, height }) => ({
      src: sourceOf(file),
      file,
      width,
      height,
      format,
      type,
    })),
  )
}

/** What `as=picture` gives. */
function pictureOf(
  renditions: EmittedRenditions,
  { alt = '', look, placeholder }: ResolvedImage,
  sourceOf: SourceOf,
): unknown {
  // Behind a transparent picture they would show.
  const looks = hasAlpha(look) ? undefined : { color: look.color, placeholder }
  return FORMS.picture.value(
    [renditions],
    { alt, looks },
    {
      url: (file) => String(sourceOf(file)),
      srcset: (files) =>
        files
          .map(({ file, descriptor }) => {
            const address = String(sourceOf(file)).replaceAll(NOT_IN_SRCSET, encodeURIComponent)
            return `${address} ${descriptor}`
          })
          .join(', '),
    },
  )
}
