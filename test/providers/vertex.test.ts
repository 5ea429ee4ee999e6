import { execFileSync } from 'node:child_process'
import { createVerify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import process from 'node:process'
import { GoogleGenAI, ProminentPeople } from '@google/genai'
import type { Options } from '@gemini-image/core'
import { resolveOptions, scanProject, withEnvFiles } from '@gemini-image/core/internal'
import { vertex, type VertexOptions } from '@gemini-image/core/providers'
import {
  Compute,
  GoogleAuth,
  Impersonated,
  OAuth2Client,
  UserRefreshClient,
} from 'google-auth-library'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { importing, prompting, thrownBy } from '../errors/stage.ts'
import { EXPRESS_KEY } from '../fake-vertex/server.ts'
import { runCommand } from '../support/command.ts'
import { drive, type Driver } from '../support/driver.ts'
import { startGemini } from '../support/gemini.ts'
import { createSite, pageOf, promptFile, type Site } from '../support/site.ts'
import { buildSite } from '../support/vite.ts'
import { keepsTheContract, type Contestant } from './contract.ts'
import { askedPictures, geminiFault } from './gemini-server.ts'
import {
  KEY_PAIR,
  PERSON,
  RUNNER,
  SERVICE_ACCOUNT,
  startVertex,
  WORKLOAD,
  writeCredentials,
} from './vertex-credentials.ts'

const PROJECT = { project: 'my-project', location: 'europe-west4' } as const
const AT = '/v1beta1/projects/my-project/locations/europe-west4'
/** No folder of gcloud: what lies on this machine is none of a test's. */
const NOWHERE = { CLOUDSDK_CONFIG: '/nowhere' }
const FILES = { 'main.js': importing('hero'), 'hero.prompt.md': prompting('alt: ""') }

function contestant(transport: 'generate-content' | 'interactions') {
  return async (): Promise<Contestant> => {
    const server = await startVertex()
    const file = await writeCredentials(SERVICE_ACCOUNT)
    const definition = vertex(PROJECT)
    const env = { ...NOWHERE, GOOGLE_APPLICATION_CREDENTIALS: file }
    const bad = await writeCredentials({ ...SERVICE_ACCOUNT, private_key: 'none' })
    const [, secret = ''] = SERVICE_ACCOUNT.private_key.split('\n')
    return {
      definition,
      options: { provider: definition, transport },
      env,
      badEnv: { ...env, GOOGLE_APPLICATION_CREDENTIALS: bad },
      // The first token that is given out, and a line of the private key.
      secrets: ['ya29.token-1-that-nothing-repeats', secret],
      asked: () => askedPictures(server.gemini),
      happen: (mishap) =>
        server.gemini.fault(geminiFault(mishap, ['ya29.token-1-that-nothing-repeats'])),
    }
  }
}

describe('generateContent', () => {
  keepsTheContract(contestant('generate-content'))
})
describe('interactions', () => {
  keepsTheContract(contestant('interactions'))
})

interface Run {
  readonly env?: Readonly<Record<string, string>>
  readonly vertex?: VertexOptions
  readonly options?: Options
}

function driver(site: Site, { env, vertex: how = PROJECT, options }: Run): Driver {
  return drive(
    resolveOptions(
      { retryDelay: 5, concurrency: 1, provider: vertex(how), ...options },
      { hostRoot: site.root, env: { ...NOWHERE, ...env } },
    ),
  )
}

describe('credentials', () => {
  test('of a service account sign a token of their own', async () => {
    const [server, site] = await Promise.all([startVertex(), createSite(FILES)])
    const GOOGLE_APPLICATION_CREDENTIALS = await writeCredentials(SERVICE_ACCOUNT)
    await driver(site, { env: { GOOGLE_APPLICATION_CREDENTIALS } }).prepare()
    const [asked] = server.exchanges
    const form = new URLSearchParams(asked?.body)
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer')
    const [head = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.')
    expect(
      createVerify('RSA-SHA256')
        .update(`${head}.${claims}`)
        .verify(KEY_PAIR.publicKey, signature, 'base64url'),
    ).toBe(true)
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      iss: SERVICE_ACCOUNT.client_email,
      scope: 'https://www.googleapis.com/auth/cloud-platform',
    })
    expect(server.requests).toMatchObject([
      {
        path: `${AT}/publishers/google/models/gemini-nano-banana-2.1:generateContent`,
        headers: { authorization: `Bearer ${server.tokens[0]}` },
      },
    ])
    expect(server.requests[0]?.headers['x-goog-api-key']).toBeUndefined()
    expect(server.reached.filter((host) => host.endsWith('.googleapis.com'))).toEqual([
      'oauth2.googleapis.com',
      'europe-west4-aiplatform.googleapis.com',
    ])
  })

  test('of a person are refreshed, and say who pays', async () => {
    const [server, site] = await Promise.all([startVertex(), createSite(FILES)])
    const GOOGLE_APPLICATION_CREDENTIALS = await writeCredentials(PERSON)
    await driver(site, { env: { GOOGLE_APPLICATION_CREDENTIALS } }).prepare()
    expect(Object.fromEntries(new URLSearchParams(server.exchanges[0]?.body))).toEqual({
      grant_type: 'refresh_token',
      refresh_token: PERSON.refresh_token,
      client_id: PERSON.client_id,
      client_secret: PERSON.client_secret,
    })
    expect(server.requests[0]?.headers).toMatchObject({ 'x-goog-user-project': 'who-pays' })
  })

  test('of GitHub Actions go from the runner to a service account', async () => {
    const [server, site] = await Promise.all([startVertex(), createSite(FILES)])
    const env = {
      GOOGLE_APPLICATION_CREDENTIALS: await writeCredentials(WORKLOAD),
      ACTIONS_ID_TOKEN_REQUEST_URL: `${RUNNER}/runner/token`,
    }
    await driver(site, { env }).prepare()
    expect(server.exchanges.map(({ path }) => path)).toEqual([
      '/runner/token',
      '/v1/token',
      '/v1/projects/-/serviceAccounts/images@p.iam.gserviceaccount.com:generateAccessToken',
    ])
    expect(server.exchanges[0]?.headers).toMatchObject({
      authorization: 'Bearer the-token-of-the-runner',
    })
    expect(new URLSearchParams(server.exchanges[1]?.body).get('subject_token')).toBe(
      'the-runner-s-own-token',
    )
    expect(server.requests[0]?.headers['authorization']).toBe(`Bearer ${server.tokens[1]}`)
  })

  test('of a key without a project ask the global address', async () => {
    const [server, site] = await Promise.all([startVertex(), createSite(FILES)])
    await driver(site, { env: { GOOGLE_API_KEY: EXPRESS_KEY }, vertex: {} }).prepare()
    expect(server.exchanges).toEqual([])
    expect(server.requests).toMatchObject([
      {
        path: '/v1beta1/publishers/google/models/gemini-nano-banana-2.1:generateContent',
        headers: { 'x-goog-api-key': EXPRESS_KEY },
      },
    ])
    expect(server.reached[0]).toBe('aiplatform.googleapis.com')
  })

  test('of a key are sent with a project where that is wanted, and only there', async () => {
    const [server, site] = await Promise.all([startVertex(), createSite(FILES)])
    const env = { GOOGLE_API_KEY: EXPRESS_KEY }
    await driver(site, { env, vertex: { ...PROJECT, useKey: true } }).prepare()
    expect(server.requests[0]?.path).toMatch(`${AT}/publishers/google/models/`)
    expect(server.requests[0]?.headers['x-goog-api-key']).toBe(EXPRESS_KEY)
    const other = await createSite(FILES)
    const file = await writeCredentials(SERVICE_ACCOUNT)
    await driver(other, { env: { ...env, GOOGLE_APPLICATION_CREDENTIALS: file } }).prepare()
    expect(server.requests[1]?.headers['x-goog-api-key']).toBeUndefined()
  })

  test('are renewed amid a run, before they end, and not oftener', async () => {
    const files = {
      'main.js': importing('a', 'b', 'c'),
      'a.prompt.md': prompting('alt: ""', 'A'),
      'b.prompt.md': prompting('alt: ""', 'B'),
      'c.prompt.md': prompting('alt: ""', 'C'),
    }
    const env = { GOOGLE_APPLICATION_CREDENTIALS: await writeCredentials(SERVICE_ACCOUNT) }
    for (const [expiresIn, exchanges] of [
      [3600, 1],
      [60, 3],
    ] as const) {
      const [server, site] = await Promise.all([startVertex(), createSite(files)])
      server.expiresIn = expiresIn
      expect(await driver(site, { env }).prepare()).toMatchObject({ generated: 3 })
      expect(server.exchanges).toHaveLength(exchanges)
      expect(server.requests.at(-1)?.headers['authorization']).toBe(
        `Bearer ${server.tokens.at(-1)}`,
      )
    }
  })
})

test('a token that ends between two pictures is not sent again', async () => {
  const [server, site] = await Promise.all([
    startVertex(),
    createSite({
      'main.js': importing('a', 'b'),
      'a.prompt.md': prompting('alt: ""', 'A'),
      'b.prompt.md': prompting('alt: ""', 'B'),
    }),
  ])
  vi.useFakeTimers({ toFake: ['Date'] })
  onTestFinished(() => void vi.useRealTimers())
  // The first answer takes an hour.
  const change = (answer: unknown): unknown => {
    vi.setSystemTime(Date.now() + 3_600_000)
    return answer
  }
  server.gemini.fault({ kind: 'odd', change })
  const env = { GOOGLE_APPLICATION_CREDENTIALS: await writeCredentials(SERVICE_ACCOUNT) }
  expect(await driver(site, { env }).prepare()).toMatchObject({ generated: 2 })
  expect(server.requests.map(({ headers }) => headers['authorization'])).toEqual(
    server.tokens.map((token) => `Bearer ${token}`),
  )
  expect(server.tokens).toHaveLength(2)
})

describe('exchanges are those of Google’s own library:', () => {
  const SCOPE = 'https://www.googleapis.com/auth/cloud-platform'
  const library = (credentials: object): Promise<unknown> =>
    new GoogleAuth({
      credentials,
      scopes: SCOPE,
      clientOptions: { transporterOptions: { fetchImplementation: globalThis.fetch } },
    }).getAccessToken()

  /** As the library does not say in which order it writes them, and signs at a time of its own. */
  const meant = (body: string): unknown => {
    if (body.startsWith('{')) return JSON.parse(body)
    const { assertion, ...fields } = Object.fromEntries(new URLSearchParams(body))
    const [, claims = ''] = (assertion ?? '').split('.')
    const { iat, exp, ...rest } = JSON.parse(
      (claims && Buffer.from(claims, 'base64url').toString()) || '{}',
    )
    return { ...fields, ...rest, lives: exp - iat }
  }

  test.for([
    ['a service account', () => SERVICE_ACCOUNT],
    ['a person', () => PERSON],
    [
      'a workload',
      (url: string) => ({
        ...WORKLOAD,
        token_url: `${url}/v1/token`,
        service_account_impersonation_url: WORKLOAD.service_account_impersonation_url.replace(
          'https://iamcredentials.googleapis.com',
          url,
        ),
        credential_source: {
          ...WORKLOAD.credential_source,
          url: WORKLOAD.credential_source.url.replace(RUNNER, url),
        },
      }),
    ],
  ] as const)('%s', async ([, contentAt]) => {
    const [server, site] = await Promise.all([startVertex(), createSite(FILES)])
    const content = contentAt(server.url)
    const env = { GOOGLE_APPLICATION_CREDENTIALS: await writeCredentials(content) }
    await driver(site, { env, vertex: { ...PROJECT, trustedHosts: [server.host] } }).prepare()
    const ours = server.exchanges.slice()
    await library(content)
    const theirs = server.exchanges.slice(ours.length)
    expect(ours.map(({ method, path, body }) => [method, path, meant(body)])).toEqual(
      theirs.map(({ method, path, body }) => [method, path, meant(body)]),
    )
    for (const [index, { headers }] of ours.entries()) {
      // Each has the token of its own exchange.
      const isToken = headers['authorization']?.includes('ya29.')
      if (!isToken) expect(headers['authorization']).toBe(theirs[index]?.headers['authorization'])
      const [type] = (headers['content-type'] ?? '').split(';')
      expect((theirs[index]?.headers['content-type'] ?? '').split(';')[0]).toBe(type)
    }
  })

  test('a person who acts as an account', async () => {
    const [server, site] = await Promise.all([startVertex(), createSite(FILES)])
    const file = await writeCredentials({
      type: 'impersonated_service_account',
      service_account_impersonation_url: WORKLOAD.service_account_impersonation_url,
      source_credentials: PERSON,
    })
    await driver(site, { env: { GOOGLE_APPLICATION_CREDENTIALS: file } }).prepare()
    const ours = server.exchanges.slice()
    const sourceClient = new UserRefreshClient({
      clientId: PERSON.client_id,
      clientSecret: PERSON.client_secret,
      refreshToken: PERSON.refresh_token,
      transporterOptions: { fetchImplementation: globalThis.fetch },
    })
    const targetPrincipal = 'images@p.iam.gserviceaccount.com'
    await new Impersonated({
      sourceClient,
      targetPrincipal,
      targetScopes: [SCOPE],
      lifetime: 3600,
    }).getAccessToken()
    const theirs = server.exchanges.slice(ours.length)
    expect(ours).toHaveLength(2)
    expect(ours.map(({ method, path, body }) => [method, path, meant(body)])).toEqual(
      theirs.map(({ method, path, body }) => [method, path, meant(body)]),
    )
    expect(ours[1]?.headers['authorization']).toBe(`Bearer ${server.tokens[0]}`)
    expect(server.requests[0]?.headers['authorization']).toBe(`Bearer ${server.tokens[1]}`)
  })

  test('a machine in Google Cloud', async () => {
    const [server, site] = await Promise.all([startVertex(), createSite(FILES)])
    await driver(site, { env: { GCE_METADATA_HOST: server.host } }).prepare()
    vi.stubEnv('GCE_METADATA_HOST', server.host)
    onTestFinished(() => void vi.unstubAllEnvs())
    await new Compute({ scopes: SCOPE }).getAccessToken()
    const [ours, theirs] = server.exchanges
    expect([ours?.method, ours?.path, ours?.query]).toEqual([
      theirs?.method,
      theirs?.path,
      theirs?.query,
    ])
    expect(ours?.headers['metadata-flavor']).toBe(theirs?.headers['metadata-flavor'])
    expect(server.requests).toHaveLength(1)
  })

  test('nobody at all is told what to do', async () => {
    const [server, site] = await Promise.all([startVertex(), createSite(FILES)])
    const env = { GCE_METADATA_HOST: `${server.host}/nothing` }
    const error = await thrownBy(() => driver(site, { env }).prepare())
    expect(error).toMatchObject({ code: 'INVALID_KEY' })
    expect(String(error)).toContain('gcloud auth application-default login')
    expect(server.requests.filter(({ method }) => method === 'POST')).toEqual([])
  })
})

describe('a file of credentials', () => {
  const evil = 'https://evil.example'
  test.for([
    ['exchanges tokens', { ...WORKLOAD, token_url: `${evil}/v1/token` }],
    [
      'gives the token of an account',
      { ...WORKLOAD, service_account_impersonation_url: `${evil}/x` },
    ],
    ['is Google’s, without TLS', { ...WORKLOAD, token_url: 'http://sts.googleapis.com/v1/token' }],
    ['gives the runner’s token', { ...WORKLOAD, credential_source: { url: `${evil}/runner` } }],
    ['stores what anybody uploads', { ...WORKLOAD, token_url: 'https://storage.googleapis.com/b' }],
  ] as const)('that names another host which %s is refused', async ([, content]) => {
    const [server, site] = await Promise.all([startVertex(), createSite(FILES)])
    const env = {
      GOOGLE_APPLICATION_CREDENTIALS: await writeCredentials(content),
      ACTIONS_ID_TOKEN_REQUEST_URL: `${RUNNER}/runner/token`,
    }
    const error = await thrownBy(() => driver(site, { env }).prepare())
    expect(error).toMatchObject({ code: 'INVALID_KEY' })
    expect(String(error)).toMatch(/no host of Google's, or not encrypted/)
    expect(server.reached).not.toContain('evil.example')
    expect(server.reached).not.toContain('storage.googleapis.com')
    expect(server.requests).toEqual([])
  })

  test.for([
    ['that is not there', undefined],
    ['that names a program', { ...WORKLOAD, credential_source: { executable: { command: 'x' } } }],
    ['of another kind', { type: 'something' }],
  ] as const)('%s is refused', async ([, content]) => {
    const [server, site] = await Promise.all([startVertex(), createSite(FILES)])
    const file = content ? await writeCredentials(content) : '/nowhere/credentials.json'
    const error = await thrownBy(() =>
      driver(site, { env: { GOOGLE_APPLICATION_CREDENTIALS: file } }).prepare(),
    )
    expect(error).toMatchObject({ code: 'INVALID_KEY' })
    expect(String(error)).toContain(file)
    expect(server.exchanges).toEqual([])
  })
})

test.for([
  ['global', 'aiplatform.googleapis.com'],
  ['us', 'aiplatform.us.rep.googleapis.com'],
  ['europe-west4', 'europe-west4-aiplatform.googleapis.com'],
] as const)(
  'the request for %s is, to the byte, the one of Google’s own SDK',
  async ([location, host]) => {
    const [server, site] = await Promise.all([startVertex(), createSite({})])
    await site.write('main.js', importing('hero'))
    await site.write(
      'hero.prompt.md',
      prompting('model: nano-banana-pro\naspectRatio: "16:9"\nsize: 2K', 'A heron — “grey” ✨'),
    )
    const env = { GOOGLE_APPLICATION_CREDENTIALS: await writeCredentials(PERSON) }
    const labels = { team: 'web', site: 'main' }
    await driver(site, { env, vertex: { project: 'my-project', location, labels } }).prepare()
    const authClient = new OAuth2Client()
    authClient.setCredentials({
      access_token: server.tokens[0] ?? '',
      expiry_date: Date.now() + 3_600_000,
    })
    authClient.quotaProjectId = PERSON.quota_project_id
    const sdk = new GoogleGenAI({
      vertexai: true,
      project: 'my-project',
      location,
      googleAuthOptions: { authClient: authClient as never },
    })
    await sdk.models.generateContent({
      model: 'gemini-3-pro-image',
      contents: 'A heron — “grey” ✨',
      config: {
        labels,
        responseModalities: ['IMAGE'],
        imageConfig: { aspectRatio: '16:9', imageSize: '2K' },
      },
    })
    const [ours, theirs] = server.requests
    expect({ ...ours, headers: undefined }).toEqual({ ...theirs, headers: undefined })
    for (const name of ['authorization', 'x-goog-user-project', 'content-type', 'x-goog-api-key']) {
      expect(ours?.headers[name]).toBe(theirs?.headers[name])
    }
    expect(server.reached.filter((one) => one === host)).toHaveLength(2)
  },
)

test('its own settings are, to the byte, those of Google’s own SDK, whatever the transport', async () => {
  const [server, site] = await Promise.all([startVertex(), createSite(FILES)])
  await site.write(
    'hero.prompt.md',
    prompting(`personGeneration: adult
prominentPeople: block
imageOutputOptions: { mimeType: image/jpeg, compressionQuality: 85 }`),
  )
  const env = { GOOGLE_APPLICATION_CREDENTIALS: await writeCredentials(SERVICE_ACCOUNT) }
  await driver(site, { env, options: { transport: 'interactions' } }).prepare()
  const authClient = new OAuth2Client()
  const expiry_date = Date.now() + 3_600_000
  authClient.setCredentials({ access_token: server.tokens[0] ?? '', expiry_date })
  const sdk = new GoogleGenAI({
    vertexai: true,
    ...PROJECT,
    googleAuthOptions: { authClient: authClient as never },
  })
  await sdk.models.generateContent({
    model: 'gemini-nano-banana-2.1',
    contents: 'A lighthouse',
    config: {
      responseModalities: ['IMAGE'],
      imageConfig: {
        aspectRatio: '1:1',
        imageSize: '1K',
        personGeneration: 'ALLOW_ADULT',
        prominentPeople: ProminentPeople.BLOCK_PROMINENT_PEOPLE,
        imageOutputOptions: { mimeType: 'image/jpeg', compressionQuality: 85 },
      },
    },
  })
  const [ours, theirs] = server.requests
  expect({ ...ours, headers: undefined }).toEqual({ ...theirs, headers: undefined })
  expect(ours?.body).toContain('"compressionQuality":85')

  // They decide what is drawn.
  await site.write('hero.prompt.md', prompting('personGeneration: none'))
  expect(await driver(site, { env }).prepare()).toMatchObject({ generated: 1 })
  expect(await driver(site, { env }).prepare()).toMatchObject({ generated: 0 })
})

test.for([
  ['personGeneration: nobody', 'INVALID_VALUE'],
  ['imageOutputOptions: { mimeType: image/png, compressionQuality: 85 }', 'INVALID_VALUE'],
  ['imageOutputOptions: {}', 'INVALID_VALUE'],
  ['personGeneration: none\ntransport: interactions', 'UNSUPPORTED_SETTING'],
  ['imageOutputOptions: { compressionQuality: 85 }\nformat: jpeg', 'UNSUPPORTED_SETTING'],
] as const)('%s is %s before anything is sent', async ([settings, code]) => {
  const [server, site] = await Promise.all([startVertex(), createSite(FILES)])
  await site.write('hero.prompt.md', prompting(settings))
  const env = { GOOGLE_APPLICATION_CREDENTIALS: await writeCredentials(SERVICE_ACCOUNT) }
  const error = await thrownBy(() => driver(site, { env }).prepare())
  expect(error).toMatchObject({ code })
  expect(server.requests).toEqual([])
})

test('an interaction is, to the byte, the one of Google’s own SDK', async () => {
  const [server, site] = await Promise.all([startVertex(), createSite(FILES)])
  const env = { GOOGLE_APPLICATION_CREDENTIALS: await writeCredentials(SERVICE_ACCOUNT) }
  await driver(site, { env, options: { transport: 'interactions' } }).prepare()
  const authClient = new OAuth2Client()
  const expiry_date = Date.now() + 3_600_000
  authClient.setCredentials({ access_token: server.tokens[0] ?? '', expiry_date })
  const sdk = new GoogleGenAI({
    vertexai: true,
    ...PROJECT,
    googleAuthOptions: { authClient: authClient as never },
  })
  // It passes on what it is given.
  await sdk.interactions.create(JSON.parse(server.requests[0]?.body ?? ''))
  const [ours, theirs] = server.requests
  expect({ ...ours, headers: undefined }).toEqual({ ...theirs, headers: undefined })
  expect(ours?.path).toBe(`${AT}/interactions`)
  expect(ours?.headers['authorization']).toBe(theirs?.headers['authorization'])
})

test.for([
  { project: 'Not One' },
  { location: 'evil.example/' },
  { labels: { Team: 'web' } },
] as const)('%j is refused where it is written', async (options) => {
  expect(await thrownBy(() => vertex(options))).toMatchObject({ code: 'INVALID_OPTION' })
})

test('nothing that knows how to reach it is loaded unless it is asked for', async () => {
  const report = `
    import { registerHooks } from 'node:module'
    const urls = []
    registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) })
    for (const url of process.argv.slice(1)) await import(url)
    console.log(urls.filter((url) => url.startsWith('file:')).join('\\n'))`
  const loaded = (...entries: readonly string[]): readonly string[] => {
    const urls = entries.map((entry) => import.meta.resolve(`@gemini-image/core${entry}`))
    const args = ['--input-type=module', '-e', report, ...urls]
    const files = execFileSync(process.execPath, args, { encoding: 'utf8' }).trim().split('\n')
    return files.filter((url) => readFileSync(new URL(url), 'utf8').includes('aiplatform'))
  }
  expect(loaded('', '/host', '/internal')).toEqual([])
  expect(loaded('/providers')).not.toEqual([])
})

test('a picture that is pinned through the Developer API is not paid for again', async () => {
  const [server, gemini, site] = await Promise.all([
    startVertex(),
    startGemini(),
    createSite({ ...FILES, 'hero.prompt.md': prompting('turns: [Make it night]') }),
  ])
  const env = { GEMINI_API_KEY: 'a-key', GOOGLE_GEMINI_BASE_URL: gemini.url }
  const through = drive(resolveOptions({}, { hostRoot: site.root, env }))
  expect(await through.prepare()).toMatchObject({ generated: 1 })
  const lockfile = await site.read('gemini-image.lock')
  const file = await writeCredentials(SERVICE_ACCOUNT)
  const onVertex = { env: { GOOGLE_APPLICATION_CREDENTIALS: file } }
  expect(await driver(site, onVertex).prepare()).toMatchObject({ generated: 0, spent: 0 })
  const frozen = driver(site, { ...onVertex, options: { mode: 'frozen' } })
  expect(await frozen.prepare()).toMatchObject({ generated: 0 })
  expect(await site.read('gemini-image.lock')).toBe(lockfile)
  expect(server.requests).toEqual([])

  // A further turn goes on from the picture, without what the other service has signed.
  await site.write('hero.prompt.md', prompting('turns: [Make it night, Add a boat]'))
  expect(await driver(site, onVertex).prepare()).toMatchObject({ generated: 1 })
  expect(server.requests).toHaveLength(1)
  expect(server.requests[0]?.body).not.toContain('thoughtSignature')
})

test.for([
  [
    'a service account',
    async () => ({ GOOGLE_APPLICATION_CREDENTIALS: await writeCredentials(SERVICE_ACCOUNT) }),
  ],
  ['a machine in Google Cloud', async (host: string) => ({ GCE_METADATA_HOST: host })],
] as const)(
  'a site that %s has drawn builds frozen from its lockfile, without credentials',
  async ([, credentials]) => {
    const server = await startVertex()
    const site = await createSite({
      ...pageOf(['hero']),
      'src/hero.prompt.md': promptFile('A lighthouse'),
      'gemini-image.config.mjs': `
      import { vertex } from 'unplugin-gemini-image/providers'
      export default { provider: vertex({ project: 'my-project' }) }\n`,
    })
    await buildSite(site, { env: { ...NOWHERE, ...(await credentials(server.host)) } })
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/v1beta1/projects/my-project/locations/global/publishers/google/models/gemini-nano-banana-2.1:generateContent',
    ])
    expect(server.exchanges).toHaveLength(1)
    expect(await site.read('gemini-image.lock')).toContain('"provider":"vertex"')

    // Elsewhere: nothing but what was committed.
    const clone = await createSite({})
    const isCommitted = (file: string): boolean => !/\/(?:dist|node_modules)$/.test(file)
    await cp(site.root, clone.root, { recursive: true, filter: isCommitted })
    const reached = server.reached.length
    await buildSite(clone, { env: { ...NOWHERE, CI: 'true' } })
    const assets = await clone.list('dist/assets')
    expect(assets).toEqual(await site.list('dist/assets'))
    expect(assets).toContainEqual(expect.stringMatching(/^hero\./))
    expect(server.reached).toHaveLength(reached)
  },
)

describe('what a CI system writes beside the source', () => {
  const CREDS = 'gha-creds-0123456789abcdef.json'

  test('declares nothing, and is no text for a model', async () => {
    const site = await createSite({
      'src/content.config.ts': `
        import { defineCollection, z } from 'astro:content'
        import { glob } from 'astro/loaders'
        import { geminiImage } from 'astro-gemini-image/schema'
        const post = defineCollection({
          loader: glob({ pattern: '*.json', base: 'src/content' }),
          schema: ({ image }) => z.object({ cover: geminiImage({ image }) }),
        })
        export const collections = { post }`,
      [`src/content/${CREDS}`]: '{ "cover": { "prompt": "A fox", "alt": "" } }',
      'src/content/post.json': '{ "cover": { "prompt": "A hare", "alt": "" } }',
      'main.js': importing('hero'),
      'hero.prompt.md': prompting(`style: ./${CREDS}`),
      [CREDS]: JSON.stringify(WORKLOAD),
    })
    const { inline, files } = await scanProject(site.root, [])
    expect([...files].filter((file) => file.includes('gha-creds'))).toEqual([])
    expect(JSON.stringify([...inline])).toContain('A hare')
    expect(JSON.stringify([...inline])).not.toContain('A fox')
    const error = await thrownBy(() => driver(site, {}).prepare())
    expect(error).toMatchObject({ code: 'PRIVATE_FILE' })
  })

  test('is named by doctor, with what is used', async () => {
    const server = await startVertex()
    const site = await createSite({
      'hero.prompt.md': prompting('alt: ""'),
      'gemini-image.config.mjs': `
        import { vertex } from 'unplugin-gemini-image/providers'
        export default { provider: vertex({ project: 'my-project', useKey: false }) }\n`,
      [CREDS]: JSON.stringify(WORKLOAD),
    })
    for (const args of [
      ['init', '-q'],
      ['add', '-f', 'gemini-image.config.mjs'],
    ]) {
      execFileSync('git', args, { cwd: site.root })
    }
    const env = {
      ...NOWHERE,
      GOOGLE_APPLICATION_CREDENTIALS: site.path(CREDS),
      GOOGLE_VERTEX_BASE_URL: server.url,
    }
    const { stdout } = await runCommand(site.root, ['doctor', '--json'], env)
    const { checks } = JSON.parse(stdout) as { checks: { name: string; text: string }[] }
    expect(checks).toContainEqual({
      name: 'key',
      verdict: 'ok',
      text: `${site.path(CREDS)} is used: workload identity, without a key for the project my-project.`,
    })
    expect(checks).toContainEqual({
      name: 'secrets',
      verdict: 'warning',
      text: expect.stringContaining(`git does not ignore ${CREDS}`),
    })
    expect(stdout).not.toContain('the-token-of-the-runner')
  })
})

test('an env file can’t say where tokens are sent', async () => {
  const warnings: string[] = []
  const site = await createSite({
    '.env': 'GOOGLE_VERTEX_BASE_URL=https://evil.example\nGOOGLE_API_KEY=a-key-of-the-file\n',
  })
  const env = withEnvFiles({ dir: site.root, warn: (text) => warnings.push(text) }, {})
  expect(env['GOOGLE_VERTEX_BASE_URL']).toBeUndefined()
  expect(warnings).toEqual([expect.stringContaining('GOOGLE_VERTEX_BASE_URL, which is ignored')])
})
