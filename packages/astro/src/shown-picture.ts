import type { PictureSettings } from '@gemini-image/core/internal'
import type { ContentImage } from './content-image.ts'

/** What the components for pictures take besides the properties of Astro's own. */
export interface PictureProps extends Omit<PictureSettings, 'style'> {
  /** Settings that have another meaning as an attribute, or all of them: `{{ style: 'brand' }}`. */
  readonly settings?: PictureSettings | undefined
  /** A picture that is declared elsewhere: from a macro, from content, or from an import `&as=object`. */
  readonly picture?: ContentImage | undefined
}

/** What a component shows. */
export interface ShownPicture {
  readonly picture: ContentImage
  readonly alt: string
  /** The properties that are for Astro's component. */
  readonly rest: Readonly<Record<string, unknown>>
}

/**
 * The picture of a component: the integration has put it in the place of the settings.
 * @throws {Error} `MISSING_PICTURE_PROP` where it has not.
 */
export function shownPicture(component: string, props: PictureProps): ShownPicture {
  const { picture, alt, ...rest } = props
  if (picture) return { picture, alt: alt ?? picture.alt, rest }
  throw Object.assign(
    new Error(
      `<${component}> has no picture.\n` +
        `  What to do: write prompt="…" as text, in a file that imports { ${component} } from 'astro-gemini-image/components' (Astro, MDX); or hand over a picture that is declared elsewhere: <${component} picture={…} />. The integration has to be in astro.config.`,
    ),
    { code: 'MISSING_PICTURE_PROP' },
  )
}
