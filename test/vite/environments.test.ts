import { setTimeout as sleep } from 'node:timers/promises'
import geminiImage from 'unplugin-gemini-image/vite'
import { createBuilder, type Plugin, type Rolldown } from 'vite'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { withEnv } from '../support/with-env.ts'

const FILES = {
  'src/client.js': "import hero from './hero.prompt.md?gemini-image'\nconsole.log(hero)\n",
  'src/server.js': "import crew from './crew.prompt.md?gemini-image'\nconsole.log(crew)\n",
  'src/hero.prompt.md': promptFile('A harbour'),
}

/** Has the whole build of the client lie between the server's modules and the server's output, once. */
function between(): Plugin {
  const loaded = Promise.withResolvers<void>()
  const built = Promise.withResolvers<void>()
  return {
    name: 'between',
    enforce: 'pre',
    async buildStart() {
      if (this.environment.name === 'client') await loaded.promise
    },
    async buildEnd() {
      if (this.environment.name !== 'ssr') return
      loaded.resolve()
      // A build that fails writes nothing.
      await Promise.race([built.promise, sleep(5000)])
    },
    writeBundle() {
      if (this.environment.name === 'client') built.resolve()
    },
  }
}

test('what is wrong in one environment of a build that watches is not mended by another', async () => {
  const gemini = await startGemini()
  const site = await createSite(FILES)
  const ends: string[] = []
  await withEnv(keyed(gemini), async () => {
    const builder = await createBuilder({
      root: site.root,
      configFile: false,
      logLevel: 'silent',
      plugins: [between(), geminiImage({ retryDelay: 5 })],
      build: { watch: {}, assetsInlineLimit: 0 },
      environments: {
        client: { build: { outDir: 'dist/client', rolldownOptions: { input: 'src/client.js' } } },
        ssr: { build: { outDir: 'dist/server', rolldownOptions: { input: 'src/server.js' } } },
      },
    })
    for (const environment of Object.values(builder.environments)) {
      const watcher = (await builder.build(environment)) as Rolldown.RolldownWatcher
      onTestFinished(() => watcher.close())
      watcher.on('event', (event) => {
        if (event.code === 'ERROR' || event.code === 'BUNDLE_END')
          ends.push(
            `${environment.name}: ${event.code === 'ERROR' ? event.error.message : 'built'}`,
          )
      })
    }
    await vi.waitUntil(() => ends.length >= 2, 20_000)
    expect(ends.toSorted()).toEqual([
      'client: built',
      expect.stringMatching(/^ssr: [^]*crew\.prompt\.md/),
    ])
    expect(await site.list('dist/server')).toEqual([])

    await site.write('src/crew.prompt.md', promptFile('A crew'))
    await vi.waitUntil(() => ends.includes('ssr: built'), 20_000)
    expect(gemini.requests).toHaveLength(2)
  })
})
