import { describe, expect, test, vi } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { buildSite, failingBuild, keyed, serveSite } from '../support/vite.ts'
import type { FakeGemini } from '../fake-gemini/server.ts'

const SET = '{ language: [English, Spanish] }'

/** A site that imports pictures by these specifiers, built once with a key. */
async function built(
  specifiers: readonly string[],
  files: Readonly<Record<string, string>>,
): Promise<{ site: Site; gemini: FakeGemini }> {
  const gemini = await startGemini()
  const imports = specifiers.map((one, i) => `import p${i} from '${one}'\nconsole.log(p${i})\n`)
  const site = await createSite({
    'index.html': '<script type="module" src="/main.js"></script>',
    'main.js': imports.join(''),
    ...files,
  })
  await buildSite(site, { env: keyed(gemini) })
  return { site, gemini }
}

const asked = ({ requests }: FakeGemini): readonly string[] =>
  requests.map(({ prompt }) => prompt).toSorted()

test('what the pictures of a set have in common is paid for once', async () => {
  const { gemini, site } = await built(
    ['./a.prompt.md?each=English&gemini-image', './a.prompt.md?each=Spanish&gemini-image'],
    {
      'a.prompt.md': promptFile('A poster', {
        each: SET,
        turns: '["Write hello in {{language}}"]',
      }),
    },
  )
  expect(asked(gemini)).toEqual([
    'A poster',
    'A poster\nWrite hello in English',
    'A poster\nWrite hello in Spanish',
  ])
  expect(await site.list('.gemini-image')).toEqual([
    expect.stringMatching(/^a-english\./),
    expect.stringMatching(/^a-english\./),
    expect.stringMatching(/^a-spanish\./),
  ])
})

test('a picture of a set can be referred to, and so can a turn that nothing shows', async () => {
  const references = '[./a.prompt.md?each=Spanish, ./b.prompt.md?turn=0]'
  const { gemini, site } = await built(['./c.prompt.md?gemini-image'], {
    'a.prompt.md': promptFile('A poster in {{language}}', { each: SET }),
    'b.prompt.md': promptFile('A room', { turns: '[At night]' }),
    'c.prompt.md': promptFile('Both', { references }),
  })
  expect(asked(gemini)).toEqual(['A poster in Spanish', 'A room', 'Both'])
  await buildSite(site, { env: { CI: 'true' } })
})

test('a value that leaves its set is missed by a build that has an index, too', async () => {
  const a = promptFile('A {{x}}', { each: '{ x: [one, two] }' })
  const { site } = await built(['./a.prompt.md?each=two&gemini-image'], { 'a.prompt.md': a })
  const env = { CI: 'true' }
  await buildSite(site, { env })
  await site.write('a.prompt.md', a.replace(', two', ''))
  expect(await failingBuild(site, { env })).toMatch(/NOT_IN_SET at a\.prompt\.md:3:7/)
  await site.write('a.prompt.md', a.replace('one, ', 'three, '))
  await buildSite(site, { env })
})

test('import.meta.glob takes one picture of each set', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    'index.html': '<script type="module" src="/main.js"></script>',
    'main.js': `console.log(import.meta.glob('./*.prompt.md', { eager: true, import: 'default', query: '?gemini-image&each=Spanish' }))`,
    'a.prompt.md': promptFile('A in {{language}}', { each: SET }),
    'b.prompt.md': promptFile('B in {{language}}', { each: SET }),
  })
  await buildSite(site, { env: keyed(gemini) })
  expect(asked(gemini)).toEqual(['A in Spanish', 'B in Spanish'])
})

test('a dev server draws a value once it is listed and imported, and no URL has one drawn', async () => {
  const gemini = await startGemini()
  const set = (values: string): string =>
    promptFile('Hello in {{language}}', { each: `{ language: [${values}] }` })
  const importing = (values: readonly string[]): string =>
    values
      .map(
        (one, i) =>
          `import p${i} from './a.prompt.md?each=${one}&gemini-image'\nconsole.log(p${i})\n`,
      )
      .join('')
  const site = await createSite({
    'index.html': '<script type="module" src="/main.js"></script>',
    'main.js': importing(['English']),
    'a.prompt.md': set('English, Never'),
  })
  const { url } = await serveSite(site, { env: keyed(gemini), options: { quietPeriod: 20 } })
  const get = (path: string): Promise<Response> =>
    fetch(url + path, { headers: { accept: 'image/*' } })
  /** The pictures that the page's module shows. */
  const shown = async (): Promise<readonly string[]> => {
    const module = await (await get('/main.js')).text()
    const ids = [...module.matchAll(/from "([^"]+)"/g)].map(([, id = '']) => id)
    const codes = await Promise.all(ids.map(async (id) => (await get(id)).text()))
    return codes.map((code) => /\.gemini-image\/([\w-]+)\./.exec(code)?.[1] ?? 'none')
  }
  const shows = (expected: readonly string[]): Promise<unknown> =>
    vi.waitFor(async () => expect(await shown()).toEqual(expected), { timeout: 10_000 })
  await shows(['a-english'])
  for (const asking of [
    '/a.prompt.md?each=Never&gemini-image',
    '/a.prompt.md?each=Never&gemini-image&import',
    '/@id/__x00__gemini-image:asset::a.prompt.md/each=Never.js',
  ]) {
    expect((await get(asking)).status).toBe(500)
  }
  await site.save('main.js', importing(['English', 'French']))
  await shows(['a-english', 'none'])
  await site.save('a.prompt.md', set('English, Never, French'))
  await shows(['a-english', 'a-french'])
  await site.save('a.prompt.md', set('Never, French'))
  await shows(['none', 'a-french'])
  await site.save('a.prompt.md', set('English, Never, French'))
  await shows(['a-english', 'a-french'])
  expect(asked(gemini)).toEqual(['Hello in English', 'Hello in French'])
})

describe('a declaration that goes on from another', () => {
  const ROOM = promptFile('A room', { turns: '[At night]', seed: '7' })

  test('pays for its own turn alone, and sends what was said before', async () => {
    const { gemini, site } = await built(
      ['./room.prompt.md?gemini-image', './lamp.prompt.md?gemini-image'],
      {
        'room.prompt.md': ROOM,
        'lamp.prompt.md': promptFile('Light the lamp', { after: './room.prompt.md' }),
      },
    )
    expect(asked(gemini)).toEqual([
      'A room',
      'A room\nAt night',
      'A room\nAt night\nLight the lamp',
    ])
    // The same as turns of one declaration.
    await site.write(
      'lamp.prompt.md',
      promptFile('A room', { turns: '[At night, Light the lamp]', seed: '7' }),
    )
    await buildSite(site, { env: { CI: 'true' } })
  })

  test('is drawn anew when what it goes on from changes', async () => {
    const { gemini, site } = await built(['./lamp.prompt.md?gemini-image'], {
      'room.prompt.md': ROOM,
      'lamp.prompt.md': promptFile('Light the lamp', { after: './room.prompt.md?turn=0' }),
    })
    expect(asked(gemini)).toEqual(['A room', 'A room\nLight the lamp'])
    await site.write('room.prompt.md', ROOM.replace('A room', 'A hall'))
    expect(await failingBuild(site, { env: { CI: 'true' } })).toMatch(
      /MISSING_PICTURE[^]*lamp\.prompt\.md:6:1 {2}1:1 1K × 2/,
    )
  })

  test.each([
    [
      'a setting of the conversation',
      { after: './room.prompt.md', seed: '8' },
      /UNSUPPORTED_SETTING at lamp\.prompt\.md:4:1[^]*"seed"/,
    ],
    ['no prompt file', { after: './room.jpg' }, /INVALID_VALUE at lamp\.prompt\.md:3:8/],
    [
      'a file that is not there',
      { after: './hall.prompt.md' },
      /PROMPT_FILE_NOT_FOUND at lamp\.prompt\.md:3:8/,
    ],
    ['itself', { after: './lamp.prompt.md' }, /CIRCULAR_REFERENCE at lamp\.prompt\.md:3:8/],
    ['a file outside', { after: '../room.prompt.md' }, /at lamp\.prompt\.md:3:8/],
    [
      'a ratio that the model lacks',
      { after: './room.prompt.md', aspectRatio: "'7:3'" },
      /UNSUPPORTED_ASPECT_RATIO at lamp\.prompt\.md:4:14/,
    ],
    [
      'a ratio of a turn that the model lacks',
      { after: './room.prompt.md', turns: "[A, { prompt: B, aspectRatio: '7:3' }]" },
      /UNSUPPORTED_ASPECT_RATIO at lamp\.prompt\.md:4:\d\d/,
    ],
  ])('cannot have %s', async (_, settings, expected) => {
    const site = await createSite({
      'index.html': '<script type="module" src="/main.js"></script>',
      'main.js': "import lamp from './lamp.prompt.md?gemini-image'\nconsole.log(lamp)",
      'room.prompt.md': ROOM,
      'lamp.prompt.md': promptFile('Light the lamp', settings as Record<string, string>),
    })
    expect(await failingBuild(site)).toMatch(expected)
  })
})
