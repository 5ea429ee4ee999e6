import { expect, test, vi } from 'vitest'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { createSite, pageOf, promptFile } from '../support/site.ts'
import { keyed, serveSite } from '../support/vite.ts'

test('a bundle that ends is not a server that ends: what is saved later is drawn', async () => {
  const gemini = await startGemini()
  const site = await createSite({ ...pageOf(['a']), 'src/a.prompt.md': promptFile('First') })
  const { url } = await serveSite(site, {
    env: keyed(gemini),
    options: { quietPeriod: 0 },
    config: { experimental: { bundledDev: true } },
  })
  const until = (check: () => Promise<void>): Promise<void> =>
    vi.waitFor(check, { timeout: 20_000, interval: 500 })
  await until(async () => {
    const code = await (await fetch(`${url}/assets/index.js`)).text()
    expect(code).toMatch(/"\/assets\/a\.[^"\n]*\.jpg"/)
    expect(askedPrompts(gemini)).toEqual(['First'])
  })
  await until(async () => {
    // Nobody says when the bundler has begun to watch.
    await site.save('src/a.prompt.md', promptFile('Second'))
    expect(askedPrompts(gemini)).toEqual(['First', 'Second'])
  })
})
