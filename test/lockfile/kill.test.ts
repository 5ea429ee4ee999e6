import { setTimeout as sleep } from 'node:timers/promises'
import { parseLockfile, type LockEntries } from '@gemini-image/core/internal'
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

/** Fingerprints of calls whose answers have arrived: pinned, or in the journal. */
async function arrived(site: Site): Promise<string[]> {
  const jobs = 'node_modules/.cache/gemini-image/jobs'
  const names = (await site.list(jobs)).filter((name) => name.endsWith('.json'))
  const texts = await Promise.all(names.map((name) => site.read(`${jobs}/${name}`)))
  const isAnswered = texts.map((text) => text.startsWith('{"state":"answered"'))
  const answered = names.filter((_, index) => isAnswered[index])
  return [...(await entriesOf(site)).keys(), ...answered.map((name) => name.slice(0, 64))]
}

async function entriesOf(site: Site): Promise<LockEntries> {
  const text = await site.read('gemini-image.lock').catch(() => undefined)
  if (text === undefined) return new Map()
  return parseLockfile(text, { file: '', path: 'gemini-image.lock', line: 1, column: 1 }).entries
}

test('SIGKILL at any moment leaves a lockfile that reads, no half object, and nothing to pay twice', async () => {
  const gemini = await startGemini({ latency: 10 })
  const site = await siteOfEight()
  /** Fingerprint → how many requests there had been when its answer was known to have arrived. */
  const since = new Map<string, number>()
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
    await sleep(round * 6)
    child.kill('SIGKILL')
    await ended
    for (const fingerprint of await arrived(site)) {
      if (!since.has(fingerprint)) since.set(fingerprint, gemini.requests.length)
    }
    const found = await verify(site)
    expect(found).toMatchObject({ lost: [], corrupt: [] })
    expect(found.sound).toBeGreaterThanOrEqual(sound)
    sound = found.sound
  }
  expect(sound).toBe(NAMES.length)
  const prompts = new Map(
    [...(await entriesOf(site))].map(([key, { request }]) => [key, request?.['prompt']]),
  )
  for (const [fingerprint, count] of since) {
    const later = gemini.requests.slice(count).map(({ prompt }) => prompt)
    expect(later).not.toContain(prompts.get(fingerprint))
  }
  expect(since.size).toBe(NAMES.length)
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
