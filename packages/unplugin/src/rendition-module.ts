import type {
  IconOrder,
  RenditionForm,
  RenditionSet,
  RenditionSource,
} from '@gemini-image/core/internal'

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
  form: Exclude<RenditionForm, 'icons'>,
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
  const sized = literals(sizes === undefined ? {} : { sizes })
  const { width, height } = shown
  const img = members({
    src,
    srcset: srcset(fallback),
    ...sized,
    ...literals({ width, height, alt }),
  })
  const sourceCode = (source: RenditionSource): string =>
    members({ ...literals({ type: source.type }), srcset: srcset(source), ...sized })
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
    case 'og':
      return members({ src, ...literals({ width, height, type: fallback?.type, alt }) })
    default:
      return iconCode(form, src, { sources, shown, sizes })
  }
}

/** An icon, with what a `<link>` and a web app's manifest say of it. */
function iconCode(form: IconOrder['form'], src: string, set: RenditionSet): string {
  const facts = { sizes: sizesOf(form, set), type: set.sources[0]?.type, ...PURPOSE[form] }
  return members({ src, ...literals(facts) })
}

function sizesOf(form: IconOrder['form'], { shown }: RenditionSet): string {
  return form === 'favicon' ? '48x48 32x32 16x16' : `${shown.width}x${shown.height}`
}

/** @see https://www.w3.org/TR/appmanifest/#purpose-member */
const PURPOSE: Readonly<Record<IconOrder['form'], { readonly purpose?: string }>> = {
  favicon: {},
  icon: { purpose: 'any' },
  maskable: { purpose: 'maskable' },
  'apple-touch-icon': {},
}

/** @see https://html.spec.whatwg.org/multipage/links.html#rel-icon */
const RELATION: Readonly<Record<IconOrder['form'], string | undefined>> = {
  favicon: 'icon',
  icon: 'icon',
  // It stands in the manifest.
  maskable: undefined,
  'apple-touch-icon': 'apple-touch-icon',
}

/** The expression of a site's icons: those of the manifest, and what the head of a page says of the others. */
export function iconsCode(
  icons: readonly (IconOrder & { readonly set: RenditionSet })[],
  shown: Shown,
  files: readonly string[],
): string {
  const codes = icons.map(({ form, set }) => ({
    form,
    code: renditionCode(set, form, shown, files),
  }))
  const one = (wanted: IconOrder['form']): string =>
    codes.find(({ form }) => form === wanted)?.code ?? 'undefined'
  const manifest = codes.filter(({ form }) => PURPOSE[form].purpose !== undefined)
  const links = icons.flatMap(({ form, set }) => {
    const relation = RELATION[form]
    const file = set.sources[0]?.files[0]?.file ?? ''
    const facts = { rel: relation, type: set.sources[0]?.type, sizes: sizesOf(form, set) }
    const href = `urlOf(image${files.indexOf(file)})`
    return relation === undefined ? [] : members({ ...literals(facts), href })
  })
  return members({
    favicon: one('favicon'),
    icons: `[${manifest.map(({ code }) => code).join(', ')}]`,
    appleTouchIcon: one('apple-touch-icon'),
    links: `[${links.join(', ')}]`,
  })
}

/** The expressions of values. */
function literals(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]),
  )
}

/** An object of expressions. */
function members(expressions: Readonly<Record<string, string>>): string {
  return `{ ${Object.entries(expressions)
    .map(([name, expression]) => `${name}: ${expression}`)
    .join(', ')} }`
}
