import { stripVTControlCharacters } from 'node:util'
import geminiImage from 'unplugin-gemini-image/vite'
import { createLogger, createServer as createViteServer } from 'vite'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import sharp from 'sharp'
import { startGemini } from '../support/gemini.ts'
import { createSite, pageOf, promptFile, type Site } from '../support/site.ts'
import { connectStudio } from '../support/studio.ts'
import { keyed, serveSite, type DevSite, type Run } from '../support/vite.ts'

async function siteOf(): Promise<Site> {
  return createSite({
    ...pageOf(['hero', 'kite']),
    'src/hero.prompt.md': promptFile('A lighthouse', { variants: '2' }),
    'src/kite.prompt.md': promptFile('A red kite'),
    'src/unused.prompt.md': promptFile('Nothing shows it'),
  })
}

/** What the terminal shows, to open. */
function addressOf({ server, log }: DevSite): string {
  server.printUrls()
  return (
    /http\S+__gemini-image\/#token=\S+/.exec(stripVTControlCharacters(log.join('\n')))?.[0] ?? ''
  )
}

async function serve(site: Site, run: Run): Promise<DevSite> {
  return serveSite(site, { ...run, options: { quietPeriod: 50, ...run.options } })
}

describe('the studio of a dev server', () => {
  test('shows all pictures, with their states, prices and where they are used', async () => {
    const gemini = await startGemini()
    const site = await siteOf()
    const dev = await serve(site, { env: keyed(gemini) })
    const changed = vi.fn<() => void>()
    const { api } = await connectStudio(addressOf(dev), changed)
    await vi.waitFor(async () => {
      const { pictures } = await api.overview()
      expect(pictures.map(({ name, state }) => [name, state])).toEqual([
        ['hero', 'pinned'],
        ['kite', 'pinned'],
        ['unused', 'missing'],
      ])
    }, 20_000)
    expect(changed).toHaveBeenCalled()
    const { pictures, canGenerate, problems, money } = await api.overview()
    expect({ canGenerate, problems, missing: money.missing }).toEqual({
      canGenerate: true,
      problems: [],
      missing: undefined,
    })
    // No id, and so no address of a page, names a folder of the machine.
    expect(JSON.stringify([pictures, problems])).not.toContain(site.root)
    expect(pictures[1]).toMatchObject({
      id: 'src/kite.prompt.md',
      label: 'src/kite.prompt.md',
      place: 'src/kite.prompt.md:5:1',
      folder: 'src',
      kind: 'prompt file',
      price: '$0.0354',
      prompt: 'A red kite',
      alt: 'A picture',
      isUnused: false,
      variants: 1,
    })
    expect(pictures[2]?.isUnused).toBe(true)
    const hero = await api.details('src/hero.prompt.md')
    expect(
      hero?.choices.map(({ number, isPicked, image }) => [number, isPicked, Boolean(image)]),
    ).toEqual([
      [1, true, true],
      [2, false, true],
    ])
    expect(JSON.stringify(hero)).not.toContain(site.root)
    expect(hero?.usedIn).toEqual(['src/main.js:1'])
    expect(await api.details('/etc/passwd')).toBeUndefined()
  })

  test('picks, generates again for one payment, and goes back', async () => {
    const gemini = await startGemini()
    const site = await siteOf()
    const dev = await serve(site, { env: keyed(gemini) })
    const { api } = await connectStudio(addressOf(dev))
    await vi.waitFor(() => expect(gemini.requests).toHaveLength(3), 20_000)
    const kite = 'src/kite.prompt.md'
    await vi.waitFor(async () => expect((await api.details(kite))?.state).toBe('pinned'), 20_000)
    const before = (await api.details(kite))?.image?.key
    gemini.reset()
    const [one, other] = await Promise.all([
      api.generate([kite], 'again'),
      api.generate([kite], 'again'),
    ])
    expect(one).toEqual(other)
    expect(gemini.requests).toHaveLength(1)
    const after = await api.details(kite)
    expect(after?.image?.key).not.toBe(before)
    expect(after?.former.map(({ image }) => image?.key)).toEqual([before])
    await api.goBack(kite, after?.former[0]?.key ?? '')
    expect((await api.details(kite))?.image?.key).toBe(before)
    await api.pick('src/hero.prompt.md', 2)
    expect(await site.read('src/hero.prompt.md')).toContain('pick: 2')
    await expect(api.pick('src/hero.prompt.md', 3)).rejects.toThrow('no variant 3')
    expect(gemini.requests).toHaveLength(1)
  })

  test('an edit is shown with its price, and written as it was shown or not at all', async () => {
    const gemini = await startGemini()
    const site = await siteOf()
    await site.write(
      'src/macro.js',
      `import { geminiImage } from 'unplugin-gemini-image/macro'
export default geminiImage({ prompt: 'An owl', alt: 'An owl', variants: 2 }) // kept
`,
    )
    const dev = await serve(site, { env: keyed(gemini) })
    const { api } = await connectStudio(addressOf(dev))
    const kite = 'src/kite.prompt.md'
    await vi.waitFor(async () => {
      expect((await api.overview()).pictures.map(({ state }) => state)).toEqual([
        'pinned',
        'pinned',
        'pinned',
        'missing',
      ])
    }, 20_000)
    const before = await site.read('src/kite.prompt.md')
    const proposal = await api.proposeEdit(kite, { prompt: 'A blue kite', settings: { alt: null } })
    expect(proposal).toMatchObject({
      file: 'src/kite.prompt.md',
      price: expect.stringMatching(/^\$0.03/),
    })
    expect(proposal.diff).toMatch(/^-A red kite\n(?:.*\n)*\+A blue kite$/m)
    expect(await site.read('src/kite.prompt.md')).toBe(before)
    expect((await api.proposeEdit(kite, { settings: { alt: 'Another' } })).price).toBeUndefined()
    await expect(api.proposeEdit(kite, { settings: { size: '9K' } })).rejects.toThrow(
      'UNSUPPORTED_SIZE',
    )
    await site.write('src/kite.prompt.md', `${before}\n`)
    await expect(api.applyEdit(proposal.token)).rejects.toThrow('SOURCE_CHANGED')
    await expect(api.applyEdit('made up')).rejects.toThrow('not known any more')
    expect(await site.read('src/kite.prompt.md')).toBe(`${before}\n`)
    const again = await api.proposeEdit(kite, { turn: 'Warmer' })
    expect(await api.applyEdit(again.token)).toEqual({ id: kite })
    expect(await site.read('src/kite.prompt.md')).toContain('Warmer')

    const { pictures } = await api.overview()
    const owl = pictures.find(({ kind }) => kind === 'macro')?.id ?? ''
    const pick = await api.proposeEdit(owl, { settings: { pick: 2 } })
    const { id } = await api.applyEdit(pick.token)
    expect(id).not.toBe(owl)
    expect(await site.read('src/macro.js')).toContain('variants: 2, pick: 2 }) // kept')
    await vi.waitFor(async () => expect((await api.details(id))?.state).toBe('pinned'), 20_000)
  })

  test('adopts a picture of one’s own, and what was generated stays behind it', async () => {
    const site = await siteOf()
    const dev = await serve(site, {})
    const { api } = await connectStudio(addressOf(dev))
    const kite = 'src/kite.prompt.md'
    const bytes = await sharp({
      create: { width: 640, height: 640, channels: 3, background: '#a33' },
    })
      .png()
      .toBuffer()
    const adoption = { name: 'mine.png', data: bytes.toString('base64') }
    const { hints } = await api.adopt(kite, adoption)
    expect(hints).toEqual(['It is 640×640 pixels, fewer than the declared 1024×1024.'])
    expect(await api.details(kite)).toMatchObject({
      state: 'adopted',
      price: '$0.00',
      image: { width: 640, height: 640 },
    })
    await expect(
      api.adopt(kite, { name: 'no.png', data: Buffer.from('no').toString('base64') }),
    ).rejects.toThrow('UNSUPPORTED_PICTURE')
  })

  test('one picture of a set is not deleted with all the others', async () => {
    const each = { each: '{ words: [Sun, Rain] }', alt: '"{{words}}"' }
    const site = await createSite({
      ...pageOf(['hero']),
      'src/hero.prompt.md': promptFile('A hero'),
      'src/signs.prompt.md': promptFile('A sign, {{words}}', each),
      'src/signs.js':
        "import './signs.prompt.md?each=Sun&gemini-image'\nimport './signs.prompt.md?each=Rain&gemini-image'\n",
    })
    const { api } = await connectStudio(addressOf(await serve(site, {})))
    const { pictures } = await api.overview()
    const sign = pictures.find(({ label }) => label.includes('each=Sun'))?.id ?? ''
    expect((await api.details(sign))?.can.delete).toBe('Its file declares others: delete it there.')
    await expect(api.remove(sign)).rejects.toThrow('cannot be deleted by itself')
    expect(await site.list('src')).toContain('signs.prompt.md')
    await api.remove('src/hero.prompt.md')
    expect(await site.list('src')).not.toContain('hero.prompt.md')
  })

  test('says why nothing is generated', async () => {
    const site = await siteOf()
    const dev = await serve(site, {})
    const { api } = await connectStudio(addressOf(dev))
    const { canGenerate, pictures } = await api.overview()
    expect(canGenerate).toContain('GEMINI_API_KEY is not set')
    expect(pictures[0]).toMatchObject({
      state: 'missing',
      why: 'no key: GEMINI_API_KEY is not set',
    })
    await expect(api.generate(['src/hero.prompt.md'])).rejects.toThrow('MISSING_KEY')
  })
})

describe('the studio of a server that Vite is a middleware of', () => {
  test('is there below the base, and the terminal says its path', async () => {
    const site = await siteOf()
    const log: string[] = []
    const logger = { ...createLogger('silent'), info: (text: string) => void log.push(text) }
    const vite = await createViteServer({
      root: site.root,
      configFile: false,
      base: '/notes/',
      customLogger: logger,
      appType: 'custom',
      server: { middlewareMode: true, ws: false },
      plugins: [geminiImage()],
    })
    const server = createServer(vite.middlewares).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(async () => {
      server.closeAllConnections()
      server.close()
      await vite.close()
    })
    const [path] = /\/notes\/__gemini-image\/#token=\S+(?=,)/.exec(log.join('\n')) ?? []
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    expect((await get(`${origin}/notes/__gemini-image/`)).status).toBe(200)
    const { api, isTrusted } = await connectStudio(`${origin}${path}`)
    expect(isTrusted).toBe(true)
    expect((await api.overview()).pictures).toHaveLength(3)
    // Nobody takes other sockets here, and none is left waiting.
    await expect(upgradeFrom(origin, `${origin}/?other=`)).rejects.toThrow('hang up')
    await vite.close()
    expect(server.listenerCount('upgrade')).toBe(0)
  })

  test('is not there where nobody looks on', async () => {
    const site = await siteOf()
    const log: string[] = []
    const vite = await createViteServer({
      root: site.root,
      configFile: false,
      customLogger: { ...createLogger('silent'), info: (text: string) => void log.push(text) },
      server: { middlewareMode: true, hmr: false },
      plugins: [geminiImage()],
    })
    await vite.close()
    expect(log.join('\n')).not.toContain('Studio')
  })
})

describe('who may use the studio', () => {
  test('nobody without the token learns or changes anything', async () => {
    const gemini = await startGemini()
    const site = await siteOf()
    const dev = await serve(site, { env: keyed(gemini), options: { budget: 0 } })
    const address = addressOf(dev)
    for (const wrong of [address.split('#')[0] ?? '', `${address}x`, address.slice(0, -1)]) {
      const { api, isTrusted } = await connectStudio(wrong)
      expect(isTrusted).toBe(false)
      await expect(api.overview()).rejects.toThrow('not authorized')
      await expect(api.generate(['src/hero.prompt.md'])).rejects.toThrow('not authorized')
      await expect(api.remove('src/unused.prompt.md')).rejects.toThrow('not authorized')
    }
    expect((await connectStudio(address)).isTrusted).toBe(true)
    expect(await site.read('src/unused.prompt.md')).toContain('Nothing shows it')
    expect(gemini.requests).toEqual([])
  })

  test('the token is given to this machine’s own pages only', async () => {
    const site = await siteOf()
    const dev = await serve(site, {})
    const address = addressOf(dev)
    const token = new URLSearchParams(new URL(address).hash.slice(1)).get('token')
    const asking = async (headers: Record<string, string>): Promise<unknown> =>
      JSON.parse((await get(`${dev.url}/__gemini-image/token`, headers)).body)
    expect(await asking({})).toEqual({ token })
    expect(await asking({ 'sec-fetch-site': 'same-origin' })).toEqual({ token })
    const refused: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'x-forwarded-for': '10.0.0.1' },
      { forwarded: 'for=10.0.0.1' },
    ]
    for (const headers of refused) expect([headers, await asking(headers)]).toEqual([headers, {}])
    // Vite itself answers to no other name.
    const { status, body } = await get(`${dev.url}/__gemini-image/token`, { host: 'evil.example' })
    expect([status, body.includes(String(token))]).toEqual([403, false])
  })

  test('pictures need the token, and their names are no paths', async () => {
    const gemini = await startGemini()
    const site = await siteOf()
    const dev = await serve(site, { env: keyed(gemini) })
    const address = addressOf(dev)
    const token = new URL(address).hash.slice('#token='.length)
    const { api } = await connectStudio(address)
    await vi.waitFor(async () => {
      expect((await api.overview()).pictures[1]?.image).toBeDefined()
    }, 20_000)
    const key = (await api.overview()).pictures[1]?.image?.key ?? ''
    const at = `${dev.url}/__gemini-image`
    expect((await get(`${at}/image/${key}`)).status).toBe(403)
    expect((await get(`${at}/image/${key}?token=${token}x`)).status).toBe(403)
    expect(await get(`${at}/image/${key}?token=${token}`)).toMatchObject({
      status: 200,
      type: 'image/jpeg',
    })
    expect(await get(`${at}/thumbnail/${key}?w=300&token=${token}`)).toMatchObject({
      status: 200,
      type: 'image/webp',
    })
    for (const name of [
      '..%2f..%2fpackage.json',
      '%2e%2e/package.json',
      'package.json',
      `${key}x`,
    ]) {
      const { status, body } = await get(`${at}/image/${name}?token=${token}`)
      expect([name, status, body.includes('"private"')]).toEqual([name, 404, false])
    }
  })

  test('no other page may connect, and no GET changes anything', async () => {
    const gemini = await startGemini()
    const site = await siteOf()
    const dev = await serve(site, { env: keyed(gemini), options: { budget: 0 } })
    addressOf(dev)
    for (const origin of ['https://evil.example', 'http://127.0.0.1:1', 'null']) {
      expect(await upgradeFrom(origin, dev.url)).toBe(403)
      const init = { method: 'POST', headers: { origin }, body: '{}' }
      expect((await fetch(`${dev.url}/__gemini-image/`, init)).status).toBe(403)
    }
    expect(await upgradeFrom(dev.url, dev.url)).toBe(101)
    expect(gemini.requests).toEqual([])
  })
})

interface Answered {
  readonly status: number
  readonly type: string | undefined
  readonly body: string
}

/** As a program asks that may say anything in its headers. */
function get(url: string, headers: Record<string, string> = {}): Promise<Answered> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (response) => {
      let body = ''
      response.setEncoding('latin1')
      response.on('data', (part: string) => (body += part))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'], body }),
      )
    })
      .on('error', reject)
      .end()
  })
}

/** The status with which a server answers a page of this origin that wants a WebSocket. */
function upgradeFrom(origin: string, url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/__gemini-image/__ws`, {
      headers: {
        origin,
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      },
    })
    asked.on('upgrade', (response, socket) => {
      socket.destroy()
      resolve(response.statusCode ?? 0)
    })
    asked.on('response', (response) => resolve(response.statusCode ?? 0))
    asked.on('error', reject).end()
  })
}
