import type { RenditionForm, RenditionSet, RenditionSource } from '@gemini-image/core'

/** What the code says of a picture besides its files. */
export interface Shown {
  /** Alternative text. */
  readonly alt: string
  /** Whether what lies behind it shows. */
  readonly isTransparent: boolean
}

/** Some hosts make an object of an image, which holds its URL. */
export const URL_OF = 'const urlOf = (image) => image.src ?? image'

/**
 * The expression of what a form asks for. Each file is an image of the host's own, which names and ships it
 * like any other.
 * @param files Those that are at hand, as `image0` and so on.
 */
export function renditionCode(
  { sources, shown, sizes }: RenditionSet,
  form: RenditionForm,
  { alt, isTransparent }: Shown,
  files: readonly string[],
): string {
  const fallback = sources.at(-1)
  const urlOf = (file: string): string => `urlOf(image${files.indexOf(file)})`
  const srcset = (source: RenditionSource | undefined): string => {
    const candidates = (source?.files ?? []).map(
      ({ file, descriptor }) => `${urlOf(file)} + ${JSON.stringify(` ${descriptor}`)}`,
    )
    return `[${candidates.join(', ')}].join(', ')`
  }
  const src = urlOf(fallback?.files.at(-1)?.file ?? '')
  const sized = sizes === undefined ? {} : { sizes: JSON.stringify(sizes) }
  const size = { width: String(shown.width), height: String(shown.height) }
  const img = members({
    src,
    srcset: srcset(fallback),
    ...sized,
    ...size,
    alt: JSON.stringify(alt),
  })
  const sourceCode = (source: RenditionSource): string =>
    members({ type: JSON.stringify(source.type), srcset: srcset(source), ...sized })
  const preferred = `[${sources.slice(0, -1).map(sourceCode).join(', ')}]`
  const looks = isTransparent ? {} : { color: 'color', placeholder: 'placeholder' }
  switch (form) {
    case 'picture':
      return members({ sources: preferred, img, ...looks })
    case 'img':
      return img
    case 'srcset':
      return srcset(fallback)
    case 'url':
      return src
  }
}

/** An object of expressions. */
function members(expressions: Readonly<Record<string, string>>): string {
  return `{ ${Object.entries(expressions)
    .map(([name, expression]) => `${name}: ${expression}`)
    .join(', ')} }`
}
