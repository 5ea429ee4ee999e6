import path from 'node:path'
import type { Place, ResolvedImage } from '@gemini-image/core'
import type {
  DeclarationId,
  FormFacts,
  FormName,
  FormScene,
  RenditionSet,
} from '@gemini-image/core/internal'
import {
  fileOfId,
  hasAlpha,
  inlineId,
  isGeminiImageError,
  isInlineId,
  SELECTING,
  selectionOfId,
} from '@gemini-image/core/host'
import type { HostProject } from './project/host-project.ts'
import { withSlashes } from './project/with-slashes.ts'
import { addressWriter, helpersFor, ValueCode } from './rendition-module.ts'
import { isRendition, withoutTexts } from './source/ask.ts'

/**
 * What a picture module exports by default.
 *
 * - `asset`: what the host makes of a plain image import.
 * - `object`: an object with `src`, `alt` and the rest beside each other, on every host.
 * - the others: the picture in sizes and formats of ours, as a built-in form or one of the options has it.
 */
export type PictureForm = 'asset' | 'object' | FormName

/** A picture module: which declaration it stands for, and what the host is to do with the picture. */
export interface PictureModule {
  readonly declaration: DeclarationId
  /** As {@link Ask.query}. */
  readonly query: string
  readonly form: PictureForm
}

// The leading NUL keeps other plugins away, by Rollup's convention; the ending ".js" keeps plugins
// away that go by the extension and would take a prompt file for a Markdown page. Astro adds a query.
// https://rollupjs.org/plugin-development/#conventions
const ID = new RegExp(
  String.raw`^\0gemini-image:([a-z\d-]+):([^:]*):(.+?)(?:\/([0-9a-f]{16}|${SELECTING}[^/]*))?\.js(?:\?\w+)?$`,
  's',
)

/** Matches the ids of picture modules, for the filters of hooks. */
export const PICTURE_MODULE_ID: RegExp = /^\0gemini-image:/

/**
 * The id of a picture module. Its path is relative to the project root: Rolldown writes ids into bundles,
 * which are to be the same on every machine. What is declared in a file beside others follows its path as if that were a folder:
 * behind `#`, a browser would not send it, and a plugin for `.svelte` would take the module for its own.
 */
export function pictureModuleId({ declaration, query, form }: PictureModule, root: string): string {
  const named = namedIn(declaration)
  // Nearly every file is below the root, and thousands of relative paths take their time.
  const isBelow = named.startsWith(`${root}/`)
  const fromRoot = isBelow ? named.slice(root.length + 1) : withSlashes(path.relative(root, named))
  return `\0gemini-image:${form}:${encodeURIComponent(query)}:${fromRoot}.js`
}

/** A declaration in a file, as if that were a folder. */
function namedIn(id: DeclarationId): string {
  if (!isInlineId(id) && selectionOfId(id) === '') return id
  const file = fileOfId(id)
  return `${file}/${id.slice(file.length + 1)}`
}

/** The picture module behind an id; `undefined` for other ids, which a URL may hold. */
export function parsePictureModuleId(id: string, root: string): PictureModule | undefined {
  const [, form, encoded, fromRoot, inside] = ID.exec(id) ?? []
  if (encoded === undefined || fromRoot === undefined) return undefined
  const query = encoded === '' ? '' : decode(encoded)
  if (query === undefined) return undefined
  const file = withSlashes(path.resolve(root, fromRoot))
  const declaration =
    inside === undefined
      ? file
      : inside.includes('=')
        ? `${file}?${inside}`
        : inlineId(file, inside)
  return { declaration, query, form: form as PictureForm }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** How a host wants its picture modules. */
export interface ModuleStyle {
  readonly project: Pick<HostProject, 'render' | 'layered'> & {
    readonly options: Pick<HostProject['options'], 'forms'>
    /** Where an import asks for a picture in a form. @default nobody knows */
    placeOfImport?(declaration: DeclarationId, form: FormName): Promise<Place | undefined>
  }
  /** Brings `toObject` in, by an import or as it is. */
  readonly bringObject: string
  /**
   * The expression that the host makes of an image file; a file without one is imported.
   * @param id The declaration of the picture, where a module has several.
   * @default none
   */
  readonly expressionOf?: (file: string, id?: DeclarationId) => Promise<string | undefined>
  /** How a file is named in an import. @default by its absolute path */
  readonly nameOf?: (file: string) => string
  /** As in {@link RenditionWish}. @default false */
  readonly isDraft?: boolean
}

/**
 * The code of a picture module.
 * @throws {GeminiImageError} as {@link HostProject.render}, for renditions; `FORM_FAILED`.
 */
export async function pictureModuleCode(
  image: ResolvedImage,
  module: PictureModule,
  style: ModuleStyle,
): Promise<string> {
  try {
    return await moduleCode(image, module, style)
  } catch (error) {
    if (!isGeminiImageError(error) || error.code !== 'FORM_FAILED') throw error
    const { declaration, form } = module
    const place = await style.project.placeOfImport?.(declaration, form)
    throw place ? error.at(place) : error
  }
}

async function moduleCode(
  image: ResolvedImage,
  module: PictureModule,
  style: ModuleStyle,
): Promise<string> {
  if (image.languages) return byLanguageCode(image.languages, module, style)
  if (!isRendition(module.form)) return wholeModuleCode(image, module, style)
  const { lines, value, sets } = await renderedCode(image, module, style, { first: 0 })
  const [set] = sets
  const size =
    sets.length === 1 ? { ...set?.shown, format: set?.sources.at(-1)?.format } : sizeOf(image)
  const exports = constants({ ...size, ...factsOf(image), ...looksOf(image) })
  const helpers = await helpersFor(value)
  return [...lines, ...helpers, ...exports, `export default ${value}`, ''].join('\n')
}

/** A picture of a module, as code. */
interface PictureCode {
  /** What brings its files in. */
  readonly lines: readonly string[]
  /** The expression of its default export. */
  readonly value: string
}

/** A picture in sizes and formats of ours. @param at What of the module is the picture's. */
async function renderedCode(
  image: ResolvedImage,
  { form, query }: Pick<PictureModule, 'form' | 'query'>,
  style: ModuleStyle,
  at: FilesAt,
): Promise<PictureCode & { readonly sets: readonly RenditionSet[] }> {
  const { formOf } = await import('@gemini-image/core/internal')
  const { makes, hasScenes } = formOf(form, style.project.options.forms)
  const parts = typeof makes === 'function' ? [{ form }] : makes
  const sets = await Promise.all(parts.map((part) => renderPart(image, part, query, style)))
  const scenes = hasScenes ? await scenesOf(image, form, query, style) : []
  const files = filesOf([...sets, ...scenes.map(({ set }) => set)])
  const lines = await imageLines(files, '', style, at)
  const value = await valueCode({ sets, scenes, files, at }, image, form, style)
  return { lines, value, sets }
}

/** The code of a module with the pictures of all languages; the first is for readers of all others. */
async function byLanguageCode(
  languages: NonNullable<ResolvedImage['languages']>,
  module: PictureModule,
  style: ModuleStyle,
): Promise<string> {
  const { form } = module
  const lines: string[] = []
  const values: string[] = []
  const alts: string[] = []
  for (const { language, id, image } of languages) {
    if (!image) continue
    const at = { first: lines.length, id }
    const one = isRendition(form)
      ? await renderedCode(image, module, style, at)
      : await wholeCode(image, module, style, at)
    lines.push(...one.lines)
    const name = JSON.stringify(language)
    values.push(`${name}: ${one.value}`)
    alts.push(`${name}: ${JSON.stringify(image.alt ?? '')}`)
  }
  const before =
    form === 'object'
      ? [style.bringObject]
      : isRendition(form)
        ? await helpersFor(values.join())
        : []
  const exports = [
    `export const alt = { ${alts.join(', ')} }`,
    `export default { ${values.join(', ')} }`,
  ]
  return [...before, ...lines, ...exports, ''].join('\n')
}

/** What was made of a picture for one import. */
interface Made {
  /** One, or one for each part of the form. */
  readonly sets: readonly RenditionSet[]
  readonly scenes: readonly (FormScene & { readonly set: RenditionSet })[]
  /** Those of all of them, as they are imported. */
  readonly files: readonly string[]
  readonly at: FilesAt
}

/** The expression of what a form gives. @throws {GeminiImageError} `FORM_FAILED`, without a place. */
async function valueCode(
  { sets, scenes, files, at }: Made,
  { alt = '', look, placeholder }: ResolvedImage,
  form: FormName,
  { project }: ModuleStyle,
): Promise<string> {
  const { formFailed, formOf, isBuiltIn, told } = await import('@gemini-image/core/internal')
  const code = new ValueCode()
  // A module of one picture has both by name; a form of the options may want to read them.
  const known: FormFacts['looks'] =
    isBuiltIn(form) && at.id === undefined
      ? { color: code.of('color'), placeholder: code.of('placeholder') }
      : { color: look.color, placeholder }
  // Behind a transparent picture they would show.
  const looks = hasAlpha(look) ? undefined : known
  const { value } = formOf(form, project.options.forms)
  let given: unknown
  try {
    given = await value(sets, { alt, looks, scenes }, addressWriter(files, code, at.first))
  } catch (error) {
    throw formFailed(form, `"value" threw ${told(error)}`, error)
  }
  try {
    return code.write(given, 'value()')
  } catch (error) {
    const isEndless = error instanceof RangeError
    throw formFailed(form, isEndless ? 'value() holds itself' : (error as Error).message)
  }
}

/** The scenes of a picture, each rendered as the picture is. */
function scenesOf(
  picture: ResolvedImage,
  form: FormName,
  query: string,
  { project, isDraft }: ModuleStyle,
): Promise<Made['scenes']> {
  const scenes = (picture.scenes ?? []).map(async (scene) => {
    const { media, scheme, focus, aspectRatio, image = picture } = scene
    const crop = scene.isCropped ? aspectRatio : undefined
    const shape = aspectRatio === undefined ? undefined : { crop, focus }
    const set = await project.render(image, { form, query, isDraft, shape })
    const { alt = '', look, placeholder } = image
    const looks = hasAlpha(look) ? undefined : { color: look.color, placeholder }
    return { media, scheme, alt, looks, set }
  })
  return Promise.all(scenes)
}

/** The renditions that a form is, or consists of. */
function renderPart(
  image: ResolvedImage,
  { form, size }: { readonly form: FormName; readonly size?: number },
  query: string,
  { project, isDraft }: ModuleStyle,
): Promise<RenditionSet> {
  const sized = size === undefined ? query : `?${query.slice(1)}&size=${size}`
  return project.render(image, { form, query: sized, isDraft })
}

function filesOf(sets: readonly RenditionSet[]): readonly string[] {
  const sources = sets.flatMap((set) => set.sources)
  return [...new Set(sources.flatMap((source) => source.files.map(({ file }) => file)))]
}

/** A picture as it is, one of several in a module. */
async function wholeCode(
  original: ResolvedImage,
  { query, form }: PictureModule,
  style: ModuleStyle,
  at: FilesAt,
): Promise<PictureCode> {
  const image = await style.project.layered(original, query)
  const lines = await imageLines([image.file], withoutTexts(query), style, at)
  return { lines, value: form === 'object' ? objectCode(image, at.first) : `image${at.first}` }
}

/**
 * The code of a module of the picture as it is. The default export of an `asset` is passed on from the
 * file itself, so it is whatever the host makes of a plain image import; `images` holds the same for every
 * picture of the answer. Of an inline declaration, nobody can import anything but the object.
 */
async function wholeModuleCode(
  original: ResolvedImage,
  { declaration, query, form }: PictureModule,
  style: ModuleStyle,
): Promise<string> {
  const image = await style.project.layered(original, query)
  const files = await imageLines(
    image.images.map(({ file }) => file),
    withoutTexts(query),
    style,
  )
  const last = image.images.length - 1
  const isObject = form === 'object'
  const lines = isInlineId(declaration) ? files.slice(last) : [...files, ...namedExports(image)]
  const value = isObject ? objectCode(image, last) : `image${last}`
  const imports = isObject ? [style.bringObject] : []
  return [...imports, ...lines, `export default ${value}`, ''].join('\n')
}

/** Which of the files of a module those of a picture are. */
interface FilesAt {
  /** The number of the first of them. */
  readonly first: number
  /** The declaration of the picture, where the module has several. */
  readonly id?: DeclarationId
}

/** What brings files in, as `image0` and so on. */
function imageLines(
  files: readonly string[],
  query: string,
  { expressionOf, nameOf = (file) => file }: ModuleStyle,
  { first, id }: FilesAt = { first: 0 },
): Promise<string[]> {
  return Promise.all(
    files.map(async (file, offset) => {
      const index = first + offset
      const expression = await expressionOf?.(file, id)
      if (expression !== undefined) return `const image${index} = ${expression}`
      const specifier = nameOf(file).replaceAll('\\', '/') + query
      return `import image${index} from ${JSON.stringify(specifier)}`
    }),
  )
}

function namedExports(image: ResolvedImage): string[] {
  const named = { ...sizeOf(image), ...factsOf(image), ...looksOf(image) }
  return [
    ...constants(named),
    `export const images = [${image.images.map((_, index) => `image${index}`).join(', ')}]`,
    `export const parts = [${image.parts.map(partCode).join(', ')}]`,
  ]
}

function constants(values: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(values).map(
    ([name, value]) => `export const ${name} = ${JSON.stringify(value)}`,
  )
}

function partCode(part: ResolvedImage['parts'][number]): string {
  return 'text' in part ? JSON.stringify(part) : `{ image: image${part.image} }`
}

/** Everything in one object. */
function objectCode(image: ResolvedImage, index: number): string {
  const { color } = image.look
  const size = JSON.stringify(sizeOf(image))
  const facts = JSON.stringify({ ...factsOf(image), color })
  return `/* @__PURE__ */ toObject(image${index}, ${size}, ${facts})`
}

function sizeOf({
  width,
  height,
  format,
}: ResolvedImage): Pick<ResolvedImage, 'width' | 'height' | 'format'> {
  return { width, height, format }
}

function looksOf({ look, placeholder }: ResolvedImage): {
  readonly color: string
  readonly placeholder: string
} {
  return { color: look.color, placeholder }
}

/** What no host knows of a picture. */
function factsOf(image: ResolvedImage): Readonly<Record<string, unknown>> {
  const { alt = '', prompt, model, digitalSourceType, text, grounding } = image
  return { alt, prompt, model, digitalSourceType, text, grounding }
}
