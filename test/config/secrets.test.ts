import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { runCli, startVite, viteConfig } from '../support/process.ts'
import { createSite, pageOf, promptFile } from '../support/site.ts'
import { KEY, keyed } from '../support/vite.ts'

test.for([
  ['an address with a password', { GOOGLE_GEMINI_BASE_URL: 'http://user:hidden@127.0.0.1:9' }],
  ['an address without TLS', { GOOGLE_GEMINI_BASE_URL: 'http://hidden.example' }],
  [
    'an address that only begins like this machine',
    { GOOGLE_GEMINI_BASE_URL: 'http://127.0.0.1.hidden.example' },
  ],
  ['no address', { GOOGLE_GEMINI_BASE_URL: 'user:hidden@127.0.0.1:9' }],
  ['a key of two lines', { GEMINI_API_KEY: 'AIza-hidden\nhidden' }],
] as const)('%s is refused at once, and not repeated', async ([, spoilt]) => {
  const gemini = await startGemini()
  const site = await createSite({
    ...pageOf(['hero']),
    ...viteConfig(),
    'src/hero.prompt.md': promptFile('A fox'),
  })
  const env = { ...keyed(gemini), ...spoilt }
  const told = [
    await runCli(site.root, ['generate', '--yes', '--json'], env),
    await startVite(site.root, ['build'], env).ended,
  ]
  for (const { code, output } of told) {
    expect(code).toBe(1)
    expect(output).toMatch(/INVALID_OPTION|INVALID_KEY/)
    expect(output).not.toContain('hidden')
  }
  expect(gemini.requests).toEqual([])
})

test('vite --debug prints no key', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    ...pageOf(['hero']),
    ...viteConfig(),
    'src/hero.prompt.md': promptFile('A fox'),
    '.env.local': `GEMINI_API_KEY=${KEY}\nGOOGLE_GEMINI_BASE_URL=${gemini.url}\n`,
  })
  const { code, output } = await startVite(site.root, ['build', '--debug']).ended
  expect(code).toBe(0)
  expect(output).toContain('vite:env')
  expect(output).not.toContain(KEY)
})

/** A server that gives away the key of each request wherever an answer has room for it. */
async function startEcho(): Promise<string> {
  const picture = await sharp({
    create: { width: 1024, height: 1024, channels: 3, background: 'teal' },
  })
    .jpeg()
    .toBuffer()
  const server = createServer((request, response) => {
    const key = request.headers['x-goog-api-key']
    const data = picture.toString('base64')
    const parts = [{ text: `Key: ${key}` }, { inlineData: { mimeType: 'image/jpeg', data } }]
    const answer = {
      candidates: [{ content: { parts, role: `${key}` }, finishReason: 'STOP' }],
      usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 1120, totalTokenCount: 1125 },
      modelVersion: key,
    }
    const isRefused = request.url?.includes('models?')
    response.statusCode = isRefused ? 400 : 200
    response.end(JSON.stringify(isRefused ? { error: { message: `Not with ${key}` } } : answer))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('a key that a server echoes is in nothing that is printed, written or shipped', async () => {
  const env = { GEMINI_API_KEY: KEY, GOOGLE_GEMINI_BASE_URL: await startEcho() }
  const site = await createSite({
    ...pageOf(['hero']),
    ...viteConfig(),
    'src/main.js': "import all from './hero.prompt.md?gemini-image&as=object'\nconsole.log(all)\n",
    'src/hero.prompt.md': promptFile('A fox', { output: 'text-and-image' }),
  })
  const told = [
    await startVite(site.root, ['build'], env).ended,
    ...(await Promise.all(
      [
        'plan',
        'status',
        'explain hero',
        'doctor',
        'studio --build out --all',
        'plan --format markdown',
      ].map((line) =>
        runCli(
          site.root,
          [...line.split(' '), ...(line.includes('format') ? [] : ['--json'])],
          env,
        ),
      ),
    )),
  ]
  expect(told[0]).toMatchObject({ code: 0 })
  for (const { output } of told) expect(output).not.toContain(KEY)
  const files = await site.list('.', true)
  expect(files).toContain('gemini-image.lock')
  expect(await site.read('gemini-image.lock')).toContain('Key: [API key]')
  for (const file of files) {
    const bytes = await site.bytes(file).catch(() => Buffer.alloc(0))
    expect(bytes.includes(KEY) ? file : undefined).toBe(undefined)
  }
})

test('where Turborepo has taken the key away, the error says how to pass it on', async () => {
  const files = { ...pageOf(['hero']), 'src/hero.prompt.md': promptFile('A fox') }
  const site = await createSite(files)
  const run = (env = {}) => runCli(site.root, ['generate', '--yes'], env)
  expect((await run({ TURBO_HASH: '0123' })).output).toContain('"passThroughEnv" in turbo.json')
  expect((await run()).output).not.toContain('turbo')
})
