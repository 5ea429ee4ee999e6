import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { formatLockfile, parseLockfile } from '@gemini-image/core/internal'
import { expect, onTestFinished, vi } from 'vitest'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import type { Case } from './cases.ts'
import type { Built, Host, Run, Watching } from './host.ts'

const MAIN = `import hero from './hero.prompt.md?gemini-image'\nglobalThis.shown = { hero }`

/** What every host is to do alike while it watches. */
export const WATCH_CASES: readonly Case[] = [
  {
    name: 'an edit of the prompt file brings the new picture, which is paid for once',
    async check(host) {
      const gemini = await startGemini()
      const site = await createSite({
        'src/main.js': MAIN,
        'src/hero.prompt.md': promptFile('A harbour'),
      })
      const watching = await follow(host, site, keyed(gemini))
      expect(await watching.next()).toEqual(FINE)
      await expectShown(site, 'A harbour')
      await watching.rest()

      await site.save('src/hero.prompt.md', promptFile('A lighthouse'))
      expect(await watching.next()).toEqual(FINE)
      await watching.rest()
      await expectShown(site, 'A lighthouse')
      expect(askedPrompts(gemini)).toEqual(['A harbour', 'A lighthouse'])
    },
  },
  {
    name: 'nothing is built again by itself',
    async check(host) {
      const gemini = await startGemini()
      const site = await createSite({
        'src/main.js': `
          import { geminiImage } from 'unplugin-gemini-image/macro'
          import hero from './hero.prompt.md?gemini-image'
          globalThis.shown = { hero, leaf: geminiImage({ prompt: 'A leaf', alt: 'Leaf' }).src }`,
        'src/hero.prompt.md': promptFile('A harbour'),
      })
      const first = await follow(host, site, keyed(gemini))
      expect(await first.next()).toEqual(FINE)
      // Where the lockfile is watched from the start, what was pinned is built once more.
      expect(await first.rest()).toBeLessThanOrEqual(2)
      const builds = first.count()
      await sleep(500)
      expect(first.count()).toBe(builds)

      const pinned = await follow(host, site, keyed(gemini))
      expect(await pinned.next()).toEqual(FINE)
      await sleep(500)
      expect(pinned.count()).toBe(1)
    },
  },
  {
    name: 'a mistake that is mended is built again',
    async check(host) {
      const gemini = await startGemini()
      const site = await createSite({
        'src/main.js': MAIN.replace('?', '?each=harbour&'),
        'src/hero.prompt.md': promptFile('A {{place}}', { each: '{ place: [quay] }' }),
      })
      const watching = await follow(host, site, keyed(gemini))
      const { errors } = await watching.next()
      expect(errors.join('\n')).toMatch(/NOT_IN_SET[^]*src\/main\.js asks for it/)
      await watching.rest()

      await site.save(
        'src/hero.prompt.md',
        promptFile('A {{place}}', { each: '{ place: [quay, harbour] }' }),
      )
      expect(await watching.next()).toEqual(FINE)
      await watching.rest()
      await expectShown(site, 'A harbour')
      expect(askedPrompts(gemini)).toEqual(['A harbour'])
    },
  },
  {
    name: 'what was refused is paid for once, until its prompt changes',
    async check(host) {
      const gemini = await startGemini()
      gemini.fault({ kind: 'blocked', match: /harbour/, times: Infinity })
      const site = await createSite({
        'src/main.js': MAIN,
        'src/hero.prompt.md': promptFile('A harbour'),
      })
      const env = keyed(gemini)
      const watching = await follow(host, site, env)
      expect((await watching.next()).errors.join('\n')).toMatch(/BLOCKED/)
      await watching.rest()

      await site.save('src/main.js', `${MAIN} // saved`)
      expect((await watching.next()).errors.join('\n')).toMatch(/It was refused on .*--retry/s)
      await watching.rest()
      // Another process remembers it as well.
      const { errors } = await host.build(site, { env })
      expect(errors.join('\n')).toMatch(/It was refused on .*--retry/s)
      expect(askedPrompts(gemini)).toEqual(['A harbour'])

      await site.save('src/hero.prompt.md', promptFile('A lighthouse'))
      expect(await watching.next()).toEqual(FINE)
      await watching.rest()
      await expectShown(site, 'A lighthouse')
      expect(askedPrompts(gemini)).toEqual(['A harbour', 'A lighthouse'])
    },
  },
  {
    name: 'a mistake in what is not bundled is mended like any other',
    async check(host) {
      const site = await createSite({
        'src/main.js': 'globalThis.shown = {}',
        'src/other.js': MAIN,
        'src/hero.prompt.md': promptFile('A harbour', { aspectRatio: "'7:3'" }),
      })
      const gemini = await startGemini()
      const watching = await follow(host, site, keyed(gemini))
      expect((await watching.next()).errors).not.toEqual([])
      await watching.rest()

      await site.save('src/hero.prompt.md', promptFile('A harbour'))
      expect(await watching.next()).toEqual(FINE)
    },
  },
  {
    name: 'a build that fails is built again when the import goes, too',
    async check(host) {
      const site = await createSite({
        'src/main.js': MAIN,
        'src/hero.prompt.md': promptFile('A harbour', { aspectRatio: "'7:3'" }),
      })
      const watching = await follow(host, site, {})
      expect((await watching.next()).errors).not.toEqual([])
      await watching.rest()

      await site.save('src/main.js', 'globalThis.shown = {}')
      expect(await watching.next()).toEqual(FINE)
    },
  },
  {
    name: 'a prompt file that was missing is taken up when it is there',
    async check(host) {
      const gemini = await startGemini()
      const site = await createSite({ 'src/main.js': MAIN })
      const watching = await follow(host, site, keyed(gemini))
      expect((await watching.next()).errors.join('\n')).toMatch(/PROMPT_FILE_NOT_FOUND/)
      await watching.rest()

      await site.save('src/hero.prompt.md', promptFile('A harbour'))
      expect(await watching.next()).toEqual(FINE)
      await watching.rest()
      await expectShown(site, 'A harbour')
    },
  },
  {
    name: 'an edit of a reference brings the new picture',
    async check(host) {
      const gemini = await startGemini()
      const site = await createSite({
        'src/main.js': MAIN,
        'src/hero.prompt.md': promptFile('Anna at sea', { references: '[./anna.prompt.md]' }),
        'src/anna.prompt.md': promptFile('Anna'),
      })
      const watching = await follow(host, site, keyed(gemini))
      expect(await watching.next()).toEqual(FINE)
      await watching.rest()

      await site.save('src/anna.prompt.md', promptFile('Anna, older'))
      expect(await watching.next()).toEqual(FINE)
      await watching.rest()
      const drawn = ['Anna', 'Anna at sea', 'Anna at sea', 'Anna, older']
      expect(askedPrompts(gemini)).toEqual(drawn)
    },
  },
  {
    name: 'what another process pins is taken up',
    async check(host) {
      const gemini = await startGemini()
      const files = { 'src/main.js': MAIN, 'src/hero.prompt.md': promptFile('A harbour') }
      const site = await createSite({ ...files, 'gemini-image.lock': formatLockfile(new Map()) })
      const watching = await follow(host, site, { ...keyed(gemini), CI: 'true' })
      expect((await watching.next()).errors.join('\n')).toMatch(/MISSING_PICTURE/)
      await watching.rest()

      const other = await createSite(files)
      expect(await host.build(other, { env: { ...keyed(gemini), CI: '' } })).toEqual(FINE)
      for (const file of await other.list('.gemini-image')) {
        await site.write(`.gemini-image/${file}`, await other.bytes(`.gemini-image/${file}`))
      }
      await site.save('gemini-image.lock', await other.read('gemini-image.lock'))
      expect(await watching.next()).toEqual(FINE)
      await expectShown(site, 'A harbour')
      await watching.rest()

      await site.save('gemini-image.lock', formatLockfile(new Map()))
      expect((await watching.next()).errors.join('\n')).toMatch(/MISSING_PICTURE/)
    },
  },
  {
    name: 'what no scan has seen is watched as well',
    async check(host) {
      const gemini = await startGemini()
      const site = await createSite({
        'src/main.js': MAIN,
        'src/hero.prompt.md': promptFile('Anna at sea', { references: '[./anna.prompt.md]' }),
        'src/anna.prompt.md': promptFile('Anna'),
      })
      const watching = await follow(host, site, keyed(gemini), { exclude: ['src/main.js'] })
      expect(await watching.next()).toEqual(FINE)
      await watching.rest()

      await site.save(
        'src/hero.prompt.md',
        promptFile('Still', { references: '[./anna.prompt.md]' }),
      )
      expect(await watching.next()).toEqual(FINE)
      await watching.rest()

      await site.save('src/anna.prompt.md', promptFile('Anna, older'))
      expect(await watching.next()).toEqual(FINE)
      await watching.rest()
      expect(askedPrompts(gemini)).toHaveLength(5)
    },
  },
]

const FINE: Built = { errors: [], warnings: [] }

/** Watches a site, with environment variables until the test ends. */
async function follow(
  host: Host,
  site: Site,
  env: Readonly<Record<string, string>>,
  options: Run['options'] = {},
): Promise<Follower> {
  onTestFinished(() => void vi.unstubAllEnvs())
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  return new Follower(await host.watch(site, { options }))
}

/** Knows which builds a test has looked at. */
class Follower {
  readonly #watching: Watching
  #taken = 0

  constructor(watching: Watching) {
    this.#watching = watching
  }

  next(): Promise<Built> {
    this.#taken += 1
    return this.#watching.next()
  }

  count(): number {
    return this.#watching.count()
  }

  /** Waits until no build has been under way for a while, passes over what has ended, and gives how many have ever. */
  async rest(): Promise<number> {
    let ended = -1
    while (ended !== this.count() || this.#watching.isUnderWay()) {
      ended = this.count()
      await sleep(250)
    }
    while (this.#taken < ended) await this.next()
    return ended
  }
}

/** What `dist` shows is the object that the lockfile pins for a prompt. */
async function expectShown(site: Site, prompt: string): Promise<void> {
  const place = globalThis as { shown?: Record<string, unknown> }
  delete place.shown
  await import(`${pathToFileURL(site.path('dist/main.js')).href}?${performance.now()}`)
  const { hero } = (place.shown ?? {}) as Record<string, unknown>
  const url = new URL(String(hero), 'http://site.example')
  const file = (await site.list('dist', true)).find(
    (one) => path.basename(one) === path.posix.basename(url.pathname),
  )
  const at = { file: '', path: 'gemini-image.lock', line: 1, column: 1 }
  const { entries } = parseLockfile(await site.read('gemini-image.lock'), at)
  const entry = [...entries.values()].find(({ request }) =>
    JSON.stringify(request).includes(prompt),
  )
  const object = await site.bytes(`.gemini-image/${entry?.file}`)
  expect(object.equals(await site.bytes(`dist/${file}`)), `${file} shows ${prompt}`).toBe(true)
}
