import { isGeminiImageError } from '../../kernel/errors/error.ts'
import type { Declaration, DeclarationId } from '../declaration.ts'
import { findTags } from '../inline/component-tags.ts'
import { isContentFile, isMarkdown } from '../inline/content.ts'
import { dataOf } from '../inline/data.ts'
import { toInlineDeclaration } from '../inline/inline-declaration.ts'
import { readLiteral } from '../inline/literal.ts'
import { findMacros } from '../inline/macro-calls.ts'
import { findInMarkdown } from '../inline/markdown.ts'
import { findFences, type Source } from '../inline/source.ts'
import { parseToml } from '../toml.ts'
import { keyText, parseDocument, visit, YamlValues } from '../yaml.ts'
import { settingsOfMap } from '../yaml-settings.ts'
import { appendInObject, setInObject } from './js-object.ts'
import { appendInPromptText, setInPromptText } from './prompt-text.ts'
import { spliced } from './splice.ts'
import { setInTag } from './tag.ts'
import { setInTable } from './toml-table.ts'
import { appendInMap, setInMap } from './yaml-map.ts'

/** A declaration where it is written: gives the whole text as it could become, the least change first. */
export interface Written {
  /** @param value `undefined` takes the setting out. */
  set(key: string, value: unknown): Iterable<string>
  /** Adds an item to the end of a list. */
  append(key: string, item: unknown): Iterable<string>
}

/** A prompt file. */
export function promptFileAsWritten(text: string): Written {
  return {
    set: (key, value) => setInPromptText(text, key, value),
    append: (key, item) => appendInPromptText(text, key, item),
  }
}

/** The places in a source file or in content that write down what an id stands for. */
export function findWritten(source: Source, id: DeclarationId): readonly Written[] {
  const isRun = !isContentFile(source.file) || source.file.endsWith('.mdx')
  const inCode = isRun ? [...inMacros(source, id), ...inTags(source, id)] : []
  if (!isContentFile(source.file)) return inCode
  return [
    ...inCode,
    ...inData(source, id),
    ...(isMarkdown(source.file) ? inFences(source, id) : []),
  ]
}

function isIt(declaration: unknown, id: DeclarationId): boolean {
  return !isGeminiImageError(declaration) && (declaration as Declaration).id === id
}

const NOTHING: Written['append'] = () => []

function inMacros(source: Source, id: DeclarationId): readonly Written[] {
  const { text, placeAt } = source
  return findMacros(source).calls.flatMap(({ declaration, start }): Written[] => {
    if (!isIt(declaration, id)) return []
    const argument = start + (/^[\w$]+\s*\(\s*/.exec(text.slice(start))?.[0].length ?? 0)
    const { node } = readLiteral(text, argument, placeAt)
    if (node.type !== 'ObjectExpression') return []
    const object = { text, node }
    return [
      {
        set: (key, value) => setInObject(object, key, value),
        append: (key, item) => appendInObject(object, key, item),
      },
    ]
  })
}

function inTags(source: Source, id: DeclarationId): readonly Written[] {
  return findTags(source).flatMap((tag): Written[] =>
    isIt(tag.declaration, id)
      ? [{ set: (key, value) => setInTag(source, tag, key, value), append: NOTHING }]
      : [],
  )
}

function inFences(source: Source, id: DeclarationId): readonly Written[] {
  const { text } = source
  const all = [...findFences(text)]
  return findInMarkdown(source).fences.flatMap(({ declaration, end }): Written[] => {
    const fence = all.find((one) => one.end === end)
    if (!isIt(declaration, id) || !fence) return []
    const { content, contentStart: start, indent } = fence
    const outdented = content.replaceAll(new RegExp(`^${indent}`, 'gm'), '')
    const within = (edited: string): string =>
      spliced(text, {
        start,
        end: start + content.length,
        text: edited.replaceAll(/^(?=[^\r\n])/gm, indent),
      })
    const inner = promptFileAsWritten(outdented)
    return [
      {
        set: (key, value) => [...inner.set(key, value)].map(within),
        append: (key, item) => [...inner.append(key, item)].map(within),
      },
    ]
  })
}

function inData(source: Source, id: DeclarationId): readonly Written[] {
  const data = dataOf(source)
  if (!data) return []
  const document = data.isToml ? parseToml(data.text) : parseDocument(data.text)
  if (!document || document.errors.length > 0) return []
  const values = new YamlValues(document)
  const placeAt = (offset: number): ReturnType<Source['placeAt']> =>
    source.placeAt(data.offset + offset)
  const found: Written[] = []
  visit(document, {
    Map(_, map) {
      const anchor = map.items.find((pair) => /^(?:prompt|template)$/.test(keyText(pair) ?? ''))
      if (!anchor || !isMapOf(id, () => settingsOfMap(map, values, placeAt), source)) return
      const { text } = source
      if (data.isToml) {
        const start = (anchor.value as { range?: readonly number[] } | null)?.range?.[0] ?? -1
        const table = { text, offset: data.offset, document: data.text, anchor: start }
        found.push({ set: (key, value) => setInTable(table, key, value), append: NOTHING })
        return
      }
      const site = { text, offset: data.offset, map, isJson: source.file.endsWith('.json') }
      found.push({
        set: (key, value) => setInMap(site, key, value),
        append: (key, item) => appendInMap(site, key, item),
      })
    },
  })
  return found
}

function isMapOf(
  id: DeclarationId,
  read: () => ReturnType<typeof settingsOfMap>,
  source: Source,
): boolean {
  try {
    return toInlineDeclaration({ settings: read(), place: source.placeAt(0) }, source).id === id
  } catch {
    return false
  }
}
