import { createRsbuild } from '@rsbuild/core'
import geminiImage from 'unplugin-gemini-image/rspack'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { createSite, pageOf, promptFile } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { withEnv } from '../support/with-env.ts'

test.each([
  ['is told, although Rsbuild has plugins tell nothing', undefined, 1],
  ['is not told to who wants no such log', 'none', 0],
] as const)('what is spent %s', async (_, level, times) => {
  const gemini = await startGemini()
  const site = await createSite({
    ...pageOf(['hero']),
    'src/hero.prompt.md': promptFile('A harbour'),
  })
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  onTestFinished(() => written.mockRestore())
  await withEnv(keyed(gemini), async () => {
    const rsbuild = await createRsbuild({
      cwd: site.root,
      config: {
        logLevel: 'error',
        source: { entry: { main: './src/main.js' } },
        tools: {
          htmlPlugin: false,
          rspack: {
            plugins: [geminiImage()],
            ...(level && { infrastructureLogging: { level } }),
          },
        },
      },
    })
    const { close } = await rsbuild.build()
    await close()
  })
  const told = written.mock.calls.filter(([text]) => String(text).includes('1 call cost $0.0354'))
  expect(told).toHaveLength(times)
})
