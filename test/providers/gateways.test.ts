import { readFile } from 'node:fs/promises'
import { createServer, request, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import path from 'node:path'
import { resolveOptions } from '@gemini-image/core/internal'
import { vertex } from '@gemini-image/core/providers'
import { expect, onTestFinished, test } from 'vitest'
import { importing, prompting } from '../errors/stage.ts'
import { drive } from '../support/driver.ts'
import { startGemini } from '../support/gemini.ts'
import { runCli } from '../support/process.ts'
import { createSite } from '../support/site.ts'
import { KEY, keyed } from '../support/vite.ts'
import { SERVICE_ACCOUNT, startVertex, WORKLOAD, writeCredentials } from './vertex-credentials.ts'

const FILES = { 'main.js': importing('hero'), 'hero.prompt.md': prompting('alt: ""') }
const PAGE = path.resolve(import.meta.dirname, '../../docs/gateways.md')

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

interface Gateway {
  /** The address of the recipe, at this machine. */
  readonly url: string
  readonly paths: readonly string[]
}

/** A gateway that passes on what comes below its path, and nothing else. @param recipe As the page has it. */
async function startGateway(recipe: string, behind: string): Promise<Gateway> {
  expect(await readFile(PAGE, 'utf8')).toContain(recipe)
  const mount = new URL(recipe.replaceAll(/<\w+>/g, 'ours')).pathname
  const paths: string[] = []
  const server = createServer((asked, answer) => {
    const { url = '', method, headers } = asked
    paths.push(url)
    if (!url.startsWith(`${mount}/`)) return void answer.writeHead(404).end('<html>No route</html>')
    const there = new URL(url.slice(mount.length), behind)
    const passed = request(there, { method, headers }, (said) => {
      answer.writeHead(said.statusCode ?? 502, said.headers)
      said.pipe(answer)
    })
    asked.pipe(passed)
  })
  return { url: `http://127.0.0.1:${await portOf(server)}${mount}`, paths }
}

test.for([
  'https://gateway.ai.cloudflare.com/v1/<account>/<gateway>/google-ai-studio',
  'https://<site>.netlify.app/.netlify/ai',
])('pictures come through %s', async (recipe) => {
  const [gemini, site] = await Promise.all([startGemini(), createSite(FILES)])
  const gateway = await startGateway(recipe, gemini.url)
  for (const [transport, end] of [
    ['generate-content', '/v1beta/models/gemini-nano-banana-2.1:generateContent'],
    ['interactions', '/v1beta/interactions'],
  ] as const) {
    const env = { ...keyed(gemini), GOOGLE_GEMINI_BASE_URL: gateway.url }
    await site.write('hero.prompt.md', prompting('alt: ""', `Through ${transport}`))
    const driver = drive(resolveOptions({ transport }, { hostRoot: site.root, env }))
    expect(await driver.prepare()).toMatchObject({ generated: 1 })
    expect(gateway.paths.at(-1)).toBe(`${new URL(gateway.url).pathname}${end}`)
  }
  expect(gemini.requests.map(({ headers }) => headers['x-goog-api-key'])).toEqual([KEY, KEY])
})

test('Vertex AI is asked through Cloudflare', async () => {
  const [server, site] = await Promise.all([startVertex(), createSite(FILES)])
  const recipe = 'https://gateway.ai.cloudflare.com/v1/<account>/<gateway>/google-vertex-ai'
  const gateway = await startGateway(recipe, server.url)
  const env = {
    GOOGLE_APPLICATION_CREDENTIALS: await writeCredentials(SERVICE_ACCOUNT),
    GOOGLE_VERTEX_BASE_URL: gateway.url,
  }
  const provider = vertex({ project: 'my-project', apiVersion: 'v1' })
  const driver = drive(resolveOptions({ provider }, { hostRoot: site.root, env }))
  expect(await driver.prepare()).toMatchObject({ generated: 1 })
  expect(gateway.paths).toEqual([
    '/v1/ours/ours/google-vertex-ai/v1/projects/my-project/locations/global/publishers/google/models/gemini-nano-banana-2.1:generateContent',
  ])
  // Credentials are exchanged at Google's own host all the same.
  expect(server.reached).toContain('oauth2.googleapis.com')
  expect(server.requests[0]?.headers['authorization']).toBe(`Bearer ${server.tokens[0]}`)
})

test('Vercel vouches for a deployment by a file with its token', async () => {
  const [server, site] = await Promise.all([startVertex(), createSite(FILES)])
  await site.write('vercel.jwt', 'the-token-of-a-deployment\n')
  // As "gcloud iam workload-identity-pools create-cred-config --credential-source-file" writes it.
  const content = { ...WORKLOAD, credential_source: { file: site.path('vercel.jwt') } }
  const env = { GOOGLE_APPLICATION_CREDENTIALS: await writeCredentials(content) }
  const provider = vertex({ project: 'my-project' })
  const driver = drive(resolveOptions({ provider }, { hostRoot: site.root, env }))
  expect(await driver.prepare()).toMatchObject({ generated: 1 })
  expect(server.exchanges.map(({ path: asked }) => asked)).toEqual([
    '/v1/token',
    '/v1/projects/-/serviceAccounts/images@p.iam.gserviceaccount.com:generateAccessToken',
  ])
  const form = new URLSearchParams(server.exchanges[0]?.body)
  expect(form.get('subject_token')).toBe('the-token-of-a-deployment')
  expect(server.requests[0]?.headers['authorization']).toBe(`Bearer ${server.tokens[1]}`)
  expect(await site.read('gemini-image.lock')).not.toContain('the-token-of-a-deployment')
})

test('a proxy of the environment is gone through, and NO_PROXY around it', async () => {
  const gemini = await startGemini()
  const { port } = new URL(gemini.url)
  const tunnelled: string[] = []
  const proxy = createServer()
  // It alone knows where that host is.
  proxy.on('connect', ({ url = '' }, client) => {
    tunnelled.push(url)
    const upstream = connect(Number(port), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      upstream.pipe(client).pipe(upstream)
    })
    upstream.on('error', () => client.destroy())
    client.on('error', () => upstream.destroy())
  })
  const env = {
    ...keyed(gemini),
    GOOGLE_GEMINI_BASE_URL: 'http://google.localhost:81',
    NODE_USE_ENV_PROXY: '1',
    HTTP_PROXY: `http://127.0.0.1:${await portOf(proxy)}`,
  }
  const site = await createSite(FILES)
  const { code, output } = await runCli(site.root, ['generate', '--yes'], env)
  expect({ code, output }).toMatchObject({ code: 0 })
  expect(tunnelled).toEqual(['google.localhost:81'])
  expect(gemini.requests).toHaveLength(1)
  expect(output).not.toContain(KEY)

  const around = { ...env, GOOGLE_GEMINI_BASE_URL: gemini.url, NO_PROXY: '127.0.0.1' }
  await site.write('hero.prompt.md', prompting('alt: ""', 'A harbour'))
  expect(await runCli(site.root, ['generate', '--yes'], around)).toMatchObject({ code: 0 })
  expect(tunnelled).toHaveLength(1)
  expect(gemini.requests).toHaveLength(2)
})
