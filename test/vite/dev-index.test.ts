import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile } from '../support/site.ts'
import { buildSite, keyed, serveSite, type DevSite } from '../support/vite.ts'

/** How long files must be left alone before anything remembers what it found in them, in milliseconds. */
const REST = 2100
const INDEX = 'node_modules/.cache/gemini-image/index'

const FILES = {
  'src/main.js': "export { alt, model } from './hero.prompt.md?gemini-image'\n",
  'src/hero.prompt.md': promptFile('A harbour'),
  'index.html': '<script type="module" src="/src/main.js"></script>\n',
}

/** What a module says of the picture, made anew. */
async function shown({ server }: DevSite): Promise<Record<string, unknown>> {
  server.environments.ssr.moduleGraph.invalidateAll()
  return server.ssrLoadModule('/src/main.js')
}

test('a dev server begins with what the one before it has found, as far as that was left alone', async () => {
  const gemini = await startGemini()
  const site = await createSite(FILES)
  const env = keyed(gemini)
  await buildSite(site, { env, config: { build: { rolldownOptions: { input: 'src/main.js' } } } })
  await site.remove(INDEX)
  await sleep(REST)

  const first = await serveSite(site, { env })
  const [name = ''] = await vi.waitUntil(async () => {
    // A temporary file beside it has a number behind its name.
    const names = (await site.list(INDEX)).filter((one) => one.endsWith('.json'))
    return names.length > 0 && names
  }, 20_000)
  await first.server.close()
  const index = await site.read(`${INDEX}/${name}`)
  await site.write(`${INDEX}/${name}`, index.replace(/"model":"[^"]+"/, '"model":"of the index"'))

  const second = await serveSite(site, { env })
  await vi.waitUntil(async () => (await shown(second))['model'] === 'of the index', 10_000)
  await site.write('src/hero.prompt.md', promptFile('A harbour').replace('alt: ', 'alt: New, '))
  const now = await shown(second)
  expect(now['alt']).toMatch(/^New, /)
  expect(now['model']).not.toBe('of the index')
  await site.write('src/hero.prompt.md', promptFile('A harbour at night'))
  await vi.waitUntil(() => gemini.requests.length === 2, 10_000)
  await second.server.close()
  expect(gemini.requests).toHaveLength(2)
})
