import { writeFileSync } from 'node:fs'
import { symlink } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import { expect, test, vi } from 'vitest'
import type { FakeGemini } from '../fake-gemini/server.ts'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { startCli, type Running } from '../support/process.ts'
import { pageOf, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { pinned, plain, runJson, siteOf } from './stage.ts'

const QUIET = 150

interface Watch {
  readonly running: Running
  /** All that it has said so far. */
  said(): string
  /** Resolves when it has said so many times that it watches. */
  settled(times: number): Promise<void>
  stop(): Promise<{ code: number | null; stdout: string; output: string }>
}

function watchSite(site: Site, env: Record<string, string>, ...args: string[]): Watch {
  const running = startCli(site.root, ['watch', ...args], env)
  let said = ''
  running.child.stderr?.on('data', (text: string) => (said += text))
  return {
    running,
    said: () => said,
    settled: async (times) => {
      await vi.waitUntil(() => said.split('Watching.').length - 1 >= times, {
        timeout: 30_000,
        interval: 20,
      })
    },
    stop: () => {
      running.child.kill('SIGINT')
      return running.ended
    },
  }
}

function quietSite(pictures: Record<string, string>): Promise<Site> {
  return siteOf(pictures, {
    'gemini-image.config.mjs': `export default { quietPeriod: ${QUIET}, retryDelay: 5 }\n`,
  })
}

async function asked(gemini: FakeGemini, count: number): Promise<void> {
  await vi.waitUntil(() => gemini.requests.length >= count, { timeout: 30_000, interval: 20 })
  await sleep(QUIET * 3)
  expect(gemini.requests).toHaveLength(count)
}

test('what is missing is drawn at once, what is saved once it rests, and our own writes draw nothing', async () => {
  const gemini = await startGemini()
  const site = await quietSite(plain('one'))
  const watch = watchSite(site, keyed(gemini))
  await watch.settled(1)
  await asked(gemini, 1)
  // Without a pause, in which a busy machine would let the first of them rest.
  for (const text of ['t', 'tw', 'two']) {
    writeFileSync(site.path('src/one.prompt.md'), promptFile(text))
  }
  await watch.settled(2)
  await asked(gemini, 2)
  expect(askedPrompts(gemini)).toEqual(['one', 'two'])
  expect(watch.said().split('Watching.')).toHaveLength(3)
  const { code, stdout } = await watch.stop()
  expect(code).toBe(130)
  expect(stdout).toContain('Stopped watching.')
  expect((await runJson(site, ['verify'])).code).toBe(0)
})

test('it watches where plans look: the configuration of Storybook, and no tests', async () => {
  const gemini = await startGemini()
  const site = await quietSite(plain('one'))
  for (const folder of ['.storybook', 'src/__tests__']) {
    await site.write(`${folder}/two.prompt.md`, promptFile(`two of ${folder}`))
    await site.write(`${folder}/preview.js`, '')
  }
  const watch = watchSite(site, keyed(gemini))
  await watch.settled(1)
  const asking = "import two from './two.prompt.md?gemini-image'\nconsole.log(two)\n"
  await site.save('src/__tests__/preview.js', asking)
  await sleep(QUIET * 5)
  expect(watch.said().split('Watching.')).toHaveLength(2)
  await site.save('.storybook/preview.js', asking)
  await asked(gemini, 2)
  expect(askedPrompts(gemini)).toEqual(['one', 'two of .storybook'])
  await watch.stop()
})

test('new files, deleted files, broken ones and those that are mended', async () => {
  const gemini = await startGemini()
  const site = await quietSite(plain('one'))
  const watch = watchSite(site, keyed(gemini))
  await watch.settled(1)
  await site.write('src/two.prompt.md', '---\nsize: 9K\n---\nTwo')
  await site.save('src/main.js', pageOf(['one', 'two'])['src/main.js'] ?? '')
  await watch.settled(2)
  expect(watch.said()).toContain('UNSUPPORTED_SIZE at src/two.prompt.md:2:7')
  await site.save('src/two.prompt.md', promptFile('two'))
  await watch.settled(3)
  await asked(gemini, 2)
  await site.remove('src/one.prompt.md')
  await watch.settled(4)
  expect(watch.running.child.exitCode).toBeNull()
  await site.save('src/two.prompt.md', promptFile('three'))
  await watch.settled(5)
  await asked(gemini, 3)
  expect((await watch.stop()).code).toBe(130)
})

test('a picture without alternative text is drawn, and told of once', async () => {
  const gemini = await startGemini()
  const site = await quietSite({ one: promptFile('one', { alt: '' }) })
  const watch = watchSite(site, keyed(gemini))
  await watch.settled(1)
  await asked(gemini, 1)
  await site.save('src/one.prompt.md', promptFile('two', { alt: '' }))
  await watch.settled(2)
  await asked(gemini, 2)
  expect(watch.said().split('MISSING_ALT')).toHaveLength(2)
  expect(watch.said()).toContain('src/one.prompt.md:5:1')
  await watch.stop()
})

test('a reference image that is saved is drawn with anew', async () => {
  const gemini = await startGemini()
  const image = (background: string): Promise<Buffer> =>
    sharp({ create: { width: 64, height: 64, channels: 3, background } })
      .png()
      .toBuffer()
  const site = await quietSite({ one: promptFile('one', { references: '[../images/a.png]' }) })
  await site.write('images/a.png', await image('red'))
  await site.write('images/b.png', await image('red'))
  const watch = watchSite(site, keyed(gemini))
  await watch.settled(1)
  await site.save('images/b.png', await image('blue'))
  await asked(gemini, 1)
  await site.save('images/a.png', await image('blue'))
  await watch.settled(2)
  await asked(gemini, 2)
  expect((await watch.stop()).code).toBe(130)
})

test('what was refused is not paid for again until it is changed', async () => {
  const gemini = await startGemini()
  gemini.fault({ kind: 'blocked', match: /^bad$/, times: 2 })
  const site = await quietSite(plain('bad', 'good'))
  const watch = watchSite(site, keyed(gemini))
  await watch.settled(1)
  await asked(gemini, 2)
  expect(watch.said()).toContain('BLOCKED at src/bad.prompt.md')
  expect(watch.said()).toContain('2 pictures, 1 missing. Watching.')
  await site.save('src/good.prompt.md', promptFile('better'))
  await watch.settled(2)
  await asked(gemini, 3)
  await site.save('src/bad.prompt.md', promptFile('bad'))
  await watch.settled(3)
  expect(watch.said()).toMatch(/It was refused on [^]*generate "src\/bad\.prompt\.md" --retry/)
  await asked(gemini, 3)
  await site.save('src/bad.prompt.md', promptFile('fair'))
  await watch.settled(4)
  await asked(gemini, 4)
  await watch.stop()
})

test('without a key, or frozen, it says so and spends nothing', async () => {
  const site = await quietSite(plain('one'))
  const keyless = watchSite(site, {})
  await keyless.settled(1)
  expect(keyless.said()).toContain('1 picture, 1 missing: there is no API key. Watching.')
  expect((await keyless.stop()).code).toBe(130)
  const gemini = await startGemini()
  const frozen = watchSite(site, { ...keyed(gemini), CI: 'true' })
  await frozen.settled(1)
  expect(frozen.said()).toContain('1 missing: the mode is "frozen". Watching.')
  await frozen.stop()
  expect(gemini.requests).toEqual([])
})

test('Ctrl-C lets the call under way land, begins no other, and says what it did', async () => {
  const gemini = await startGemini({ latency: 800 })
  const site = await quietSite(plain('one', 'two', 'three'))
  const watch = watchSite(site, keyed(gemini), '--concurrency', '1', '--json')
  await vi.waitUntil(() => gemini.requests.length === 1, { timeout: 30_000 })
  const { code, stdout, output } = await watch.stop()
  expect(code).toBe(130)
  expect(JSON.parse(stdout)).toMatchObject({ generated: 1 })
  expect(output).not.toMatch(/AbortError|DEFECT|at .*\.js:/)
  expect(gemini.requests).toHaveLength(1)
  expect((await pinned(site)).size).toBe(1)
})

test('a second Ctrl-C cuts off what is under way', async () => {
  const gemini = await startGemini({ latency: 30_000 })
  const site = await quietSite(plain('one'))
  const watch = watchSite(site, keyed(gemini))
  await vi.waitUntil(() => gemini.requests.length === 1, { timeout: 30_000 })
  watch.running.child.kill('SIGINT')
  await vi.waitUntil(() => watch.said().includes('Press Ctrl-C again'), { timeout: 30_000 })
  const { code, output } = await watch.stop()
  expect(code).toBe(130)
  expect(output).toContain('STOPPED')
})

test('node_modules, built files and links in a circle are left alone', async () => {
  const gemini = await startGemini()
  const site = await quietSite(plain('one'))
  await symlink('..', site.path('src/up'))
  await site.write('node_modules/x/index.js', '')
  const watch = watchSite(site, keyed(gemini))
  await watch.settled(1)
  await site.write('node_modules/x/y.prompt.md', 'No')
  await site.write('dist/y.js', 'no')
  await site.write('.cache/y.js', 'no')
  await sleep(QUIET * 4)
  expect(watch.said().split('Watching.')).toHaveLength(2)
  await site.save('src/one.prompt.md', promptFile('two'))
  await watch.settled(2)
  await asked(gemini, 2)
  expect((await watch.stop()).code).toBe(130)
})

test('a configuration that is saved asks to start again', async () => {
  const site = await quietSite(plain('one'))
  const watch = watchSite(site, {})
  await watch.settled(1)
  await site.save('gemini-image.config.mjs', 'export default {}\n')
  await vi.waitUntil(() => watch.said().includes('start watch again'), { timeout: 30_000 })
  expect((await watch.stop()).code).toBe(130)
})
