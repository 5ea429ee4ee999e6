import path from 'node:path'
import { expect, test } from 'vitest'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { runCli, start, type Ended } from '../support/process.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'

const VITEST = path.resolve(import.meta.dirname, '../node_modules/vitest/vitest.mjs')

/** A test of what a page shows, and of a picture that no page does. */
const SITE = {
  'vite.config.js': `import geminiImage from 'unplugin-gemini-image/vite'
export default { plugins: [geminiImage()] }
`,
  'src/sky.prompt.md': promptFile('A sky', { alt: 'Clouds' }),
  'src/fixture.prompt.md': promptFile('A fixture'),
  'src/page.js': `import sky, { alt, width } from './sky.prompt.md?gemini-image'
import small from './sky.prompt.md?gemini-image&as=picture&widths=32'
import { geminiImage } from 'unplugin-gemini-image/macro'
export const leaf = geminiImage({ prompt: 'A leaf', alt: 'Leaf' })
export { sky, alt, width, small }
`,
  'src/page.test.js': `import { expect, test } from 'vitest'
import { geminiImage } from 'unplugin-gemini-image/macro'
import { sky, alt, width, small, leaf } from './page.js'
import fixture from './fixture.prompt.md?gemini-image'
const own = geminiImage({ prompt: 'Only tested', alt: 'Own' })
test('pictures', () => {
  expect({ alt, width, leaf: leaf.alt, own: own.alt }).toEqual({ alt: 'Clouds', width: 1024, leaf: 'Leaf', own: 'Own' })
  expect([sky, leaf.src, own.src, fixture, small.img.src].map((one) => typeof one)).toEqual(Array(5).fill('string'))
})
`,
}

/** `vitest run`, as on a machine of its own; it keeps transformed modules on disk. */
function runVitest(site: Site, env: Record<string, string> = {}): Promise<Ended> {
  const plain = { VITEST: '', VITEST_POOL_ID: '', VITEST_WORKER_ID: '', NODE_ENV: '', CI: '' }
  return start([VITEST, 'run', '--root', site.root], site.root, { ...plain, ...env }).ended
}

test('tests run with pictures that are pinned or not, again and again, in CI too, and never spend', async () => {
  const gemini = await startGemini()
  const site = await createSite(SITE)
  const passes = async (env?: Record<string, string>): Promise<void> => {
    const { code, output } = await runVitest(site, env)
    expect(`${code} ${output}`).toMatch(/^0 /)
  }
  await passes({ CI: 'true' })
  await passes(keyed(gemini))
  expect(askedPrompts(gemini)).toEqual([])
  // What tests alone ask for is nothing that a site shows.
  expect(await runCli(site.root, ['generate', '--yes'], keyed(gemini))).toMatchObject({ code: 0 })
  expect(askedPrompts(gemini)).toEqual(['A leaf', 'A sky'])
  await passes(keyed(gemini))
  await passes({ CI: 'true' })
  expect(askedPrompts(gemini)).toHaveLength(2)
})
