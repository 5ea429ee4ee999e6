import { readFileSync } from 'node:fs'
import path from 'node:path'
import { GeminiImageError } from '@gemini-image/core'
import {
  digestOf,
  inlineId,
  Source,
  startOf,
  textsBeside,
  toInlineDeclaration,
  variablesIn,
  type Declaration,
  type Setting,
} from '@gemini-image/core/internal'
import { queryOfSelection, TEXT } from '@gemini-image/core/host'
import type { PicturesApi } from 'unplugin-gemini-image/vite'
import type { Plugin } from 'vite'
import { AssetImports, type AssetImport } from './asset-imports.ts'
import { findContentConfig, type ContentFolders } from './content-folders.ts'
import { parsePicturePath, PATH_ENDING, PICTURE_PATH, type PictureTarget } from './picture-path.ts'
import { watchContent } from './watch-content.ts'
import { withSlashes } from './with-slashes.ts'

/** Whether Astro has read content since this process began: what lies there from before is out of date. */
export interface ContentState {
  isRead: boolean
}

/**
 * Gives content its pictures: what Astro imports for a picture path is the picture's module.
 * @param pictures The plugin that makes these modules.
 */
export function contentImages(
  pictures: Plugin<PicturesApi>,
  folders: ContentFolders,
  state: ContentState,
): Plugin {
  const assets = new AssetImports(folders.root)
  const api = apiOf(pictures)
  api.addSource(async (root) => {
    const imports = state.isRead ? await assets.read() : []
    assertMade(imports, root)
    return imports.flatMap((one) => toDeclaration(one, root, folders) ?? [])
  })
  return {
    name: 'gemini-image:content',
    enforce: 'pre',
    configureServer(server) {
      watchContent(server, assets.file, api)
    },
    resolveId: {
      order: 'pre',
      filter: { id: PICTURE_PATH },
      async handler(source, importer) {
        const target = parsePicturePath(source)
        if (!target) return undefined
        // Content without a file is imported by what Astro writes for all content.
        const entry = importer === assets.file ? undefined : importer
        if (target.kind === 'file') {
          const texts = entry === undefined ? '' : await textsFor(target, entry, api)
          return this.resolve(specifierOf(target, texts), importer)
        }
        const file = entry ?? findContentConfig(folders)
        const id = inlineId(withSlashes(file), digestOf(target.settings))
        return api.resolve(id, importer, target.form)
      },
    },
  }
}

/** What imports a prompt file's picture as an object. */
function specifierOf(
  { file, selection, form }: PictureTarget & { kind: 'file' },
  texts: string,
): string {
  const selected = selection === '' ? '' : `&${queryOfSelection(selection)}`
  return `${file}?gemini-image${selected}${texts}&as=${form}`
}

/** The texts of an entry that the layers of a picture show, as the end of a query: `&text.title=…`, or empty. */
async function textsFor(
  { file }: PictureTarget & { kind: 'file' },
  entry: string,
  api: PicturesApi,
): Promise<string> {
  const { root } = api.project().options
  const folder = file.startsWith('/') ? root : path.dirname(entry)
  const written = textOf(path.join(folder, file))
  if (!/^layers:/m.test(written)) return ''
  const { layers } = (await api.project().project()).options
  const shown = written + JSON.stringify(layers)
  const texts = textsBeside(new Source(textOf(entry), { file: entry, root }))
  const named = new Set(variablesIn(shown))
  const used = Object.entries(texts).filter(([name]) => named.has(name))
  return used.map(([name, text]) => `&${TEXT}${name}=${encodeURIComponent(text)}`).join('')
}

function apiOf({ api }: Plugin<PicturesApi>): PicturesApi {
  if (!api) throw new TypeError('The plugin for pictures has no API.')
  return api
}

/** What an entry declares. It has no place of its own: where a scan sees it, that knows better. */
function toDeclaration(
  { path: written, importer }: AssetImport,
  root: string,
  folders: ContentFolders,
): Declaration | undefined {
  const target = parsePicturePath(written)
  if (target?.kind !== 'inline') return undefined
  const file = withSlashes(importer ?? findContentConfig(folders))
  const place = startOf(root, file)
  const settings = Object.entries(target.settings).map(([key, value]): [string, Setting] => [
    key,
    { value, keyPlace: () => place, valuePlace: () => place },
  ])
  return toInlineDeclaration({ settings: new Map(settings), place }, { file, root })
}

/**
 * Makes sure that nobody has written by hand what a schema makes of a declaration: no plan would show the picture.
 * @throws {GeminiImageError} `UNDECLARED_PICTURE`.
 */
function assertMade(imports: readonly AssetImport[], root: string): void {
  const pictures = imports.filter((one) => PICTURE_PATH.test(one.path))
  for (const file of new Set(pictures.flatMap(({ importer }) => importer ?? []))) {
    const lines = plain(textOf(file)).split('\n')
    const line = lines.findIndex((text) => text.includes(PATH_ENDING))
    if (line === -1) continue
    throw new GeminiImageError({
      code: 'UNDECLARED_PICTURE',
      what: 'This is how gemini-image writes a picture for Astro, and it was written by hand.',
      why: 'No plan shows such a picture, so nothing is paid for it.',
      fix: 'declare the picture in a prompt file, or in a field of the schema.',
      place: { ...startOf(root, file), line: line + 1 },
    })
  }
}

/** Synchronous: thousands of small files are read several times faster. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** A text whose characters stand for themselves: URLs, JSON and YAML have other ways to write them. */
function plain(text: string): string {
  return text.replaceAll(
    /(?:%|\\x)([\da-f]{2})|\\u([\da-f]{4})/gi,
    (_, short: string, long: string) => String.fromCharCode(Number.parseInt(short ?? long, 16)),
  )
}
