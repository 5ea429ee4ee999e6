import { createHash } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { start } from '../support/process.ts'
import { KEY, keyed } from '../support/vite.ts'
import { copyOf } from './copy.ts'

/** A framework on Vite: how its site is built, and how its server starts. */
interface Framework {
  readonly name: string
  readonly build: readonly string[]
  readonly serve: readonly string[]
  /** The ids of the images on its page. */
  readonly images: readonly string[]
}

const FRAMEWORKS: readonly Framework[] = [
  {
    name: 'sveltekit',
    build: ['node_modules/vite/bin/vite.js', 'build'],
    serve: ['build/index.js'],
    images: ['hero', 'leaf', 'enhanced'],
  },
  {
    name: 'nuxt',
    build: ['node_modules/nuxt/bin/nuxt.mjs', 'build'],
    serve: ['.output/server/index.mjs'],
    images: ['hero', 'leaf'],
  },
  {
    name: 'react-router',
    build: ['node_modules/@react-router/dev/bin.cjs', 'build'],
    serve: ['node_modules/@react-router/serve/bin.cjs', 'build/server/index.js'],
    images: ['hero', 'leaf'],
  },
  {
    name: 'tanstack-start',
    build: ['node_modules/vite/bin/vite.js', 'build'],
    serve: ['node_modules/srvx/bin/srvx.mjs', '--prod', '-s', '../client', 'dist/server/server.js'],
    images: ['hero', 'leaf'],
  },
]

test.each(FRAMEWORKS)(
  'a site of $name is built, and served with its pictures',
  async (framework) => {
    const gemini = await startGemini()
    const site = await copyOf(framework.name)
    const env = { ...keyed(gemini), NODE_ENV: 'production', NUXT_TELEMETRY_DISABLED: '1', CI: '' }
    const { code, output } = await start(framework.build, site.root, env).ended
    expect(`${code} ${output}`).toMatch(/^0 /)
    expect(output).not.toContain(KEY)
    expect(askedPrompts(gemini)).toEqual(['A harbour', 'A leaf'])
    const port = await freePort()
    const server = { HOST: '127.0.0.1', PORT: String(port), NODE_ENV: 'production' }
    start(framework.serve, site.root, server)
    const url = `http://127.0.0.1:${port}`
    const html = await vi.waitUntil(
      () =>
        fetch(url).then(
          (page) => page.text(),
          () => undefined,
        ),
      {
        timeout: 20_000,
        interval: 100,
      },
    )
    const objects = await site.list('.gemini-image')
    const hashes = await Promise.all(
      objects.map(async (one) => sha256(await site.bytes(`.gemini-image/${one}`))),
    )
    for (const id of framework.images) {
      const [tag = ''] = new RegExp(`<img[^>]*\\bid="${id}"[^>]*>`).exec(html) ?? []
      expect(tag).toMatch(id === 'leaf' ? /alt="Leaf"/ : /alt="Boats"/)
      const src = / src="([^"]+)"/.exec(tag)?.[1] ?? ''
      const answer = await fetch(new URL(src, url))
      expect(answer.headers.get('content-type')).toMatch(/^image\//)
      const bytes = Buffer.from(await answer.arrayBuffer())
      if (id !== 'enhanced') expect(hashes).toContain(sha256(bytes))
    }
  },
)

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
