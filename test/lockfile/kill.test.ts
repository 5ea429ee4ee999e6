import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { runCli, startCli, startVite, viteConfig } from '../support/process.ts'
import { createSite, pageOf, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'

const NAMES = Array.from({ length: 8 }, (_, index) => `p${index}`)

async function siteOfEight(): Promise<Site> {
  const prompts = NAMES.map((name) => [`src/${name}.prompt.md`, promptFile(name)])
  return createSite({ ...pageOf(NAMES), ...viteConfig(), ...Object.fromEntries(prompts) })
}

interface Verified {
  readonly sound: number
  readonly lost: readonly unknown[]
  readonly corrupt: readonly unknown[]
}

async function verify(site: Site): Promise<Verified> {
  const { output } = await runCli(site.root, ['verify', '--json'])
  return JSON.parse(output) as Verified
}

test('SIGKILL at any moment leaves a lockfile that reads, and no half object', async () => {
  const gemini = await startGemini({ latency: 10 })
  const site = await siteOfEight()
  let sound = 0
  for (let round = 0; sound < NAMES.length && round < 60; round += 1) {
    const before = gemini.requests.length
    const args = ['generate', '--yes', '--concurrency', '2']
    const { child, ended } = startCli(site.root, args, keyed(gemini))
    await vi.waitUntil(() => gemini.requests.length > before || child.exitCode !== null, {
      timeout: 30_000,
      interval: 1,
    })
    // From the first call on, ever later: in the middle of drawing, storing and pinning.
    await sleep(round * 3)
    child.kill('SIGKILL')
    await ended
    const found = await verify(site)
    expect(found).toMatchObject({ lost: [], corrupt: [] })
    expect(found.sound).toBeGreaterThanOrEqual(sound)
    sound = found.sound
  }
  expect(sound).toBe(NAMES.length)
}, 180_000)

test('a command and two builds started at one moment pay once for each picture and lose no entry', async () => {
  const gemini = await startGemini({ latency: 200 })
  const site = await siteOfEight()
  const ended = await Promise.all([
    runCli(site.root, ['generate', '--yes'], keyed(gemini)),
    startVite(site.root, ['build', '--outDir', 'dist1'], keyed(gemini)).ended,
    startVite(site.root, ['build', '--outDir', 'dist2'], keyed(gemini)).ended,
  ])
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0])
  expect(askedPrompts(gemini)).toEqual(NAMES)
  expect(await verify(site)).toMatchObject({ sound: NAMES.length, lost: [], corrupt: [] })
})

test('Ctrl-C lets calls under way land and begins no other', async () => {
  const gemini = await startGemini({ latency: 1500 })
  const site = await siteOfEight()
  const { child, ended } = startCli(
    site.root,
    ['generate', '--yes', '--concurrency', '2'],
    keyed(gemini),
  )
  await vi.waitUntil(() => gemini.requests.length === 2, { timeout: 20_000, interval: 5 })
  child.kill('SIGINT')
  const { code, output } = await ended
  expect(code).toBe(130)
  expect(output).toContain('Stopped. 2 pictures generated')
  expect(gemini.requests).toHaveLength(2)
  expect(await verify(site)).toMatchObject({ sound: 2, lost: [], corrupt: [] })
})

test('a second Ctrl-C cuts them off, and says what they may have cost', async () => {
  const gemini = await startGemini()
  gemini.fault({ kind: 'hang', times: Infinity })
  const site = await siteOfEight()
  const { child, ended } = startCli(site.root, ['generate', '--yes'], keyed(gemini))
  await vi.waitUntil(() => gemini.requests.length === 6, { timeout: 20_000, interval: 5 })
  child.kill('SIGINT')
  await sleep(300)
  child.kill('SIGINT')
  const { code, output } = await ended
  expect(output).toContain('STOPPED')
  expect(output).toContain('It may have been paid for')
  expect(code).not.toBe(0)
  expect(await verify(site)).toMatchObject({ sound: 0, lost: [], corrupt: [] })
})
