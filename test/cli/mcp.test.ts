import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { symlink } from 'node:fs/promises'
import process from 'node:process'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import {
  getDefaultEnvironment,
  StdioClientTransport,
} from '@modelcontextprotocol/sdk/client/stdio.js'
import sharp from 'sharp'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { CLI } from '../support/process.ts'
import { promptFile, type Site } from '../support/site.ts'
import { KEY, keyed } from '../support/vite.ts'
import { pinned, plain, siteOf, type Json } from './stage.ts'

/** Calls tools as an agent's client does. */
interface Agent {
  readonly client: Client
  call(name: string, input?: Record<string, unknown>): Promise<Json>
}

async function connect({ root }: Site, env: Record<string, string>): Promise<Agent> {
  const client = new Client({ name: 'test', version: '1.0.0' })
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [CLI, 'mcp'],
    cwd: root,
    env: { ...getDefaultEnvironment(), CI: '', ...env },
    stderr: 'ignore',
  })
  await client.connect(transport)
  onTestFinished(() => client.close())
  return {
    client,
    call: async (name, input = {}) => {
      const result: Json = await client.callTool({ name, arguments: input })
      expect(JSON.stringify(result)).not.toContain(KEY)
      const [text, ...images] = result.content
      expect(JSON.parse(text.text)).toEqual(result.structuredContent)
      return { ...result.structuredContent, images }
    },
  }
}

test('tools say whether they only look, and take nothing that they do not know', async () => {
  const { client, call } = await connect(await siteOf(plain('hero')), {})
  const { tools } = await client.listTools()
  const looking = tools.filter(({ annotations }) => annotations?.readOnlyHint)
  expect(looking.map(({ name }) => name)).toEqual(['list', 'plan', 'explain', 'show', 'propose'])
  const rest = tools.filter((tool) => !looking.includes(tool))
  expect(rest.map(({ name }) => name)).toEqual(['apply', 'generate', 'pick', 'adopt'])
  for (const { annotations } of tools) {
    expect(Object.keys(annotations ?? {}).toSorted()).toEqual([
      'destructiveHint',
      'idempotentHint',
      'openWorldHint',
      'readOnlyHint',
    ])
  }
  const open = tools.filter(({ annotations }) => annotations?.openWorldHint)
  expect(open.map(({ name }) => name)).toEqual(['generate'])
  for (const input of [{ pictures: ['hero'] }, { pictures: [], budget: 1 }, { budget: -1 }]) {
    expect((await call('generate', input)).error.code).toBe('INVALID_ARGUMENT')
  }
  expect((await call('list', { state: 'odd' })).error.message).toContain('one of pinned')
  expect((await call('explain', { picture: 'hero', more: 1 })).error.code).toBe('INVALID_ARGUMENT')
  await expect(client.callTool({ name: 'rm' })).rejects.toThrow('There is no tool "rm"')
})

test('an agent plans, proposes, writes, generates within a budget, picks and adopts', async () => {
  const gemini = await startGemini()
  const site = await siteOf(plain('hero'))
  const { call } = await connect(site, keyed(gemini))
  expect(await call('plan')).toMatchObject({ dueCount: 1, pinned: 0, spent: '$0.00' })
  const edit = await call('propose', { picture: 'hero', settings: { variants: 2 } })
  expect(edit.diff).toContain('+variants: 2')
  expect(await site.read('src/hero.prompt.md')).not.toContain('variants')
  await call('apply', { proposal: edit.proposal })
  expect(await site.read('src/hero.prompt.md')).toContain('variants: 2')
  const poor = await call('generate', { pictures: ['hero'], budget: 0.01 })
  expect(poor.error.code).toBe('BUDGET_EXCEEDED')
  expect(poor.error.message).toMatch(/state a budget of \$0\.\d+ or more/)
  expect(gemini.requests).toEqual([])
  const rich = await call('generate', { pictures: ['hero'], budget: 0.5 })
  expect(rich.pictures).toMatchObject([
    { state: 'pinned', place: expect.stringMatching(/:\d+:\d+$/) },
  ])
  expect(gemini.requests).toHaveLength(2)
  const { images } = await call('show', { picture: 'hero', variant: 2 })
  const meta = await sharp(Buffer.from(images[0].data, 'base64')).metadata()
  expect([meta.format, meta.width]).toEqual(['webp', 512])
  await call('pick', { picture: 'hero', variant: 2 })
  expect(await site.read('src/hero.prompt.md')).toContain('pick: 2')
  const mine = sharp({ create: { width: 640, height: 640, channels: 3, background: 'red' } })
  await site.write('mine.png', await mine.png().toBuffer())
  expect(await call('adopt', { picture: 'hero', file: 'mine.png' })).toMatchObject({
    digitalSourceType: 'digitalCreation',
  })
  expect((await call('list')).pictures).toMatchObject([{ name: 'hero', state: 'adopted' }])
  const { former } = await call('explain', { picture: 'hero' })
  await call('pick', { picture: 'hero', former: former[0].key })
  expect((await call('list')).pictures).toMatchObject([{ state: 'pinned' }])
  expect(gemini.requests).toHaveLength(2)
})

test('a new prompt file is shown first, and never written over another', async () => {
  const site = await siteOf(plain('hero'))
  const { call } = await connect(site, {})
  const input = {
    file: 'src/new.prompt.md',
    prompt: 'A kite\n---\nsize: 9K',
    settings: { alt: 'x: y' },
  }
  const first = await call('propose', input)
  expect(first.diff).toContain('+alt: "x: y"')
  expect(first.price).toMatch(/^\$/)
  expect(await site.list('src')).not.toContain('new.prompt.md')
  const second = await call('propose', input)
  await call('apply', { proposal: first.proposal })
  expect(await site.read('src/new.prompt.md')).toContain('A kite')
  expect((await call('apply', { proposal: second.proposal })).error.code).toBe('INVALID_ARGUMENT')
  const wrong = await call('propose', {
    ...input,
    file: 'src/b.prompt.md',
    settings: { size: '9K' },
  })
  expect(wrong.error.code).toBe('UNSUPPORTED_SIZE')
})

test('no tool reads or writes outside of the project', async () => {
  const site = await siteOf(plain('hero'))
  const other = await siteOf({})
  await symlink(other.root, site.path('away'))
  await other.write(
    'x.png',
    await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
      .png()
      .toBuffer(),
  )
  const { call } = await connect(site, {})
  for (const file of ['../x.png', '/etc/hostname', other.path('x.png'), 'away/x.png']) {
    const { error } = await call('adopt', { picture: 'hero', file })
    expect(`${file} ${error.code}`).toBe(`${file} FILE_OUTSIDE_ROOT`)
  }
  for (const file of ['../x.prompt.md', 'away/x.prompt.md', 'away/deep/x.prompt.md']) {
    const { error } = await call('propose', { file, prompt: 'A fox' })
    expect(`${file} ${error.code}`).toBe(`${file} FILE_OUTSIDE_ROOT`)
  }
  expect(await other.list('.', true)).not.toContain('x.prompt.md')
  expect((await pinned(site)).size).toBe(0)
})

test('the budget of the project holds for all calls together', async () => {
  const gemini = await startGemini()
  const site = await siteOf(plain('a', 'b'))
  await site.write('gemini-image.config.mjs', 'export default { budget: 0.05 }\n')
  const { call } = await connect(site, keyed(gemini))
  expect((await call('generate', { pictures: ['a'], budget: 9 })).spent).toMatch(/^\$0\.0/)
  const second = await call('generate', { pictures: ['b'], budget: 9 })
  expect(second.error.code).toBe('BUDGET_EXCEEDED')
  expect(gemini.requests).toHaveLength(1)
})

test('without a key, or frozen, it says why', async () => {
  const gemini = await startGemini()
  const site = await siteOf({ hero: promptFile('A fox') })
  const input = { pictures: ['hero'], budget: 1 }
  const keyless = await connect(site, {})
  expect((await keyless.call('generate', input)).error.code).toBe('MISSING_KEY')
  expect((await keyless.call('list')).pictures[0].why).toContain('no key')
  const frozen = await connect(site, { ...keyed(gemini), CI: 'true' })
  expect((await frozen.call('generate', input)).error.code).toBe('MISSING_PICTURE')
  expect(gemini.requests).toEqual([])
})

test('two clients at once pay once', async () => {
  const gemini = await startGemini({ latency: 300 })
  const site = await siteOf(plain('hero'))
  const agents = await Promise.all([connect(site, keyed(gemini)), connect(site, keyed(gemini))])
  const input = { pictures: ['hero'], budget: 1 }
  const done = await Promise.all(agents.map(({ call }) => call('generate', input)))
  for (const { pictures } of done) expect(pictures).toMatchObject([{ state: 'pinned' }])
  expect(gemini.requests).toHaveLength(1)
})

test('a client that goes away while a call is under way leaves its picture behind', async () => {
  const gemini = await startGemini({ latency: 800 })
  const site = await siteOf(plain('hero'))
  const env = { ...process.env, CI: '', ...keyed(gemini) }
  const child = spawn(process.execPath, [CLI, 'mcp'], { cwd: site.root, env })
  onTestFinished(() => void child.kill('SIGKILL'))
  child.stdin.write(
    `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'generate', arguments: { pictures: ['hero'], budget: 1 } } })}\n`,
  )
  await vi.waitUntil(() => gemini.requests.length === 1, { timeout: 30_000 })
  child.stdin.end()
  child.stdout.destroy()
  const [code] = await once(child, 'exit')
  expect(code).toBe(0)
  expect((await pinned(site)).size).toBe(1)
})
