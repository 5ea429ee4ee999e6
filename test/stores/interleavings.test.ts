import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startFakeS3, type FakeS3 } from '../fake-s3/server.ts'
import { runCommand } from '../support/command.ts'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { startCli } from '../support/process.ts'
import { createSite, pageOf, promptFile, type Site } from '../support/site.ts'
import { buildSite, keyed, serveSite } from '../support/vite.ts'

const NAMES = ['p0', 'p1', 'p2', 'p3']

async function serve(): Promise<FakeS3> {
  const server = await startFakeS3()
  onTestFinished(() => server.close())
  return server
}

/** A machine of the team. */
function machine({ url }: FakeS3, prompts: Readonly<Record<string, string>> = {}): Promise<Site> {
  const declared = NAMES.map((name) => [`src/${name}.prompt.md`, promptFile(name)])
  return createSite({
    ...pageOf(NAMES),
    ...Object.fromEntries(declared),
    ...prompts,
    'gemini-image.config.ts': `
      import { defineConfig, s3Store } from 'unplugin-gemini-image/config'
      const shared = s3Store({ bucket: 'team', endpoint: '${url}', retryDelay: 5, attempts: 2 })
      export default defineConfig({ store: { commit: false, leaseExpiry: 1500, shared } })`,
  })
}

const GENERATE = ['generate', '--yes']

test('what the team has paid for is taken over without a budget for it', async () => {
  const server = await serve()
  const gemini = await startGemini()
  const refers = { 'src/p3.prompt.md': promptFile('p3', { references: '[./p0.prompt.md]' }) }
  const [first, second] = [await machine(server, refers), await machine(server, refers)]
  expect(await runCommand(first.root, GENERATE, keyed(gemini))).toMatchObject({ code: 0 })
  const last = await runCommand(second.root, [...GENERATE, '--budget', '0'], keyed(gemini))
  expect(last.output).not.toContain('BUDGET_EXCEEDED')
  expect(last.code).toBe(0)
  expect(gemini.requests).toHaveLength(NAMES.length)
  expect(await second.read('gemini-image.lock')).toBe(await first.read('gemini-image.lock'))
  // Who has paid has the lines.
  expect((await first.read('gemini-image.ledger')).trimEnd().split('\n')).toHaveLength(NAMES.length)
  expect(await second.list('.')).not.toContain('gemini-image.ledger')
  await second.write('src/p1.prompt.md', promptFile('New'))
  const poor = await runCommand(second.root, [...GENERATE, '--budget', '0'], keyed(gemini))
  expect(poor.output).toContain('BUDGET_EXCEEDED')
  expect(gemini.requests).toHaveLength(NAMES.length)
})

test('a store that fails between the lease and the call: no call, and the lease is given back', async () => {
  const server = await serve()
  const gemini = await startGemini()
  const site = await machine(server)
  // The look before the lease is answered, the one after it is not.
  const { objects } = server
  const set = objects.set.bind(objects)
  objects.set = (key, bytes) => {
    if (/^leases\/.*\/0$/.test(key) && !String(bytes).includes('"released":true')) {
      server.fault({ kind: 503, match: /^GET results\//, times: 2 })
    }
    return set(key, bytes)
  }
  const failed = await runCommand(site.root, [...GENERATE, '--concurrency', '1'], keyed(gemini))
  expect(failed).toMatchObject({ code: 1, output: expect.stringContaining('STORE_UNAVAILABLE') })
  expect(gemini.requests).toEqual([])
  const leases = [...objects].filter(([key]) => key.startsWith('leases/'))
  expect(leases.length).toBeGreaterThan(0)
  for (const [, bytes] of leases) expect(String(bytes)).toContain('"released":true')
})

test('a lease that cannot be renewed ends the attempts, and what was answered is kept', async () => {
  const server = await serve()
  const gemini = await startGemini({ latency: 4000 })
  const site = await machine(server)
  gemini.fault({ kind: 'unavailable', match: /^p0$/ })
  const { ended } = startCli(site.root, GENERATE, keyed(gemini))
  await vi.waitUntil(() => gemini.requests.length === NAMES.length, { timeout: 20_000 })
  server.fault({ kind: 503, match: /leases\//, times: Infinity })
  const { code, output } = await ended
  expect(code).toBe(1)
  expect(output).toContain('out of touch')
  // The one that failed was not asked for again.
  expect(gemini.requests).toHaveLength(NAMES.length)
  const plan = await runCommand(site.root, ['plan', '--json'])
  expect(JSON.parse(plan.stdout)).toMatchObject({ pinned: 3, missing: 1 })
})

test('Ctrl-C ends a run that waits for another machine; twice, one whose store hangs', async () => {
  const server = await serve()
  const gemini = await startGemini({ latency: 6000 })
  const [first, second] = [await machine(server), await machine(server)]
  const paying = startCli(first.root, GENERATE, keyed(gemini))
  await vi.waitUntil(() => gemini.requests.length === NAMES.length, { timeout: 20_000 })
  const waiting = startCli(second.root, GENERATE, keyed(gemini))
  await sleep(2000)
  waiting.child.kill('SIGINT')
  expect(await waiting.ended).toMatchObject({
    code: 130,
    output: expect.stringContaining('waiting for another machine'),
  })
  expect(paying.child.exitCode).toBeNull()
  expect(await paying.ended).toMatchObject({ code: 0 })
  server.requests.splice(0)
  server.fault({ kind: 'hang', match: /^GET results\//, times: Infinity })
  const hanging = startCli(second.root, GENERATE, keyed(gemini))
  await vi.waitUntil(() => server.requests.length > 0, { timeout: 20_000 })
  hanging.child.kill('SIGINT')
  await sleep(300)
  hanging.child.kill('SIGINT')
  const stopped = performance.now()
  expect((await hanging.ended).code).not.toBe(0)
  // The store itself would give up after thirty seconds.
  expect(performance.now() - stopped).toBeLessThan(20_000)
  expect(askedPrompts(gemini)).toEqual(NAMES)
})

test('turns and variants come from the store, and nothing is paid again', async () => {
  const server = await serve()
  const gemini = await startGemini()
  const more = {
    'src/p0.prompt.md': promptFile('p0', { turns: '[Make it blue, Make it green]' }),
    'src/p1.prompt.md': promptFile('p1', { variants: '3' }),
  }
  const [first, second] = [await machine(server, more), await machine(server, more)]
  const paid = await runCommand(first.root, GENERATE, keyed(gemini))
  expect(paid).toMatchObject({ code: 0 })
  const calls = gemini.requests.length
  expect(calls).toBe(8)
  expect(await runCommand(second.root, GENERATE, keyed(gemini))).toMatchObject({ code: 0 })
  expect(gemini.requests).toHaveLength(calls)
  expect(await second.read('gemini-image.lock')).toBe(await first.read('gemini-image.lock'))
})

test('a dev server shows pictures that are only in the store, and pays for nothing', async () => {
  const server = await serve()
  const gemini = await startGemini()
  const [first, second] = [await machine(server), await machine(server)]
  await runCommand(first.root, GENERATE, keyed(gemini))
  await second.write('gemini-image.lock', await first.read('gemini-image.lock'))
  const { server: dev } = await serveSite(second, { env: keyed(gemini) })
  await dev.transformRequest('/src/main.js')
  await Promise.all(
    NAMES.map((name) => dev.transformRequest(`/src/${name}.prompt.md?gemini-image`)),
  )
  expect((await second.list('.gemini-image')).filter((name) => name.endsWith('.jpg'))).toHaveLength(
    NAMES.length,
  )
  expect(gemini.requests).toHaveLength(NAMES.length)
})

test('an unknown value of GEMINI_IMAGE_STORE is refused, and "readonly" writes nothing', async () => {
  const server = await serve()
  const gemini = await startGemini()
  const site = await machine(server)
  const env = keyed(gemini)
  const odd = await runCommand(site.root, GENERATE, { ...env, GEMINI_IMAGE_STORE: 'read-only' })
  expect(odd).toMatchObject({ code: 1, output: expect.stringContaining('"readonly"') })
  const read = await runCommand(site.root, GENERATE, { ...env, GEMINI_IMAGE_STORE: 'readonly' })
  expect(read.code).toBe(0)
  expect(server.objects.size).toBe(0)
})

test('a frozen build uploads nothing, also where the store has lost everything', async () => {
  const server = await serve()
  const gemini = await startGemini()
  const site = await machine(server)
  expect(await runCommand(site.root, GENERATE, keyed(gemini))).toMatchObject({ code: 0 })
  server.objects.clear()
  await site.remove('node_modules/.cache')
  await buildSite(site, { env: { CI: 'true' } })
  await buildSite(site, { env: { GEMINI_IMAGE_MODE: 'placeholder' } })
  expect(server.objects.size).toBe(0)
  await buildSite(site, { env: keyed(gemini) })
  expect(server.objects.size).toBe(NAMES.length)
})

test('a lost picture that cannot be reached is not paid for again by the command', async () => {
  const server = await serve()
  const gemini = await startGemini()
  const site = await machine(server)
  expect(await runCommand(site.root, GENERATE, keyed(gemini))).toMatchObject({ code: 0 })
  await site.remove('.gemini-image')
  // Only pictures: results and leases are answered.
  server.fault({ kind: 503, match: /^GET objects\//, times: Infinity })
  const { code, output } = await runCommand(site.root, GENERATE, keyed(gemini))
  expect(code).toBe(1)
  expect(output).toContain('STORE_UNAVAILABLE')
  expect(output).not.toContain('generating')
  expect(gemini.requests).toHaveLength(NAMES.length)
})

test('no lease outlives its call: none is left of a picture, and a refused one is given back', async () => {
  const server = await serve()
  const gemini = await startGemini()
  const site = await machine(server)
  gemini.fault({ kind: 'blocked', match: /^p0$/ })
  expect(await runCommand(site.root, GENERATE, keyed(gemini))).toMatchObject({ code: 1 })
  const leases = [...server.objects].filter(([key]) => key.startsWith('leases/'))
  expect(leases.map(([, bytes]) => JSON.parse(String(bytes)) as unknown)).toEqual([
    expect.objectContaining({ released: true }),
  ])
})
