import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { startCli } from '../support/process.ts'
import { createSite, pageOf, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'

const NAMES = ['p0', 'p1', 'p2', 'p3']

async function siteOfFour(): Promise<Site> {
  const prompts = NAMES.map((name) => [`src/${name}.prompt.md`, promptFile(name)])
  return createSite({ ...pageOf(NAMES), ...Object.fromEntries(prompts) })
}

test('Ctrl-C ends a run that waits for another process, and the other goes on', async () => {
  const gemini = await startGemini({ latency: 10_000 })
  const site = await siteOfFour()
  const first = startCli(site.root, ['generate', '--yes'], keyed(gemini))
  await vi.waitUntil(() => gemini.requests.length === 4, { timeout: 20_000 })
  const second = startCli(site.root, ['generate', '--yes'], keyed(gemini))
  let said = ''
  second.child.stderr?.on('data', (text: string) => (said += text))
  await vi.waitUntil(() => said.includes('waiting for another process'), { timeout: 20_000 })
  second.child.kill('SIGINT')
  const { code, output } = await second.ended
  expect(output).not.toMatch(/DEFECT|AbortError/)
  expect(code).toBe(130)
  expect(first.child.exitCode).toBeNull()
  expect(await first.ended).toMatchObject({ code: 0 })
  expect(gemini.requests).toHaveLength(4)
})

test.concurrent('a process that is stopped for ten seconds keeps its lock: nobody pays meanwhile', async ({
  expect,
}) => {
  const gemini = await startGemini({ latency: 500 })
  const site = await siteOfFour()
  const args = ['generate', '--yes', '--concurrency', '1']
  const first = startCli(site.root, args, keyed(gemini))
  await vi.waitUntil(() => gemini.requests.length === 1, { timeout: 20_000 })
  first.child.kill('SIGSTOP')
  const second = startCli(site.root, args, keyed(gemini))
  await sleep(10_000)
  expect(gemini.requests).toHaveLength(1)
  first.child.kill('SIGCONT')
  expect(await first.ended).toMatchObject({ code: 0 })
  expect(await second.ended).toMatchObject({ code: 0 })
  expect(gemini.requests).toHaveLength(4)
})

test.concurrent('a lock of another machine is waited out, once it gives no sign of life', async ({
  expect,
}) => {
  const gemini = await startGemini()
  const site = await siteOfFour()
  const lock = { pid: 1, host: 'another machine', nonce: 'theirs', beats: 0 }
  const sign = (): Promise<void> => {
    lock.beats += 1
    return site.write('node_modules/.cache/gemini-image/project.lock', JSON.stringify(lock))
  }
  await sign()
  const { ended } = startCli(site.root, ['generate', '--yes'], keyed(gemini))
  await sleep(5000)
  await sign()
  await sleep(13_000)
  expect(gemini.requests).toHaveLength(0)
  const { code, output } = await ended
  expect(output).toContain('waiting for another process')
  expect(code).toBe(0)
  expect(gemini.requests).toHaveLength(4)
})
