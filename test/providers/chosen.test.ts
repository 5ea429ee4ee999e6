import { GoogleGenAI } from '@google/genai'
import { openOptions } from '@gemini-image/core'
import { resolveOptions, withEnvFiles } from '@gemini-image/core/internal'
import { OAuth2Client } from 'google-auth-library'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { importing, prompting } from '../errors/stage.ts'
import { EXPRESS_KEY } from '../fake-vertex/server.ts'
import { runCommand } from '../support/command.ts'
import { drive, type Driver } from '../support/driver.ts'
import { startGemini } from '../support/gemini.ts'
import { createSite, pageOf, promptFile, type Site } from '../support/site.ts'
import { buildSite, keyed } from '../support/vite.ts'
import { SERVICE_ACCOUNT, startVertex, writeCredentials } from './vertex-credentials.ts'

type Env = Readonly<Record<string, string>>

const FILES = { 'main.js': importing('hero'), 'hero.prompt.md': prompting('alt: ""') }
const NOWHERE = { CLOUDSDK_CONFIG: '/nowhere' }
const PROJECT = { GOOGLE_CLOUD_PROJECT: 'of-the-variable' }
const LOCATION = { GOOGLE_CLOUD_LOCATION: 'europe-west4' }
const KEY = { GOOGLE_API_KEY: EXPRESS_KEY }

/** A project whose configuration names no provider. */
async function openDriver(site: Site, env: Env): Promise<Driver> {
  return drive(await openOptions({ retryDelay: 5 }, { hostRoot: site.root, env }))
}

function stubEnv(env: Env): void {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  onTestFinished(() => void vi.unstubAllEnvs())
}

const VERTEX = { GOOGLE_GENAI_USE_VERTEXAI: 'true' }
const ENTERPRISE = { GOOGLE_GENAI_USE_ENTERPRISE: 'true' }

describe('variables choose as they do for Google’s own SDK:', () => {
  test.for([
    {},
    VERTEX,
    { GOOGLE_GENAI_USE_VERTEXAI: ' TRUE ' },
    { GOOGLE_GENAI_USE_VERTEXAI: '1' },
    { GOOGLE_GENAI_USE_VERTEXAI: '' },
    ENTERPRISE,
    { ...VERTEX, GOOGLE_GENAI_USE_ENTERPRISE: 'false' },
    { ...VERTEX, GOOGLE_GENAI_USE_ENTERPRISE: '' },
    { ...ENTERPRISE, GOOGLE_GENAI_USE_VERTEXAI: 'false' },
  ] as const)('%j', async (env) => {
    const site = await createSite(FILES)
    const { definition } = await openOptions({}, { hostRoot: site.root, env })
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    onTestFinished(() => void vi.restoreAllMocks())
    stubEnv(env)
    expect(definition.id === 'vertex').toBe(new GoogleGenAI({ apiKey: 'a-key' }).vertexai)
  })
})

test.for([
  ['a project', { ...VERTEX, ...PROJECT }],
  ['a project and a location', { ...ENTERPRISE, ...PROJECT, ...LOCATION }],
  ['a key', { ...VERTEX, ...KEY }],
  ['a key beside a project, which beats it', { ...VERTEX, ...KEY, ...PROJECT }],
  ['a key beside both', { ...VERTEX, ...KEY, ...PROJECT, ...LOCATION }],
] as const)('with %s, they ask where the SDK asks, as whom it does', async ([, variables]) => {
  const [server, site] = await Promise.all([startVertex(), createSite(FILES)])
  const file = await writeCredentials(SERVICE_ACCOUNT)
  const env = { ...NOWHERE, ...variables, GOOGLE_APPLICATION_CREDENTIALS: file }
  const driver = await openDriver(site, env)
  expect(await driver.prepare()).toMatchObject({ generated: 1 })
  stubEnv(variables)
  const authClient = new OAuth2Client()
  const expiry_date = Date.now() + 3_600_000
  authClient.setCredentials({ access_token: server.tokens[0] ?? '', expiry_date })
  const auth = server.tokens.length > 0 && {
    googleAuthOptions: { authClient: authClient as never },
  }
  await new GoogleGenAI({ ...auth }).models.generateContent({
    model: 'gemini-nano-banana-2.1',
    contents: 'A lighthouse',
  })
  const [asked, theirs] = server.requests
  expect(asked?.path).toBe(theirs?.path)
  for (const name of ['authorization', 'x-goog-api-key']) {
    expect(asked?.headers[name]).toBe(theirs?.headers[name])
  }
  const hosts = server.reached.filter((host) => host.endsWith('aiplatform.googleapis.com'))
  expect(hosts).toHaveLength(2)
  expect(new Set(hosts).size).toBe(1)
})

test('a location beats a key as well, and the account’s own project is asked', async () => {
  const [server, site] = await Promise.all([startVertex(), createSite(FILES)])
  const file = await writeCredentials(SERVICE_ACCOUNT)
  const env = { ...VERTEX, ...KEY, ...LOCATION, GOOGLE_APPLICATION_CREDENTIALS: file }
  await (await openDriver(site, env)).prepare()
  expect(server.requests[0]?.path).toMatch(/^\/v1beta1\/projects\/of-the-file\/locations\/europe-/)
  expect(server.requests[0]?.headers['x-goog-api-key']).toBeUndefined()
})

test('a gateway in GOOGLE_VERTEX_BASE_URL is asked, and that of the Gemini API is not', async () => {
  const [server, gemini, site] = await Promise.all([
    startVertex(),
    startGemini(),
    createSite(FILES),
  ])
  const env = { ...keyed(gemini), ...VERTEX, ...KEY, GOOGLE_VERTEX_BASE_URL: server.url }
  await (await openDriver(site, env)).prepare()
  expect(server.requests).toHaveLength(1)
  expect(server.reached[0]).toBe(server.host)
  expect(gemini.requests).toEqual([])
})

test('a configuration that names a provider is not overruled', async () => {
  const site = await createSite(FILES)
  const generate = (): never => expect.unreachable()
  const options = { provider: { name: 'of-our-own', generate } }
  const { company, definition } = await openOptions(options, { hostRoot: site.root, env: VERTEX })
  expect([company, definition.id]).toEqual(['of-our-own', 'google'])
})

test('a picture that is pinned through the Developer API is not paid for again, built or frozen', async () => {
  const [server, gemini] = await Promise.all([startVertex(), startGemini()])
  const site = await createSite({
    ...pageOf(['hero']),
    'src/hero.prompt.md': promptFile('A lighthouse'),
  })
  await buildSite(site, { env: keyed(gemini) })
  const lockfile = await site.read('gemini-image.lock')
  const onVertex = { ...VERTEX, ...KEY, GOOGLE_VERTEX_BASE_URL: server.url }
  await buildSite(site, { env: onVertex })
  await buildSite(site, { env: { ...VERTEX, CI: 'true' } })
  expect(await site.read('gemini-image.lock')).toBe(lockfile)
  expect([gemini.requests.length, server.requests.length]).toEqual([1, 0])

  // The variable reaches a build: what is new is drawn there.
  await site.write('src/hero.prompt.md', promptFile('A harbour'))
  await buildSite(site, { env: onVertex })
  expect([gemini.requests.length, server.requests.length]).toEqual([1, 1])
})

test.for(['.env', '.env.local'])(
  'no %s chooses: the machine’s key stays where it goes',
  async (name) => {
    const [server, gemini] = await Promise.all([startVertex(), startGemini()])
    const warnings: string[] = []
    const site = await createSite({
      ...FILES,
      [name]:
        'GOOGLE_GENAI_USE_ENTERPRISE=true\nGOOGLE_GENAI_USE_VERTEXAI=true\nGOOGLE_CLOUD_PROJECT=evil\n',
    })
    const env = withEnvFiles(
      { dir: site.root, warn: (text) => warnings.push(text) },
      { ...keyed(gemini), ...KEY },
    )
    expect(env['GOOGLE_GENAI_USE_ENTERPRISE']).toBeUndefined()
    expect(env['GOOGLE_GENAI_USE_VERTEXAI']).toBeUndefined()
    expect(warnings).toHaveLength(2)
    expect(warnings[1]).toContain(`${name} sets GOOGLE_GENAI_USE_VERTEXAI, which is ignored`)
    // A host may have loaded the file into the process.
    const loaded = { GOOGLE_GENAI_USE_VERTEXAI: 'true', ...env }
    expect(withEnvFiles({ dir: site.root }, loaded)['GOOGLE_GENAI_USE_VERTEXAI']).toBeUndefined()
    const options = { hostRoot: site.root, env }
    await drive(await openOptions({}, options)).prepare()
    expect([gemini.requests.length, server.requests.length]).toEqual([1, 0])
    expect(resolveOptions({}, options).definition.id).toBe('google')
  },
)

test('doctor says what is used', async () => {
  const [server, site] = await Promise.all([startVertex(), createSite(FILES)])
  const env = { ...VERTEX, ...KEY, GOOGLE_VERTEX_BASE_URL: server.url }
  const { stdout } = await runCommand(site.root, ['doctor', '--json'], env)
  const { checks } = JSON.parse(stdout) as { checks: object[] }
  const text = 'GOOGLE_API_KEY is set, and used.'
  expect(checks).toContainEqual({ name: 'key', verdict: 'ok', text })
})
