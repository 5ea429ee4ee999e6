import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { runCli, startCli } from '../support/process.ts'
import { createSite, pageOf, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'

const NAMES = ['p0', 'p1', 'p2', 'p3']

async function siteOfFour(): Promise<Site> {
  const prompts = NAMES.map((name) => [`src/${name}.prompt.md`, promptFile(name)])
  return createSite({ ...pageOf(NAMES), ...Object.fromEntries(prompts) })
}

test('Ctrl-C ends a run that waits for another process, and the other goes on', async () => {
  const gemini = await startGemini({ latency: 6000 })
  const site = await siteOfFour()
  const first = startCli(site.root, ['generate', '--yes'], keyed(gemini))
  await vi.waitUntil(() => gemini.requests.length === 4, { timeout: 20_000 })
  const second = startCli(site.root, ['generate', '--yes'], keyed(gemini))
  await sleep(1500)
  second.child.kill('SIGINT')
  const { code, output } = await second.ended
  expect(output).toContain('waiting for another process')
  expect(code).toBe(130)
  expect(first.child.exitCode).toBeNull()
  expect(await first.ended).toMatchObject({ code: 0 })
  expect(gemini.requests).toHaveLength(4)
})

test('a process that stood still and was replaced pays for no more', async () => {
  const gemini = await startGemini({ latency: 1500 })
  const site = await siteOfFour()
  const args = ['generate', '--yes', '--concurrency', '1']
  const first = startCli(site.root, args, keyed(gemini))
  await vi.waitUntil(() => gemini.requests.length === 1, { timeout: 20_000 })
  first.child.kill('SIGSTOP')
  const second = startCli(site.root, args, keyed(gemini))
  await vi.waitUntil(() => gemini.requests.length === 2, { timeout: 20_000 })
  first.child.kill('SIGCONT')
  const stopped = await first.ended
  expect(stopped.output).toContain('LOCK_TIMEOUT')
  expect(stopped.output).toContain('taken over')
  expect(await second.ended).toMatchObject({ code: 0 })
  // The call that was under way when it was stopped, and one for each picture.
  expect(gemini.requests).toHaveLength(5)
  const verified = await runCli(site.root, ['verify', '--json'])
  expect(JSON.parse(verified.stdout)).toMatchObject({ sound: 4, lost: [], corrupt: [] })
})
