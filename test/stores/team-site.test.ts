import { setTimeout as sleep } from 'node:timers/promises'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { startFakeS3, type FakeS3 } from '../fake-s3/server.ts'
import { runCommand } from '../support/command.ts'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { runCli, startCli, startVite, viteConfig, type Ended } from '../support/process.ts'
import { createSite, pageOf, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { CEPH_KEYS, CEPH_PROGRAMS, startCeph } from './servers/ceph.ts'
import { skipWithout } from './servers/daemon.ts'
import { REDIS_PROGRAMS, startRedis } from './servers/redis.ts'

const NAMES = Array.from({ length: 6 }, (_, index) => `p${index}`)
const KEYS = { accessKeyId: 'AKIDTEST', secretAccessKey: 'a/secret+of=ours' }

/** A team's store as a configuration file writes it, and what the environment adds. */
interface Team {
  readonly store: string
  readonly env: Readonly<Record<string, string>>
}

/** What every machine of the team has checked out. */
function files({ store }: Team, more = ''): Record<string, string> {
  return {
    ...pageOf(NAMES),
    ...viteConfig(),
    ...Object.fromEntries(NAMES.map((name) => [`src/${name}.prompt.md`, promptFile(name)])),
    'gemini-image.config.ts': `
      import { defineConfig, redisStore, s3Store } from 'unplugin-gemini-image/config'
      export default defineConfig({ store: { commit: false, leaseExpiry: 2000, shared: ${store}, ${more} } })`,
  }
}

function amazon(url: string, { accessKeyId, secretAccessKey }: typeof KEYS): Team {
  return {
    store: `s3Store({ bucket: 'team', endpoint: '${url}', retryDelay: 10 })`,
    env: { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
  }
}

async function strictServer(): Promise<{ server: FakeS3; team: Team }> {
  const server = await startFakeS3({ keys: KEYS })
  onTestFinished(() => server.close())
  return { server, team: amazon(server.url, KEYS) }
}

/** What git carries from one machine to another. */
async function cloneOf(site: Site, team: Team, more?: string): Promise<Site> {
  const clone = await createSite(files(team, more))
  await clone.write('gemini-image.lock', await site.read('gemini-image.lock'))
  return clone
}

/** A machine that has generated everything, and a clone that has only what git carries. */
async function shared(team: Team, more?: string): Promise<{ first: Site; clone: Site }> {
  const gemini = await startGemini()
  const first = await createSite(files(team))
  const ended = await runCommand(first.root, ['generate', '--yes'], {
    ...keyed(gemini),
    ...team.env,
  })
  expect(ended).toMatchObject({ code: 0 })
  expect(gemini.requests).toHaveLength(NAMES.length)
  return { first, clone: await cloneOf(first, team, more) }
}

/** A build as CI does it: frozen, without a key, without a way to Google. */
function buildInCi(site: Site, env: Readonly<Record<string, string>>): Promise<Ended> {
  return startVite(site.root, ['build'], {
    CI: 'true',
    GOOGLE_GEMINI_BASE_URL: 'http://127.0.0.1:9',
    ...env,
  }).ended
}

interface Lane {
  readonly name: string
  readonly programs: readonly string[]
  start(): Promise<{ team: Team; stop(): Promise<unknown> | void }>
}

const LANES: readonly Lane[] = [
  {
    name: 'a strict S3 server',
    programs: [],
    start: async () => {
      const server = await startFakeS3({ keys: KEYS })
      return { team: amazon(server.url, KEYS), stop: () => server.close() }
    },
  },
  {
    name: 'Ceph',
    programs: CEPH_PROGRAMS,
    start: async () => {
      const server = await startCeph()
      return { team: amazon(server.url, CEPH_KEYS), stop: () => server.stop() }
    },
  },
  {
    name: 'Redis',
    programs: REDIS_PROGRAMS,
    start: async () => {
      const server = await startRedis()
      const team = { store: 'redisStore()', env: { REDIS_URL: server.url } }
      return { team, stop: () => server.stop() }
    },
  },
]

for (const { name, programs, start } of LANES) {
  describe.skipIf(skipWithout(...programs))(`a team with ${name}`, () => {
    let team: Team
    let stop: () => Promise<unknown> | void
    beforeAll(async () => ({ team, stop } = await start()))
    afterAll(() => stop?.())

    test('machines that generate at the same moment pay once for each picture, and a clone builds without a key', async () => {
      const gemini = await startGemini({ latency: 300 })
      const machines = await Promise.all([1, 2, 3].map(() => createSite(files(team))))
      const ended = await Promise.all(
        machines.map(({ root }) =>
          runCli(root, ['generate', '--yes', '--concurrency', '2'], {
            ...keyed(gemini),
            ...team.env,
          }),
        ),
      )
      expect(ended.map(({ code, output }) => (code === 0 ? code : output))).toEqual([0, 0, 0])
      expect(askedPrompts(gemini)).toEqual(NAMES)
      const locks = await Promise.all(machines.map((site) => site.read('gemini-image.lock')))
      expect(new Set(locks).size).toBe(1)
      const [first] = machines
      if (!first) throw new Error('There is one')
      const clone = await cloneOf(first, team)
      const build = await buildInCi(clone, team.env)
      expect(build.output).toContain('6 pictures: 6 pinned')
      expect(build.code).toBe(0)
      expect(await clone.list('.gemini-image')).toEqual(await first.list('.gemini-image'))
      expect(gemini.requests).toHaveLength(NAMES.length)
    })

    test('a machine that is killed amid a call is waited for, and then another pays', async () => {
      const gemini = await startGemini()
      const [killed, next] = [await createSite(files(team)), await createSite(files(team))]
      // Prompts of this test alone: the store is that of the test before.
      for (const site of [killed, next]) {
        await site.write('src/p0.prompt.md', promptFile('Killed amid a call'))
        await site.write('src/main.js', "import './p0.prompt.md?gemini-image'\n")
      }
      gemini.fault({ kind: 'hang', match: /Killed/ })
      const env = { ...keyed(gemini), ...team.env }
      const first = startCli(killed.root, ['generate', '--yes'], env)
      await vi.waitUntil(() => gemini.requests.length === 1, { timeout: 20_000 })
      const second = startCli(next.root, ['generate', '--yes'], env)
      await sleep(2500)
      expect(gemini.requests).toHaveLength(1)
      first.child.kill('SIGKILL')
      const { code, output } = await second.ended
      expect(output).toContain('waiting for another machine')
      expect(code).toBe(0)
      expect(gemini.requests).toHaveLength(2)
    })
  })
}

describe('a shared store', () => {
  test('is asked for nothing where everything is here', async () => {
    const { server, team } = await strictServer()
    const { first } = await shared(team)
    server.requests.splice(0)
    expect(await buildInCi(first, team.env)).toMatchObject({ code: 0 })
    const gemini = await startGemini()
    const built = await startVite(first.root, ['build'], { ...keyed(gemini), ...team.env }).ended
    expect(built.code).toBe(0)
    expect(server.requests).toEqual([])
  })

  test('keeps its pictures out of git where they are not committed', async () => {
    const { team } = await strictServer()
    const { first, clone } = await shared(team)
    expect(await first.read('.gemini-image/.gitignore')).toMatch(/^\*$/m)
    expect(await buildInCi(clone, team.env)).toMatchObject({ code: 0 })
    expect(await clone.read('.gemini-image/.gitignore')).toMatch(/^\*$/m)
  })

  test('that is only read is never written to, also by a machine that generates', async () => {
    const { server, team } = await strictServer()
    const { clone } = await shared(team, 'readonly: true')
    await clone.write('src/p0.prompt.md', promptFile('New in a fork'))
    server.requests.splice(0)
    const gemini = await startGemini()
    const env = { ...keyed(gemini), ...team.env }
    expect(await runCommand(clone.root, ['generate', '--yes'], env)).toMatchObject({ code: 0 })
    expect(gemini.requests).toHaveLength(1)
    expect(server.requests.filter((line) => !/^(?:GET|HEAD) /.test(line))).toEqual([])
  })

  test('counts as stored in a plan, which fetches nothing', async () => {
    const { server, team } = await strictServer()
    const { clone } = await shared(team)
    server.requests.splice(0)
    const { code, output } = await runCommand(clone.root, ['plan', '--json'], team.env)
    expect(code).toBe(0)
    expect(JSON.parse(output)).toMatchObject({ pinned: 6, missing: 0 })
    expect(await clone.list('.gemini-image')).toEqual([])
    expect(server.requests.every((line) => line.startsWith('HEAD '))).toBe(true)
  })

  test('saves a batch what another machine has paid for, and generate fetches what is lost here', async () => {
    const { server, team } = await strictServer()
    const { clone } = await shared(team)
    const gemini = await startGemini({ batch: { polls: 1 } })
    const env = { ...keyed(gemini), ...team.env }
    expect(await runCommand(clone.root, ['generate', '--yes'], env)).toMatchObject({ code: 0 })
    expect(
      (await clone.list('.gemini-image')).filter((name) => name.endsWith('.jpg')),
    ).toHaveLength(6)
    const other = await createSite(files(team))
    await other.write('src/p0.prompt.md', promptFile('Only this one is new'))
    const submitted = await runCommand(other.root, ['generate', '--batch', '--yes', '--json'], env)
    expect(JSON.parse(submitted.stdout)).toMatchObject({
      jobs: [{ items: [{ place: { path: 'src/p0.prompt.md' } }] }],
    })
    await runCommand(other.root, ['batch', 'collect'], env)
    const plan = await runCommand(other.root, ['plan', '--json'], team.env)
    expect(JSON.parse(plan.stdout)).toMatchObject({ pinned: 6 })
    expect(server.requests.filter((line) => line.startsWith('PUT results/'))).toHaveLength(7)
  })

  test('is looked at by status, verify and doctor, which fetch nothing', async () => {
    const { server, team } = await strictServer()
    const { clone } = await shared(team)
    await clone.remove('.gemini-image')
    const json = async (...args: string[]): Promise<Record<string, unknown>> =>
      JSON.parse((await runCommand(clone.root, [...args, '--json'], team.env)).stdout)
    expect(await json('status')).toMatchObject({
      pictures: { pinned: 6 },
      shared: { name: 's3://team' },
    })
    const verified = await json('verify')
    expect(verified).toMatchObject({ sound: 0, lost: [] })
    expect(verified['elsewhere']).toHaveLength(6)
    const { checks } = await json('doctor')
    expect(checks).toContainEqual(
      expect.objectContaining({
        name: 'shared',
        verdict: 'ok',
        text: expect.stringContaining('leases'),
      }),
    )
    expect(await clone.list('.gemini-image')).toEqual([])
    server.objects.clear()
    expect((await json('verify'))['lost']).toHaveLength(6)
    server.fault({ kind: 403, times: Infinity })
    const refused = await runCommand(clone.root, ['doctor', '--json'], team.env)
    expect(refused.code).toBe(1)
    expect(refused.output).not.toContain(KEYS.secretAccessKey)
  })

  test('that returns poisoned bytes fails the build, and nothing of them is written', async () => {
    const { server, team } = await strictServer()
    const { clone } = await shared(team)
    server.fault({ kind: 'poison', match: /^GET objects\// })
    const { code, output } = await buildInCi(clone, team.env)
    expect(code).toBe(1)
    expect(output).toMatch(/CORRUPT_OBJECT at src\/p\d\.prompt\.md/)
    expect(
      (await clone.list('.gemini-image')).filter((name) => name.endsWith('.jpg')),
    ).toHaveLength(5)
    // Nobody pays because of it either.
    const gemini = await startGemini()
    server.fault({ kind: 'poison', match: /^GET objects\// })
    const auto = await startVite(clone.root, ['build'], { ...keyed(gemini), ...team.env }).ended
    expect(auto.output).toContain('CORRUPT_OBJECT')
    expect(gemini.requests).toEqual([])
    expect(await buildInCi(clone, team.env)).toMatchObject({ code: 0 })
  })

  test('that dies in the middle fails a build that needs it, keeps what came, and nobody pays', async () => {
    const { server, team } = await strictServer()
    const { clone } = await shared(team)
    server.fault({ kind: 'die', match: /^GET objects\//, times: Infinity })
    const gemini = await startGemini()
    const auto = await startVite(clone.root, ['build'], { ...keyed(gemini), ...team.env }).ended
    expect(auto.code).toBe(1)
    expect(auto.output).toContain('STORE_UNAVAILABLE')
    expect(gemini.requests).toEqual([])
    const dark = await startVite(clone.root, ['build'], {
      ...team.env,
      GEMINI_IMAGE_MODE: 'placeholder',
    }).ended
    expect(dark.output).toContain('6 placeholders')
    expect(dark.code).toBe(0)
  })

  test('that dies while a run generates: what is paid for is pinned, and no more is paid for', async () => {
    const { server, team } = await strictServer()
    const gemini = await startGemini()
    const site = await createSite(files(team))
    server.fault({ kind: 'die', match: /^PUT results\//, times: Infinity })
    const env = { ...keyed(gemini), ...team.env }
    const { output } = await runCommand(site.root, ['generate', '--yes'], env)
    expect(output).toContain('could not be uploaded')
    const asked = gemini.requests.length
    const plan = await runCommand(site.root, ['plan', '--json'], {
      ...team.env,
      GEMINI_IMAGE_STORE: 'off',
    })
    expect(JSON.parse(plan.output)).toMatchObject({ pinned: asked })
    const again = await runCommand(site.root, ['generate', '--yes'], env)
    expect(again.output).not.toContain('CORRUPT')
    expect(gemini.requests).toHaveLength(NAMES.length)
  })

  test('that is out of reach is never paid around: no lease, no call', async () => {
    const gemini = await startGemini()
    const site = await createSite(files(amazon('http://127.0.0.1:9', KEYS)))
    const env = { ...keyed(gemini), AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'y' }
    const { code, output } = await runCommand(site.root, ['generate', '--yes'], env)
    expect(code).toBe(1)
    expect(output).toContain('STORE_UNAVAILABLE')
    expect(gemini.requests).toEqual([])
    const off = await runCommand(site.root, ['generate', '--yes'], {
      ...env,
      GEMINI_IMAGE_STORE: 'off',
    })
    expect(off.code).toBe(0)
    expect(gemini.requests).toHaveLength(NAMES.length)
  })
})

test('an adopted picture reaches every machine that has its lockfile, and answers nobody else', async () => {
  const { team } = await strictServer()
  const gemini = await startGemini()
  const env = { ...keyed(gemini), ...team.env }
  const first = await createSite(files(team))
  await runCommand(first.root, ['generate', '--yes'], env)
  const mine = sharp({ create: { width: 64, height: 64, channels: 3, background: '#fe0' } })
  await first.write('mine.png', await mine.png().toBuffer())
  const adopting = ['adopt', 'p0', 'mine.png']
  const inCi = await runCommand(first.root, adopting, { ...team.env, CI: 'true' })
  expect(inCi.stdout).toContain('It was not uploaded')
  expect((await runCommand(first.root, adopting, team.env)).code).toBe(0)
  const clone = await cloneOf(first, team)
  const built = await buildInCi(clone, team.env)
  expect([built.code, built.output]).toEqual([0, built.output])
  expect((await clone.list('dist/assets')).filter((name) => name.endsWith('.png'))).toHaveLength(1)
  const other = await createSite(files(team))
  await runCommand(other.root, ['generate', '--yes'], env)
  expect(await other.read('gemini-image.lock')).not.toContain('"adopted"')
  expect(gemini.requests).toHaveLength(NAMES.length)
})
