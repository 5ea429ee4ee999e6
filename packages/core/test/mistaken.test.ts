import { expect, test } from 'vitest'
import { findMistaken } from '../src/declare/requests/mistaken.ts'

const IMPORTS: readonly (readonly [string, readonly string[]])[] = [
  ["import a from './a.prompt.md?gemini-image'", []],
  ["import a from './a.prompt.md?gemini-image&w=1'; import './b.css'", []],
  ["import text from './a.prompt.md?raw'", []],
  ["const all = import.meta.glob('./*.prompt.md')", []],
  ["const file = './a.prompt.md'", []],
  ["// import a from './a.prompt.md'", []],
  ["console.log('photo.png?gemini-image')", []],
  ["import a from './a.prompt.md'", ['s.js:1:16']],
  ["const a = import('./a.prompt.md')", ['s.js:1:19']],
  ["import a from './a.prompt.md?each=b c'", ['s.js:1:16']],
  ["import a from './a.prompt.md?each=b&gemini-image'", []],
  ["import a from './a.png?gemini-image'", ['NO_PROMPT_FILE s.js:1:16']],
  ["import a from './a.md?w=4&gemini-image'", ['NO_PROMPT_FILE s.js:1:16']],
  ["const a = require('./a?gemini-image')", ['NO_PROMPT_FILE s.js:1:20']],
]

test.each(IMPORTS)('%s', (text, expected) => {
  const { problems, warnings } = findMistaken(text, '/p/s.js', '/p')
  const found = [
    ...warnings.map((warning) => warning.split(': ')[0]),
    ...problems.map(({ code, place }) => `${code} ${place?.path}:${place?.line}:${place?.column}`),
  ]
  expect(found).toEqual(expected)
  const page = findMistaken(`<script type="module">\n${text}\n</script>`, '/p/s.html', '/p')
  expect(page.problems.length + page.warnings.length).toBe(expected.length)
})

const STYLES: readonly (readonly [string, readonly string[]])[] = [
  ['main { background: url(./a.prompt.md?gemini-image) }', []],
  ['/* url(./a.prompt.md) */ main { background: url(a.png) }', []],
  ['main { background: url(./a.prompt.md) }', ['UNRESOLVED_REFERENCE s.css:1:24']],
  ['main { background: url(./a.prompt.md?each=b) }', ['UNRESOLVED_REFERENCE s.css:1:24']],
  ['main { background: url("./a.prompt.md?each=b&gemini-image") }', []],
  ['main {\n  background: url( "./a.prompt.md" ) }', ['UNRESOLVED_REFERENCE s.css:2:21']],
]

test.each(STYLES)('%s', (text, expected) => {
  const { problems } = findMistaken(text, '/p/s.css', '/p')
  expect(
    problems.map(({ code, place }) => `${code} ${place?.path}:${place?.line}:${place?.column}`),
  ).toEqual(expected)
})
