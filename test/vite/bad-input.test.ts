import { expect, test } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { createSite, pageOf } from '../support/site.ts'
import { failingBuild, keyed } from '../support/vite.ts'

/** What a person may get wrong: the file, the code, line and column, and a word of the advice. */
const mistakes: readonly [what: string, file: string, code: string, at: string, advice: string][] =
  [
    ['an empty prompt', '---\nalt: A\n---\n\n  \n', 'EMPTY_PROMPT', '4:1', 'describe the picture'],
    ['an empty file', '', 'EMPTY_PROMPT', '1:1', 'describe the picture'],
    [
      'an unknown model',
      '---\nmodel: nano-bananna\n---\nA',
      'UNKNOWN_MODEL',
      '2:8',
      'Did you mean "nano-banana"',
    ],
    [
      'a ratio that the model lacks',
      '---\nmodel: nano-banana-pro\naspectRatio: 8:1\n---\nA',
      'UNSUPPORTED_ASPECT_RATIO',
      '3:14',
      'Its ratios are 1:1, 2:3',
    ],
    [
      'a lower-case size',
      '---\nsize: 1k\n---\nA',
      'UNSUPPORTED_SIZE',
      '2:7',
      'Write it with a capital K: 1K',
    ],
    [
      'a size that the model lacks',
      '---\nmodel: nano-banana-lite\nsize: 4K\n---\nA',
      'UNSUPPORTED_SIZE',
      '3:7',
      'Its sizes are 1K',
    ],
    [
      'an unknown key',
      '---\naspect_ratio: 16:9\n---\nA',
      'UNKNOWN_KEY',
      '2:1',
      'Did you mean "aspectRatio"',
    ],
    ['a value of the wrong kind', '---\nalt: [a, b]\n---\nA', 'INVALID_VALUE', '2:6', 'write text'],
    ['malformed YAML', '---\nalt: "never closed\n---\nA', 'MALFORMED_YAML', '2:19', 'as YAML'],
    [
      'frontmatter without an end',
      '---\nalt: A\n\nA prompt',
      'MALFORMED_YAML',
      '1:1',
      'three dashes',
    ],
    ['four dashes', '----\nalt: A\n----\nA', 'MALFORMED_YAML', '1:1', 'three dashes'],
    ['no dashes', 'alt: A\n\nA prompt', 'MALFORMED_YAML', '1:1', 'is a setting'],
    ['a list for frontmatter', '---\n- alt\n---\nA', 'MALFORMED_YAML', '2:1', 'key: value'],
  ]

test.for(mistakes)('%s', async ([, content, code, at, advice]) => {
  const gemini = await startGemini()
  const site = await createSite({
    ...pageOf(['good', 'bad']),
    'src/good.prompt.md': 'A good prompt',
    'src/bad.prompt.md': content,
  })
  const said = await failingBuild(site, { env: keyed(gemini) })
  expect(said).toContain(`${code} at src/bad.prompt.md:${at}`)
  expect(said).toContain(advice)
  // Nothing is paid for, not even the good one, and nothing is written.
  expect(gemini.requests).toEqual([])
  expect(await site.list('.')).toEqual(['index.html', 'package.json', 'src'])
})

test('all mistakes are told at once', async () => {
  const site = await createSite({
    ...pageOf(['a', 'b']),
    'src/a.prompt.md': '---\nsize: 1k\naspectRatio: 7:5\n---\nA',
    'src/b.prompt.md': '---\nmodle: x\n---\nB',
  })
  const said = await failingBuild(site)
  for (const place of ['a.prompt.md:2:7', 'a.prompt.md:3:14', 'b.prompt.md:2:1']) {
    expect(said).toContain(place)
  }
})
