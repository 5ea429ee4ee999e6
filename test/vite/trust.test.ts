import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { createSite, pageOf, promptFile, type Site } from '../support/site.ts'
import { buildSite, failingBuild, KEY, keyed, serveSite } from '../support/vite.ts'

/** Every file that a run left in a site, whatever it is. */
async function contentsOf(site: Site): Promise<string> {
  const names = await site.list('.', true)
  const texts = names.map((name) => readFile(site.path(name), 'latin1').catch(() => ''))
  return (await Promise.all(texts)).join('\n')
}

describe('the key', () => {
  test('goes into the header of a request, and nowhere else', async () => {
    const gemini = await startGemini()
    const site = await createSite({ ...pageOf(['a']), 'src/a.prompt.md': promptFile('A') })
    const log = await buildSite(site, {
      env: keyed(gemini),
      config: { build: { sourcemap: true } },
    })
    const [request] = gemini.requests
    expect(request?.headers['x-goog-api-key']).toBe(KEY)
    expect(`${request?.path}${request?.query}${request?.rawBody}`).not.toContain(KEY)
    expect(log).not.toContain(KEY)
    expect(await contentsOf(site)).not.toContain(KEY)
  })

  test('is in no error, whatever the server answers', async () => {
    const gemini = await startGemini()
    const site = await createSite({ ...pageOf(['a']), 'src/a.prompt.md': promptFile('A') })
    for (const kind of [
      'server-error',
      'html-error',
      'html',
      'blocked',
      'reset',
      'quota-exhausted',
    ] as const) {
      gemini.reset()
      gemini.fault({ kind, times: Infinity })
      // What was refused before is asked for no more.
      await site.write('src/a.prompt.md', promptFile(kind))
      expect(await failingBuild(site, { env: keyed(gemini) })).not.toContain(KEY)
    }
    expect(gemini.requests.length).toBeGreaterThan(0)
    gemini.reset()
    const said = await failingBuild(site, {
      env: { ...keyed(gemini), GEMINI_API_KEY: 'invalid-key' },
    })
    expect(said).toContain('INVALID_KEY')
    expect(said).not.toContain('invalid-key')
  })

  test('an invalid key is asked once, not once for each picture', async () => {
    const gemini = await startGemini()
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const prompts = names.map((name) => [`src/${name}.prompt.md`, promptFile(name)])
    const site = await createSite({ ...pageOf(names), ...Object.fromEntries(prompts) })
    const env = { ...keyed(gemini), GEMINI_API_KEY: 'invalid-key' }
    await failingBuild(site, { env, options: { concurrency: 1 } })
    expect(gemini.requests).toHaveLength(1)
  })
})

describe('a URL', () => {
  test('cannot make a dev server spend, neither with a prompt nor with a path', async () => {
    const gemini = await startGemini()
    const site = await createSite({
      ...pageOf(['a']),
      'src/a.prompt.md': promptFile('Declared'),
      // In the folder, but asked for by no source.
      'src/draft.prompt.md': promptFile('Not declared'),
      'src/notes.md': 'No prompt file',
    })
    await buildSite(site, { env: keyed(gemini) })
    gemini.reset()
    const { url, server } = await serveSite(site, {
      env: keyed(gemini),
      options: { quietPeriod: 0 },
    })
    const id = (file: string): string => `/@id/__x00__gemini-image:asset::${site.path(file)}.js`
    const attacks = [
      '/x?gemini-image&prompt=A%20bill',
      '/src/a.prompt.md?gemini-image&prompt=A%20bill',
      '/src/a.prompt.md?gemini-image',
      '/src/a.prompt.md?gemini-image&import',
      '/src/draft.prompt.md?gemini-image',
      '/src/draft.prompt.md?import&gemini-image',
      '/src/draft.prompt.md?gemini-image&import&url',
      '/src/notes.md?gemini-image&import',
      `/@fs${site.path('src/draft.prompt.md')}?gemini-image&import`,
      id('src/draft.prompt.md'),
      id('src/a.prompt.md'),
      '/@id/__x00__gemini-image:asset::src/draft.prompt.md.js',
      '/@id/__x00__gemini-image:asset::./src/../src/draft.prompt.md.js',
      '/@id/gemini-image:A%20bill?gemini-image',
      '/@id/__x00__gemini-image:asset::A%20bill.prompt.md.js',
      '/@id/data:text/markdown,A%20bill.prompt.md?gemini-image&import',
      '/@id/__x00__gemini-image:asset:%25zz:src/a.prompt.md.js',
    ]
    for (const attack of attacks) {
      for (const accept of ['image/*', '*/*', 'text/html']) {
        const response = await fetch(url + attack, {
          headers: { accept, 'sec-fetch-dest': 'image' },
        })
        await response.arrayBuffer()
      }
    }
    for (const ask of [
      '/src/draft.prompt.md?gemini-image',
      '/src/a.prompt.md?gemini-image&prompt=X',
    ]) {
      await server.transformRequest(ask).catch(() => undefined)
    }
    await sleep(200)
    expect(gemini.requests).toEqual([])
    expect(await site.list('.gemini-image')).toHaveLength(1)
  })

  test('that asks for a picture nothing declares is refused by name', async () => {
    const site = await createSite({
      ...pageOf([]),
      'src/draft.prompt.md': promptFile('Not declared'),
    })
    const { server } = await serveSite(site)
    await expect(server.transformRequest('/src/draft.prompt.md?gemini-image')).rejects.toThrow(
      'UNDECLARED_PICTURE',
    )
  })
})

test('a test runner or another tool that only transforms modules never spends', async () => {
  const gemini = await startGemini()
  const site = await createSite({ ...pageOf(['a']), 'src/a.prompt.md': promptFile('Declared') })
  const { createServer } = await import('vite')
  const { default: geminiImage } = await import('unplugin-gemini-image/vite')
  Object.assign(process.env, keyed(gemini))
  const server = await createServer({
    root: site.root,
    configFile: false,
    logLevel: 'silent',
    mode: 'test',
    server: { middlewareMode: true },
    plugins: [geminiImage({ quietPeriod: 0 })],
  })
  for (const name of Object.keys(keyed(gemini))) delete process.env[name]
  await server.transformRequest('/src/main.js')
  await server.transformRequest('/src/a.prompt.md?gemini-image').catch(() => undefined)
  await sleep(150)
  await server.close()
  expect(askedPrompts(gemini)).toEqual([])
})

test('a dev server serves pictures where it may serve few folders, and nothing else of ours', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    'src/main.js': "import './main.css'",
    'src/main.css': 'main { background: url("./a.prompt.md?gemini-image") }',
    'src/a.prompt.md': promptFile('A'),
  })
  const config = { build: { rolldownOptions: { input: 'src/main.js' } } }
  await buildSite(site, { env: keyed(gemini), config })
  const allow = [site.path('src')]
  const { url } = await serveSite(site, { config: { server: { fs: { allow } } } })
  const css = await (await fetch(`${url}/src/main.css`, { headers: { accept: 'text/css' } })).text()
  const [, picture = ''] = /url\(["']?([^"')]+)/.exec(css) ?? []
  const answer = await fetch(url + picture)
  expect(answer.headers.get('content-type')).toBe('image/jpeg')
  const job = 'node_modules/.cache/gemini-image/jobs/1.json'
  await site.write(job, '{}')
  for (const secret of ['gemini-image.lock', job]) {
    expect((await fetch(`${url}/@fs${site.path(secret)}`)).status).toBe(403)
  }
  for (const query of ['', '?', '?t=1', '?gemini-image', '?gemini-image&as=url', '?each=b']) {
    for (const accept of ['*/*', 'text/html']) {
      const answered = await fetch(`${url}/src/a.prompt.md${query}`, { headers: { accept } })
      expect(answered.status).toBe(404)
    }
  }
  const shown = await fetch(`${url}/src/a.prompt.md?gemini-image`, {
    headers: { accept: 'image/*' },
  })
  expect(shown.headers.get('content-type')).toBe('image/jpeg')
})
