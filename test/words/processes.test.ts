import { mkdir, rm } from 'node:fs/promises'
import { expect, test, vi } from 'vitest'
import { startCli } from '../support/process.ts'
import { keyed } from '../support/vite.ts'
import { modalities, pinnedIn, stage } from './stage.ts'

test('a text that a killed process had pinned is drawn from, and not paid for again', async () => {
  const { gemini, site, run } = await stage()
  gemini.fault({ kind: 'hang', match: /poster/ })
  const { child, ended } = startCli(site.root, ['generate', '--yes'], keyed(gemini))
  await vi.waitUntil(() => gemini.requests.length === 2, { timeout: 20_000 })
  const before = await pinnedIn(site)
  child.kill('SIGKILL')
  await ended
  expect(before).toMatchObject({ texts: [{}], pictures: [] })
  const next = await run('generate', '--yes')
  expect(next).toMatchObject({ code: 0, report: { generated: 1 } })
  expect(next.stderr).toMatch(/1 call of a process that was killed may have been paid for/)
  expect(modalities(gemini)).toEqual(['TEXT', 'IMAGE', 'IMAGE'])
  expect(await pinnedIn(site)).toMatchObject({ texts: before.texts, pictures: [{}] })
})

test('a text that was answered and could not be pinned is taken over by the next run', async () => {
  const { gemini, site, run } = await stage()
  gemini.setLatency(300)
  const running = run('generate', '--yes')
  await vi.waitUntil(() => gemini.requests.length === 1, { timeout: 20_000 })
  await mkdir(site.path('gemini-image.lock'))
  expect(await running).toMatchObject({ code: 1 })
  gemini.setLatency(0)
  await rm(site.path('gemini-image.lock'), { recursive: true })
  const next = await run('generate', '--yes')
  expect(next).toMatchObject({ code: 0, report: { generated: 1 } })
  expect(next.stderr).toContain('1 call of an earlier run had been answered, and cost nothing now')
  expect(modalities(gemini)).toEqual(['TEXT', 'IMAGE'])
})
