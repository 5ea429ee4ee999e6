import { describe, expect, test } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { buildSite, failingBuild, keyed } from '../support/vite.ts'
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
