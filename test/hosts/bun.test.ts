import { expect, test } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { BUN } from './bun.ts'

test.skipIf(BUN.isAbsent)('a stylesheet of Bun holds the picture that is pinned', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    'src/main.js': "import './main.css'",
    'src/main.css': 'main { background: url("./hero.prompt.md?gemini-image") }',
    'src/hero.prompt.md': promptFile('A harbour'),
  })
  expect(await BUN.build(site, { env: keyed(gemini) })).toEqual({ errors: [], warnings: [] })
  const [file = ''] = await site.list('.gemini-image')
  const bytes = await site.bytes(`.gemini-image/${file}`)
  expect(await site.read('dist/main.css')).toContain(bytes.toString('base64'))
})

test.skipIf(BUN.isAbsent)('new URL() of a prompt file is an error on Bun', async () => {
  const site = await createSite({
    'src/main.js': "console.log(new URL('./hero.prompt.md?gemini-image', import.meta.url))",
    'src/hero.prompt.md': promptFile('A harbour'),
  })
  const gemini = await startGemini()
  const { errors } = await BUN.build(site, { env: keyed(gemini) })
  expect(errors.join()).toContain('UNRESOLVED_REFERENCE')
})

test.skipIf(BUN.isAbsent)(
  'a mistake in the options is an error that a build script can catch',
  async () => {
    const site = await createSite({ 'src/main.js': '' })
    const { errors } = await BUN.build(site, { options: { budget: -1 } })
    expect(errors.join()).toContain('INVALID_OPTION')
  },
)
