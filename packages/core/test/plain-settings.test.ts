import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isMap, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Setting } from '../src/declare/declaration.ts'
import { readPlainSettings } from '../src/declare/plain-settings.ts'
import type { Place } from '../src/kernel/place.ts'

const placeOf = (line: number, column: number): Place => ({ file: '', path: '', line, column })

interface Read {
  readonly key: string
  readonly value: unknown
  /** Of the key, of the value, and of each item of a list. */
  readonly at: readonly string[]
}

function read(key: string, { value, keyPlace, valuePlace }: Setting, setting: Setting): Read {
  const items = Array.isArray(value) ? value.map((_, index) => [index]) : []
  const places = [
    keyPlace.call(setting),
    ...[[], ...items].map((path) => valuePlace.call(setting, path)),
  ]
  return { key, value, at: places.map(({ line, column }) => `${line}:${column}`) }
}

/** What the YAML parser makes of the same text; `undefined` where it finds an error. */
function readByYaml(text: string): readonly Read[] | undefined {
  const counter = new LineCounter()
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false })
  if (document.errors.length > 0) return undefined
  if (!isMap(document.contents)) return []
  const at = (node: unknown): string => {
    const { line, col } = counter.linePos((node as { range: number[] }).range[0] ?? 0)
    return `${line}:${col}`
  }
  return document.contents.items.map(({ key, value }) => ({
    key: String((key as { value: unknown }).value),
    value: isSeq(value) ? value.toJS(document) : (value as { value: unknown }).value,
    at: [key, value, ...(isSeq(value) ? value.items : [])].map(at),
  }))
}

const VALUES =
  '16:9|2K|1d|1K|512|007|0x1F|0o7|1e3|.5|./a.png|../b c.png|.inf|-1|+1|1_000|12:30:45|null|Null|~|true|' +
  'False|yes|off|NaN|2026-11-21|A fox|a: b|a:b|a:|"a"|"a \\" b"|\'a\'|\'it\'\'s\'|"open|# no|a # b|a#b|[a]|[]|[true]|[a, ]|[[a]]|[a: b]|[-a]|[.a]|[a #b]|' +
  '{a: b}|- a|-|&a|*a|!x|>|@a|`a`|%a|a\tb|  |é|日本|http://x.y|a - b|a, b|'
const KEYS = ['alt', 'size', 'turns', 'null', 'True', '<<', '1', 'é', 'a b', '"q"', '- x', '']
const GOOD = [
  '16:9',
  '2K',
  '512',
  'A fox',
  './a.png',
  '"a"',
  "'b'",
  'a - b',
  'x:y',
  '1d',
  '[a, ./b c ]',
  '[ a]',
  '[a,b ,c]',
]
const value = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...GOOD) },
  { weight: 1, arbitrary: fc.constantFrom(...VALUES.split('|')) },
)

const line = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constantFrom('alt', 'size', 'model'), value) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...KEYS), value) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom('alt', 'size'), fc.string({ unit: 'binary' })) },
)
const list = fc
  .tuple(
    fc.constantFrom('', ' ', '  '),
    fc.constantFrom(' ', '   '),
    fc.array(value, { maxLength: 3 }),
  )
  .map(([before, after, items]) =>
    ['turns:', ...items.map((item) => `${before}-${after}${item}`)].join('\n'),
  )
const block = fc.oneof(
  { weight: 4, arbitrary: line.map(([key, text]) => `${key}: ${text}`) },
  { weight: 2, arbitrary: list },
  { weight: 1, arbitrary: fc.constantFrom('', '# comment', 'alt:', '  more', 'text', '  - odd') },
)

test('whatever it reads, the YAML parser reads the same, at the same places', () => {
  let found = 0
  fc.assert(
    fc.property(fc.array(block, { maxLength: 4 }), (blocks) => {
      const text = blocks.join('\n').replaceAll(/\r\n?/g, '\n')
      const settings = readPlainSettings(text, placeOf)
      if (!settings) return
      found += settings.size
      const ours = [...settings].map(([key, setting]) => read(key, setting, setting))
      expect(ours).toEqual(readByYaml(text))
    }),
    { numRuns: 20_000 },
  )
  expect(found).toBeGreaterThan(3000)
})

test('ordinary frontmatter is read', () => {
  const text =
    'model: nano-banana\naspectRatio: 16:9\nsize: 2K\nalt: A pier, seen from the sea\nreferences:\n  - ./a.png\n  - ./b.png\n'
  const settings = readPlainSettings(text, placeOf)
  expect(settings?.size).toBe(5)
  expect(settings?.get('references')?.value).toEqual(['./a.png', './b.png'])
})
