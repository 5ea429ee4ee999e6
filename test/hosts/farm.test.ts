import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { start } from '../support/process.ts'
import { createSite, promptFile } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { FARM, farmHost } from './farm.ts'

const WATCH = path.join(import.meta.dirname, '../frameworks/farm/watch.js')
/** Milliseconds after a build: only then does Farm begin to watch. */
const SETTLED = 2000

test('new URL() of a prompt file is an error on Farm', async () => {
  const site = await createSite({
    'src/main.js': "console.log(new URL('./hero.prompt.md?gemini-image', import.meta.url))",
    'src/hero.prompt.md': promptFile('A harbour'),
  })
  const gemini = await startGemini()
  const { errors } = await FARM.build(site, { env: keyed(gemini) })
  expect(errors.join()).toContain('UNRESOLVED_REFERENCE')
})

test('what has changed of a picture is in the next build of Farm', async () => {
  const site = await createSite({
    'src/main.js': `
      import './main.css'
      import hero, { alt } from './hero.prompt.md?gemini-image'
      console.log(hero, alt)`,
    'src/main.css': 'main { background: url("./sea.prompt.md?gemini-image") }',
  })
  const gemini = await startGemini()
  const shown = []
  for (const [alt, prompt] of [
    ['Boats', 'A calm sea'],
    ['Sails', 'A rough sea'],
  ] as const) {
    await site.write('src/hero.prompt.md', promptFile('A harbour', { alt }))
    await site.write('src/sea.prompt.md', promptFile(prompt))
    const built = await farmHost({ isFresh: true }).build(site, { env: keyed(gemini) })
    expect(built).toEqual({ errors: [], warnings: [] })
    expect(/alt = "(\w+)"/.exec(await site.read('dist/main.js'))?.[1]).toBe(alt)
    const style = (await site.list('dist')).find((file) => file.endsWith('.css'))
    shown.push(/url\(([^)]+)/.exec(await site.read(`dist/${style}`))?.[1])
    await site.remove('dist')
  }
  expect(shown[0]).toMatch(/sea/)
  expect(shown[1]).not.toBe(shown[0])
  expect(askedPrompts(gemini)).toEqual(['A calm sea', 'A harbour', 'A rough sea'])
})

test('farm watch takes up an edit of a prompt file when a module is saved', async () => {
  const main = (text: string): string =>
    `import hero, { alt } from './hero.prompt.md?gemini-image'\nconsole.log(hero, alt, '${text}')\n`
  const site = await createSite({
    'src/main.js': main('one'),
    'src/hero.prompt.md': promptFile('A harbour', { alt: 'Boats' }),
  })
  const gemini = await startGemini()
  const env = { ...keyed(gemini), CI: '', NO_COLOR: '1' }
  const { child } = start([WATCH], site.root, env)
  onTestFinished(() => void child.kill('SIGKILL'))
  const built = (...texts: string[]): Promise<unknown> =>
    vi.waitUntil(async () => {
      const code = await site.read('dist/main.js').catch(() => '')
      return texts.every((text) => code.includes(text))
    }, 40_000)
  await built('one', 'alt = "Boats"')
  await sleep(SETTLED)
  await site.write('src/hero.prompt.md', promptFile('A rough sea', { alt: 'Sails' }))
  await site.write('src/main.js', main('two'))
  await built('two', 'alt = "Sails"')
  expect(askedPrompts(gemini)).toEqual(['A harbour', 'A rough sea'])
})
