import { expect, it } from 'vitest'
import { findDefaultImports } from '../src/source/default-imports.ts'

const HERO = './hero.prompt.md?gemini-image'

it.each([
  ['in single quotes', `import hero from '${HERO}'`],
  ['in double quotes, with a semicolon', `import hero from "${HERO}";`],
  ['under any name', `import $hérö_1 from '${HERO}'`],
  ['under the name "type"', `import type from '${HERO}'`],
  ['over two lines', `import hero\n  from '${HERO}'`],
  ['beside others of other files', `import hero from '${HERO}'\nimport * as sea from './sea.js'`],
])('a mere default import is found %s', (_, code) => {
  expect(findDefaultImports(code)).toEqual([HERO])
})

it.each([
  ['a named import beside it', `import hero, { alt } from '${HERO}'`],
  ['a namespace beside it', `import hero, * as all from '${HERO}'`],
  ['a namespace', `import * as hero from '${HERO}'`],
  ['a named default', `import { default as hero } from '${HERO}'`],
  ['a side effect', `import '${HERO}'`],
  ['a type', `import type hero from '${HERO}'`],
  ['a phase', `import defer hero from '${HERO}'`],
  ['attributes', `import hero from '${HERO}' with { type: 'asset' }`],
  ['a re-export', `export { default } from '${HERO}'`],
  ['a dynamic import', `const hero = import('${HERO}')`],
  ['another import of the same', `import hero from '${HERO}'\nimport { alt } from "${HERO}"`],
  ['a second default import', `import hero from '${HERO}'\nimport other from '${HERO}'`],
  ['a dynamic import of the same', `import hero from '${HERO}'\nimport(\`${HERO}\`)`],
  ['a require of the same', `import hero from '${HERO}'; const all = require("${HERO}")`],
  ['a use amid quotes', `import hero from '${HERO}'; f('a', require("${HERO}"), 'b')`],
  ['a path with a blank', `import hero from './my hero.prompt.md?gemini-image'`],
  ['no prompt file', `import hero from './hero.jpg?gemini-image'`],
])('%s is left alone', (_, code) => {
  expect(findDefaultImports(code)).toEqual([])
})

it('reads a long line without a quote in no time', () => {
  const code = `import hero from '${HERO}'; const data = '${'a'.repeat(2_000_000)}'`
  const started = performance.now()
  expect(findDefaultImports(code)).toEqual([HERO])
  expect(performance.now() - started).toBeLessThan(1000)
})
