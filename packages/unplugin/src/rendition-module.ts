import type { RenditionForm, RenditionSet, RenditionSource } from '@gemini-image/core'

/** What the code says of a picture besides its files. */
export interface Shown {
  /** Alternative text. */
  readonly alt: string
  /** Whether what lies behind it shows. */
  readonly isTransparent: boolean
}

/**
 * The code of a module with renditions: each file is imported, so that the host names and ships it like
 * any other image.
 * @param nameOf How a file is named in an import.
 * @returns What brings the files in, and the expression of what the form asks for.
 */
export function renditionCode(
  { sources, shown, sizes }: RenditionSet,
  form: RenditionForm,
  { alt, isTransparent }: Shown,
  nameOf: (file: string) => string = (file) => file,
): { readonly lines: readonly string[]; readonly value: string } {
  const files = [...new Set(sources.flatMap((source) => source.files.map(({ file }) => file)))]
  const fallback = sources.at(-1)
  const urlOf = (file: string): string => `urlOf(image${files.indexOf(file)})`
  const srcset = (source: RenditionSource | undefined): string =>
    `[${(source?.files ?? []).map(({ file, descriptor }) => `${urlOf(file)} + ${JSON.stringify(` ${descriptor}`)}`).join(', ')}].join(', ')`
  const src = urlOf(fallback?.files.at(-1)?.file ?? '')
  const facts = { ...(sizes !== undefined && { sizes }), ...shown, alt }
  const img = `{ src: ${src}, srcset: ${srcset(fallback)}, ${members(facts)} }`
  const sourceCode = (source: RenditionSource): string =>
    `{ ${members({ type: source.type })}, srcset: ${srcset(source)}${sizes === undefined ? '' : `, ${members({ sizes })}`} }`
  const values: Readonly<Record<RenditionForm, string>> = {
    picture: `{ sources: [${sources.slice(0, -1).map(sourceCode).join(', ')}], img: ${img}${isTransparent ? '' : ', color, placeholder'} }`,
    img,
    srcset: srcset(fallback),
    url: src,
  }
  const imports = files.map((file, index) => `import image${index} from ${pathCode(nameOf(file))}`)
  return { lines: [...imports, URL_OF], value: values[form] }
}

/** Some hosts make an object of an image, which holds its URL. */
const URL_OF = 'const urlOf = (image) => image.src ?? image'

/** A path as an import names it. */
export function pathCode(file: string): string {
  return JSON.stringify(file.replaceAll('\\', '/'))
}

function members(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join(', ')
}
