import { cp } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { runCli, startVite, viteConfig } from '../support/process.ts'
import { createSite, pageOf, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'

const five = ['one', 'two', 'three', 'four', 'five']

async function siteOfFive(options?: string): Promise<Site> {
  const prompts = five.map((name) => [`src/${name}.prompt.md`, promptFile(name)])
  return createSite({ ...pageOf(five), ...viteConfig(options), ...Object.fromEntries(prompts) })
}

async function pinned(site: Site): Promise<number> {
  const text = await site.read('gemini-image.lock').catch(() => '')
  return text.split('\n').filter((line) => line.startsWith('  ')).length
}

test('a build killed amid five generations pays, run again, only for what had not landed', async () => {
  const gemini = await startGemini()
  // Two land at once, three take long.
  for (const name of ['three', 'four', 'five']) {
    gemini.fault({ kind: 'slow', delay: 30_000, match: new RegExp(`^${name}$`) })
  }
  const site = await siteOfFive()
  const first = startVite(site.root, ['build'], keyed(gemini))
  await vi.waitUntil(async () => (await pinned(site)) === 2 && gemini.requests.length === 5, {
    timeout: 20_000,
    interval: 20,
  })
  first.child.kill('SIGKILL')
  expect((await first.ended).signal).toBe('SIGKILL')
  // What a kill amid a write would leave.
  await site.write('.gemini-image/three.0123456789ab.jpg.123456', 'half')
  await site.write('gemini-image.lock.654321', 'half')
  gemini.reset()
  const second = await startVite(site.root, ['build'], keyed(gemini)).ended
  expect(second.output).toContain('5 pictures: 2 pinned, 3 generated')
  expect(second.code).toBe(0)
  expect(askedPrompts(gemini)).toEqual(['five', 'four', 'three'])
  expect(await site.list('.gemini-image')).toHaveLength(5)
  expect(await site.list('.')).not.toContain('gemini-image.lock.654321')
})

test('a build killed at any moment leaves a lockfile that reads and objects that are whole', async () => {
  const gemini = await startGemini({ latency: 20 })
  const site = await siteOfFive('concurrency: 1')
  for (let round = 0; round < 6; round += 1) {
    const build = startVite(site.root, ['build'], keyed(gemini))
    const before = gemini.requests.length
    await vi.waitUntil(() => gemini.requests.length > before || build.child.exitCode !== null, {
      timeout: 30_000,
      interval: 1,
    })
    await sleep(round * 7)
    build.child.kill('SIGKILL')
    await build.ended
    const check = await startVite(site.root, ['build'], { GEMINI_IMAGE_MODE: 'frozen' }).ended
    expect(check.output).not.toMatch(/CORRUPT/)
  }
  const last = await startVite(site.root, ['build'], keyed(gemini)).ended
  expect(last.code).toBe(0)
  expect(await pinned(site)).toBe(5)
}, 120_000)

test('two builds started together pay once for each picture', async () => {
  const gemini = await startGemini({ latency: 300 })
  const site = await siteOfFive()
  const builds = [0, 1].map((i) =>
    startVite(site.root, ['build', '--outDir', `dist${i}`], keyed(gemini)),
  )
  const ended = await Promise.all(builds.map((build) => build.ended))
  expect(ended.map(({ code }) => code)).toEqual([0, 0])
  expect(askedPrompts(gemini)).toEqual(five.toSorted())
  expect(await pinned(site)).toBe(5)
})

test('the client build and the SSR build of a site, one after another, pay once', async () => {
  const gemini = await startGemini()
  const site = await siteOfFive()
  const client = await startVite(site.root, ['build', '--outDir', 'dist/client'], keyed(gemini))
    .ended
  const args = ['build', '--ssr', 'src/main.js', '--outDir', 'dist/server']
  const server = await startVite(site.root, args, keyed(gemini)).ended
  expect([client.code, server.code]).toEqual([0, 0])
  expect(gemini.requests).toHaveLength(5)
})

describe('the example', () => {
  const example = path.resolve(import.meta.dirname, '../../examples/vite')

  async function copyOfExample(): Promise<Site> {
    const site = await createSite({})
    const skip = new Set(['node_modules', 'dist', 'tsconfig.json'])
    await cp(example, site.root, {
      recursive: true,
      filter: (source) => !skip.has(path.relative(example, source)),
    })
    return site
  }

  test('builds in CI without a key and without a network', async () => {
    const site = await copyOfExample()
    const env = { CI: 'true', GOOGLE_GEMINI_BASE_URL: 'http://127.0.0.1:9' }
    const { code, output } = await startVite(site.root, ['build'], env).ended
    expect(output).toContain('5 pictures: 5 pinned')
    expect(code).toBe(0)
    const shipped = await site.list('dist/assets')
    const pictures = new Set(
      shipped.map((name) => /^(.+?)-\d+-.+\.(?:avif|jpg|webp)$/.exec(name)?.[1]),
    )
    pictures.delete(undefined)
    expect(pictures.size).toBe(5)
  })

  test('fails in CI with the full list after prompts are edited', async () => {
    const site = await copyOfExample()
    const pictures = await site.list('src/pictures')
    for (const name of pictures) {
      await site.write(
        `src/pictures/${name}`,
        `${await site.read(`src/pictures/${name}`)}\nIn rain.`,
      )
    }
    const { code, output } = await startVite(site.root, ['build'], { CI: 'true' }).ended
    expect(code).toBe(1)
    expect(output).toContain('MISSING_PICTURE')
    for (const name of pictures) expect(output).toMatch(new RegExp(`src/pictures/${name}:\\d+:1 `))
  })
})

describe('gemini-image plan', () => {
  test('exits with 2 while something is missing, with 0 when all is pinned, and with 1 on an error', async () => {
    const gemini = await startGemini()
    const site = await siteOfFive()
    await site.write('src/draft.prompt.md', promptFile('Nobody asks for it'))
    const before = await runCli(site.root, ['plan'])
    expect(before.code).toBe(2)
    expect(before.output).toMatch(
      /missing +one +src\/one\.prompt\.md:5:1 +new +gemini-nano-banana-2\.1 +1:1 1K +1024×1024 +\$0\.0336–\$0\.03/,
    )
    expect(before.output).toMatch(/unused +src\/draft\.prompt\.md/)
    expect(before.output).toContain('0 pinned, 5 missing, 1 unused.')
    await startVite(site.root, ['build'], keyed(gemini)).ended
    const after = await runCli(site.root, ['plan', '--json'], { CI: 'true' })
    expect(after.code).toBe(0)
    expect(JSON.parse(after.output)).toMatchObject({
      pinned: 5,
      missing: 0,
      unused: 1,
      total: { least: 0, most: 0 },
    })
    await site.write('src/one.prompt.md', '---\nsize: 1k\n---\nOne')
    const wrong = await runCli(site.root, ['plan'])
    expect(wrong.code).toBe(1)
    expect(wrong.output).toContain('UNSUPPORTED_SIZE at src/one.prompt.md:2:7')
    expect(gemini.requests).toHaveLength(5)
  })

  test('says which command or flag it does not know', async () => {
    const site = await createSite({})
    const { code, output } = await runCli(site.root, ['plan', '--jsn'])
    expect(code).toBe(1)
    expect(output).toContain('--json')
  })
})
