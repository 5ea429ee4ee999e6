import { describe, expect, test } from 'vitest'
import { splitMarker } from '../src/declare/marker.ts'
import { PromptFileIndex } from '../src/declare/prompt-file-index.ts'

test.for([
  ['./a.prompt.md?gemini-image', { file: './a.prompt.md', query: '' }],
  ['./a.prompt.md?gemini-image=', { file: './a.prompt.md', query: '' }],
  ['./a.prompt.md?gemini-image=true&w=4', { file: './a.prompt.md', query: '?w=4' }],
  ['./a.prompt.md?gemini-image=false', undefined],
  ['./a.prompt.md?w=4&gemini-image&as=img#x', { file: './a.prompt.md', query: '?w=4&as=img' }],
  ['./a.prompt.md?each=C#&gemini-image#x', { file: './a.prompt.md', query: '?each=C#' }],
  ['./a.prompt.md?each=b?gemini-image&as=og', { file: './a.prompt.md', query: '?each=b&as=og' }],
  ['/site/.gemini-image/a.jpg', undefined],
  ['/site/.gemini-image/a.jpg?url', undefined],
  ['./a.prompt.md?gemini-images', undefined],
  ['./a.prompt.md?x=gemini-image', undefined],
  ['./a.prompt.md?no-gemini-image', undefined],
  ['./a.prompt.md#?gemini-image', undefined],
] as const)('the marker in %s', ([id, expected]) => {
  expect(splitMarker(id)).toEqual(expected)
})

describe('what a specifier may mean', () => {
  const files = ['/s/src/a.prompt.md', '/s/src/x/a.prompt.md', '/s/b.prompt.md']
  const index = new PromptFileIndex(files, '/s')
  test.for([
    ['./a.prompt.md', ['/s/src/a.prompt.md']],
    ['./x/a.prompt.md', ['/s/src/x/a.prompt.md']],
    ['@/x/a.prompt.md', ['/s/src/x/a.prompt.md']],
    ['/src/a.prompt.md', ['/s/src/a.prompt.md']],
    ['~/a.prompt.md', ['/s/src/a.prompt.md', '/s/src/x/a.prompt.md']],
    ['./gone.prompt.md', []],
  ] as const)('%s', ([specifier, expected]) => {
    expect(index.resolve(specifier, '/s/src/main.js')).toEqual(expected)
  })
})
