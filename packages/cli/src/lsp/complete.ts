import path from 'node:path'
import type { Project } from '@gemini-image/core'
import { isPromptFile } from '@gemini-image/core/host'
import {
  findModel,
  isUnsearched,
  modelNames,
  openFiles,
  TEMPLATES,
} from '@gemini-image/core/internal'
import type { CompletionItem, CompletionItemKind, Range } from 'vscode-languageserver/node'
import type { Opened } from './reading.ts'
import { choicesOf, describe, keysAt, schemasAt, type Choice } from './schema.ts'
import { FIELD, type SettingsCursor } from './settings-at.ts'

const PROPERTY: typeof CompletionItemKind.Property = 10
const VALUE: typeof CompletionItemKind.Value = 12
const FILE: typeof CompletionItemKind.File = 17
const FOLDER: typeof CompletionItemKind.Folder = 19

/** Where a proposal goes. */
export type RangeOf = (start: number, end: number) => Range

/** What may be written where a person is typing settings. */
export async function completeSettings(
  cursor: SettingsCursor,
  { file }: Opened,
  project: Project,
  rangeOf: RangeOf,
): Promise<CompletionItem[]> {
  const { path: keys, kind, typed, start, isQuoted, language } = cursor
  const range = rangeOf(start, start + typed.length)
  if (kind === 'key' && !isItemOfText(cursor)) return completeKeys(cursor, range)
  const name = keys.findLast((key) => key !== '[]') ?? ''
  const paths = PATHS[name]
  const found = paths ? await completePath(typed, file, project, paths) : []
  const choices = choicesAt(name, cursor, project)
  const quote = (value: string): string =>
    language === 'script' && !isQuoted && !PLAIN.test(value) ? `'${value}'` : value
  const proposed = choices.map(({ value, detail }, index): CompletionItem => ({
    label: value,
    kind: VALUE,
    ...(detail !== undefined && { detail }),
    sortText: String(index).padStart(4, '0'),
    textEdit: { range, newText: quote(value) },
  }))
  const files = found.map(({ name: label, isFolder }): CompletionItem => ({
    label,
    kind: isFolder ? FOLDER : FILE,
    textEdit: { range, newText: quote(label) },
  }))
  const also = kind === 'key' && /^[\w-]*$/.test(typed) ? completeKeys(cursor, range) : []
  return [...proposed, ...files, ...also]
}

const PLAIN = /^(?:true|false|-?\d+(?:\.\d+)?)$/

/** Whether a text in the place of a key may be a value as well: an item of a list. */
function isItemOfText({ path: keys }: SettingsCursor): boolean {
  return keys.at(-1) === '[]'
}

function completeKeys(
  { path: keys, beside, known, language, hasBody }: SettingsCursor,
  range: Range,
): CompletionItem[] {
  return [...keysAt(keys, known)].flatMap(([name, schema], index): CompletionItem[] => {
    // The prompt is the body, where there is one.
    if (beside.has(name) || (hasBody && keys.length === 0 && name === 'prompt')) return []
    const key = language === 'script' && !/^[\w$]+$/.test(name) ? `'${name}'` : name
    const documentation = describe(name, [schema])
    return [
      {
        label: name,
        kind: PROPERTY,
        sortText: String(index).padStart(4, '0'),
        documentation: { kind: 'markdown', value: documentation },
        textEdit: { range, newText: `${key}: ` },
      },
    ]
  })
}

/** The values of a setting: those of the project where it has its own, or those of its schema. */
function choicesAt(name: string, cursor: SettingsCursor, project: Project): readonly Choice[] {
  const { lineUp, styles, presets, model: standard } = project.options
  const { path: keys, known } = cursor
  const declared = known.get('model') ?? standard
  const model = findModel(declared, lineUp) ?? findModel(standard, lineUp)
  const offered = Object.entries(model?.sizes ?? {})
  switch (name) {
    case 'model':
      return modelNames(lineUp).map((value) => ({ value, detail: findModel(value, lineUp)?.name }))
    case 'aspectRatio': {
      const ratios = offered.flatMap(([, { pixels }]) => Object.keys(pixels))
      return [...new Set(ratios), 'auto'].map((value) => ({ value }))
    }
    case 'size':
      return offered.map(([value]) => ({ value }))
    case 'thinking':
      if (model && model.thinking.length > 0) return model.thinking.map((value) => ({ value }))
      return choicesOf(schemasAt(keys, known))
    case 'transport':
      return (lineUp.transports ?? []).map((value) => ({ value }))
    case 'style':
      return Object.entries(styles).map(([value, detail]) => ({
        value,
        detail: detail.slice(0, 80),
      }))
    case 'preset':
      return Object.keys(presets).map((value) => ({ value }))
    case 'template':
      return Object.entries(TEMPLATES).map(([value, { purpose: detail }]) => ({ value, detail }))
    default:
      return choicesOf(schemasAt(keys, known))
  }
}

/** Which files a setting takes. */
type Accepts = (name: string) => boolean

const isImage: Accepts = (name) => /\.(?:jpe?g|png|webp)$/i.test(name) || isPromptFile(name)

const PATHS: Readonly<Record<string, Accepts>> = {
  references: isImage,
  image: isImage,
  after: isPromptFile,
  style: (name) => name.endsWith('.md') && !isPromptFile(name),
  [FIELD]: isPromptFile,
}

interface FoundPath {
  /** As it is written. */
  readonly name: string
  readonly isFolder: boolean
}

/** The files and folders that a path which is being typed may lead to. */
async function completePath(
  typed: string,
  file: string,
  { options: { root } }: Project,
  accepts: Accepts,
): Promise<readonly FoundPath[]> {
  const written = typed === '' ? './' : typed.slice(0, typed.lastIndexOf('/') + 1)
  if (!/^(?:\.{0,2}\/)/.test(written)) return []
  const folder = path.join(written.startsWith('/') ? root : path.dirname(file), written)
  const files = openFiles(root)
  try {
    const entries = await files.list('reference', folder)
    return entries.flatMap((entry): FoundPath[] => {
      const there = path.join(folder, entry.name)
      if (isUnsearched(there, root) || there === file) return []
      if (entry.isDirectory()) return [{ name: `${written}${entry.name}/`, isFolder: true }]
      return accepts(entry.name) ? [{ name: written + entry.name, isFolder: false }] : []
    })
  } catch {
    // It leads out of the project.
    return []
  }
}

const QUERY = /\.prompt\.md\?(?:[^\s"'`()]*&)?preset=([\w-]*)$/

/** The presets of the project, where an import names one. */
export function completePreset(
  text: string,
  offset: number,
  { options: { presets } }: Project,
  rangeOf: RangeOf,
): CompletionItem[] {
  const [, typed] = QUERY.exec(text.slice(Math.max(0, offset - 1000), offset)) ?? []
  if (typed === undefined) return []
  const range = rangeOf(offset - typed.length, offset)
  return Object.keys(presets).map((label) => ({
    label,
    kind: VALUE,
    textEdit: { range, newText: label },
  }))
}
