import { rm } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile } from '../support/site.ts'
import { KEY, keyed } from '../support/vite.ts'

test('a plan says why each picture is to be drawn, by the name that commands take', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    'package.json': '{}',
    'main.js': ['fox', 'hare', 'owl', 'stoat']
      .map((name) => `import './${name}.prompt.md?gemini-image'`)
      .join('\n'),
    'fox.prompt.md': promptFile('A fox', { alt: 'Fox' }),
    'hare.prompt.md': promptFile('A hare', { alt: 'Hare' }),
    'owl.prompt.md': promptFile('An owl', { alt: 'Owl' }),
  })
  const first = await runCommand(
    site.root,
    ['generate', '--yes', 'fox', 'hare', 'owl'],
    keyed(gemini),
  )
  expect(first.code).toBe(0)
  await site.write('fox.prompt.md', promptFile('A fox at night', { alt: 'Fox' }))
  await site.write(
    'hare.prompt.md',
    promptFile('A hare', { alt: 'Hare', aspectRatio: '16:9', size: '2K' }),
  )
  const owl = (await site.list('.gemini-image')).find((name) => name.startsWith('owl.'))
  await rm(site.path(`.gemini-image/${owl}`))
  await site.write('stoat.prompt.md', promptFile('A stoat', { alt: 'Stoat' }))
  const { output } = await runCommand(site.root, ['plan'])
  expect(output).toMatch(/^missing {2}fox +fox\.prompt\.md:\d+:1 +prompt changed /m)
  expect(output).toMatch(/^missing {2}hare +hare\.prompt\.md:\d+:1 +aspectRatio, size changed /m)
  expect(output).toMatch(/^missing {2}owl +owl\.prompt\.md:\d+:1 +a file is lost /m)
  expect(output).toMatch(/^missing {2}stoat +stoat\.prompt\.md:\d+:1 +new /m)
  expect(output).toContain('0 pinned, 4 missing')
})

test('a project without pictures is told how to begin', async () => {
  const site = await createSite({ 'package.json': '{}' })
  for (const command of ['plan', 'generate']) {
    const { code, output } = await runCommand(site.root, [command])
    expect(code).toBe(0)
    expect(output).toContain('npx gemini-image init')
  }
})

test('where one file declares very many, each is not compared with each', async () => {
  const gemini = await startGemini()
  const numbers = Array.from({ length: 101 }, (_, index) => index)
  const written = (kind: string): string =>
    [
      `import { geminiImage } from 'unplugin-gemini-image/macro'`,
      ...numbers.map(
        (one) => `export const p${one} = geminiImage({ prompt: '${kind} ${one}', alt: '' })`,
      ),
    ].join('\n')
  const site = await createSite({ 'package.json': '{}', 'page.js': written('A fox') })
  const drawn = await runCommand(site.root, ['generate', '--yes', '--budget', '50'], keyed(gemini))
  expect(drawn.code).toBe(0)
  await site.write('page.js', written('A hare'))
  const { output } = await runCommand(site.root, ['plan'])
  expect(output.match(/ new or changed /g)).toHaveLength(101)
  const one = await runCommand(site.root, ['explain', 'page.js:8'])
  expect(one.output).toContain('Since then:')
})

test('the next step asks for a key only where none is set', async () => {
  const site = await createSite({
    'package.json': '{}',
    'main.js': "import './hero.prompt.md?gemini-image'",
    'hero.prompt.md': promptFile('A fox'),
  })
  const nextStep = async (): Promise<string | undefined> =>
    /^To generate it: .*$/m.exec((await runCommand(site.root, ['plan'])).stdout)?.[0]
  expect(await nextStep()).toContain('To generate it: set GEMINI_API_KEY and run "npx gemini-image')
  await site.write('.env.local', `GEMINI_API_KEY=${KEY}\n`)
  expect(await nextStep()).toContain('To generate it: run "npx gemini-image generate"')
})
