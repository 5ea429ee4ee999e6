import { expect, onTestFinished, test, vi } from 'vitest'
import geminiImage from 'unplugin-gemini-image/webpack'
import webpack from 'webpack'
import { configurationOf } from '../hosts/webpack.ts'
import { createSite, pageOf, promptFile } from '../support/site.ts'

test('webpack says once, while it watches, how the studio is opened', async () => {
  const site = await createSite({ ...pageOf(['hero']), 'src/hero.prompt.md': promptFile('A hero') })
  const base = configurationOf(site, [geminiImage()])
  const compiler = webpack({ ...base, mode: 'development' })
  const said: string[] = []
  compiler.hooks.infrastructureLog.tap('test', (name, _, args) => {
    if (name === 'gemini-image') said.push(String(args?.[0]))
    return undefined
  })
  let built = 0
  const watching = compiler.watch({}, () => void (built += 1))
  onTestFinished(() => new Promise((resolve) => void watching?.close(() => resolve())))
  await vi.waitUntil(() => built === 1, { timeout: 30_000 })
  watching?.invalidate()
  await vi.waitUntil(() => built === 2, { timeout: 30_000 })
  expect(said.join('\n').split('npx gemini-image studio')).toHaveLength(2)
})
