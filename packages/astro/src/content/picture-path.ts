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
  | { readonly kind: 'file'; readonly file: string; readonly selection: string }
  | { readonly kind: 'inline'; readonly settings: Readonly<Record<string, unknown>> }

/** Matches ids of picture paths, for the filters of hooks. */
export const PICTURE_PATH: RegExp = /~gemini-image\.png$/

/** One picture of several in a prompt file stands behind its path, as if that were a folder: `?` ends a path for Astro. */
const SELECTED = /^(.*\.prompt\.md)\/((?:each|turn)=[^/]*)$/

/** The picture path of a prompt file, given as ids have it: `./cover.prompt.md`. */
export function filePath(specifier: string): string {
  // Astro resolves bare names in its own way, which looks for a file of the whole name.
  const isBare = /^[\w-]/.test(specifier)
  return `${isBare ? './' : ''}${specifier.replace('?', '/')}${PATH_ENDING}`
}

/** The picture path of an inline declaration, given what it says. */
export function inlinePath(settings: Readonly<Record<string, unknown>>): string {
  const text = Buffer.from(JSON.stringify(settings), 'utf8').toString('base64url')
  return `./${text}${INLINE_ENDING}${PATH_ENDING}`
}

/** What a picture path stands for; `undefined` where it is another path. */
export function parsePicturePath(path: string): PictureTarget | undefined {
  if (!path.endsWith(PATH_ENDING)) return undefined
  const file = path.slice(0, -PATH_ENDING.length)
  const [, text] = INLINE.exec(file) ?? []
  if (text === undefined) {
    const [, promptFile = file, selected] = SELECTED.exec(file) ?? []
    return {
      kind: 'file',
      file: promptFile,
      selection: selected === undefined ? '' : `?${selected}`,
    }
  }
  const settings = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Record<
    string,
    unknown
  >
  return { kind: 'inline', settings }
}
