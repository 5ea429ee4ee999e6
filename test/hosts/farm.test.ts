import { expect, test } from 'vitest'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { createSite, promptFile } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { FARM, farmHost } from './farm.ts'

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
