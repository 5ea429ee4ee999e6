import { SELECTING } from '@gemini-image/core/host'

/**
 * Astro takes a string in content for an image where it ends in an image's extension and has no
 * scheme; everything else stays a string without a word. So a declaration is written as a path that
 * ends like one: behind a prompt file's path, or behind all that an inline declaration says. Nothing
 * has to be remembered for it, so it holds in a content store that is years old.
 */
export const PATH_ENDING = '~gemini-image.png'
const INLINE_ENDING = '.declared'
const INLINE = /(?:^|\/)([\w-]+)\.declared$/

/** What a picture path stands for. */
export type PictureTarget =
  | (Target & { readonly kind: 'file'; readonly file: string; readonly selection: string })
  | (Target & { readonly kind: 'inline'; readonly settings: Readonly<Record<string, unknown>> })

interface Target {
  /** `object`: the picture for the site's own components. The others: a picture beside a link. */
  readonly form: ContentForm
}

/** The shapes of the picture beside a link, and their forms. */
export const OG_FORMS = { wide: 'og', square: 'og-square', portrait: 'og-portrait' } as const

/** What a field of content gives. */
export type ContentForm = 'object' | (typeof OG_FORMS)[keyof typeof OG_FORMS]

/** Before the ending, where a field gives a picture beside a link. */
const OG = new RegExp(`~(${Object.values(OG_FORMS).join('|')})$`)

function ogOf(form: ContentForm): string {
  return form === 'object' ? '' : `~${form}`
}

/** Matches ids of picture paths, for the filters of hooks. */
export const PICTURE_PATH: RegExp = /~gemini-image\.png$/

/** One picture of several in a prompt file stands behind its path, as if that were a folder: `?` ends a path for Astro. */
const SELECTED = new RegExp(String.raw`^(.*\.prompt\.md)\/(${SELECTING}[^/]*)$`)

/** The picture path of a prompt file, given as ids have it: `./cover.prompt.md`. */
export function filePath(specifier: string, form: ContentForm = 'object'): string {
  // Astro resolves bare names in its own way, which looks for a file of the whole name.
  const isBare = /^[\w-]/.test(specifier)
  return `${isBare ? './' : ''}${specifier.replace('?', '/')}${ogOf(form)}${PATH_ENDING}`
}

/** The picture path of an inline declaration, given what it says. */
export function inlinePath(
  settings: Readonly<Record<string, unknown>>,
  form: ContentForm = 'object',
): string {
  const text = Buffer.from(JSON.stringify(settings), 'utf8').toString('base64url')
  return `./${text}${INLINE_ENDING}${ogOf(form)}${PATH_ENDING}`
}

/** What a picture path stands for; `undefined` where it is another path. */
export function parsePicturePath(path: string): PictureTarget | undefined {
  if (!path.endsWith(PATH_ENDING)) return undefined
  const named = path.slice(0, -PATH_ENDING.length)
  const [ending = '', form = 'object'] = (OG.exec(named) ?? []) as (ContentForm | undefined)[]
  const file = named.slice(0, named.length - ending.length)
  const [, text] = INLINE.exec(file) ?? []
  if (text === undefined) {
    const [, promptFile = file, selected] = SELECTED.exec(file) ?? []
    return {
      kind: 'file',
      form,
      file: promptFile,
      selection: selected === undefined ? '' : `?${selected}`,
    }
  }
  const settings = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Record<
    string,
    unknown
  >
  return { kind: 'inline', form, settings }
}
