import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readImportHead } from '../src/declare/requests/import-head.ts'

const HERO = './hero.prompt.md?gemini-image'

it.each([
  ['in single quotes', `import hero from '${HERO}'`],
  ['in double quotes, with a semicolon', `import hero from "${HERO}";`],
  ['under any name', `import $hérö_1 from '${HERO}'`],
  ['under the name "type"', `import type from '${HERO}'`],
  ['over two lines', `import hero\n  from '${HERO}'`],
  ['without a blank', `import hero from"${HERO}"`],
  ['before other code', `import hero from '${HERO}'\nconst a = 1\nimport b from './b'`],
])('a mere default import is found %s', (_, code) => {
  const [found, ...others] = readImportHead(code)
  expect(found).toMatchObject({ specifier: HERO, isDefault: true })
  expect(code.slice(found?.start, found?.end).slice(1, -1)).toBe(HERO)
  expect(others).toEqual([])
})

it.each([
  ['a named import beside it', `import hero, { alt } from '${HERO}'`],
  ['a namespace beside it', `import hero, * as all from '${HERO}'`],
  ['a namespace', `import * as hero from '${HERO}'`],
  ['a named default', `import { default as hero } from '${HERO}'`],
  ['a side effect', `import '${HERO}'`],
  ['a phase', `import defer hero from '${HERO}'`],
])('%s is no mere default import', (_, code) => {
  expect(readImportHead(code)).toMatchObject([{ specifier: HERO, isDefault: false }])
})

it.each(['import type hero from', 'import type { Hero } from', '// import hero from'])(
  '%s is no import',
  (code) => expect(readImportHead(`${code} '${HERO}'`)).toEqual([]),
)

it.each([
  ['white space and a byte order mark', '\uFEFF\n\t '],
  ['a directive', "'use client'\n"],
  ['a comment', `// import a from 'a'\n`],
  ['a comment of many lines', `/* import a from 'a'\n * it's one */`],
  ['imports of types', `import type { A } from './a'\nimport { type B } from './b'\n`],
  ['imports without semicolons', `import './a'; import './b'\n`],
])('imports are found behind %s', (_, before) => {
  expect(readImportHead(`${before}import hero from '${HERO}'`).at(-1)?.specifier).toBe(HERO)
})

it.each([
  ['in a text', `const text = \`\nimport hero from '${HERO}'\n\``],
  ['in JSX', `export const code = <pre>\nimport hero from '${HERO}'\n</pre>`],
  ['in a comment', `/*\nimport hero from '${HERO}'\n*/`],
  ['behind a statement', `f()\nimport hero from '${HERO}'`],
  ['with attributes', `import hero from '${HERO}' with { type: 'asset' }`],
  ['that is a call', `import('${HERO}')`],
  ['that is assigned', `import hero = require('${HERO}')`],
  ['that is a property', `import.meta.url + '${HERO}'`],
  ['whose path is escaped', `import hero from './\\x68ero.prompt.md?gemini-image'`],
  ['of a name that begins alike', `importer('${HERO}')`],
])('an import %s is left alone', (_, code) => {
  expect(readImportHead(code)).toEqual([])
})

it('whatever the code, what is found stands there, in order', () => {
  const words =
    "import|from|type| |\n|;|{|}|,|*|as|a|'|\"|`|//|/*|*/|(|)|=|'./a'|\"./b\"|'use client'|with|\\|ä"
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words.split('|'))), (parts) => {
      const code = parts.join('')
      let last = 0
      for (const { specifier, start, end } of readImportHead(code)) {
        expect(start).toBeGreaterThanOrEqual(last)
        expect(code.slice(start + 1, end - 1)).toBe(specifier)
        expect(code[start]).toBe(code[end - 1])
        last = end
      }
    }),
  )
})

it.each([
  ['a long line', `import hero from '${HERO}'; const data = '${'a'.repeat(2_000_000)}'`],
  ['many names', `import {${'a,'.repeat(500_000)}`],
  ['many words', `import ${'from '.repeat(200_000)}`],
  ['many comments', '/*'.repeat(500_000)],
  ['many blanks', ' '.repeat(1_000_000)],
])('reads %s in no time', (_, code) => {
  // What reads anything twice for each name would take hours.
  expect(() => readImportHead(code)).not.toThrow()
})
