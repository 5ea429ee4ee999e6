import { readFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { GeminiImageError } from '../src/kernel/errors/error.ts'
import { livePreview, preview } from '../src/project/picture.ts'
import { whyMissing } from '../src/project/why-missing.ts'
import { refuse } from '../src/providers/refusal.ts'
import type { Driver } from './support/driver.ts'
import { painter, project, promptFile, type TestProject, type Whim } from './support/project.ts'

/** How long a busy machine may take to draw. */
const PATIENCE = { timeout: 20_000 }

/** What is said of each missing picture, by the name of its file. */
async function reasons({ plan, project }: Driver): Promise<Record<string, string>> {
  const why = await whyMissing(project, (await plan()).rows)
  return Object.fromEntries([...why].map(([id, { text }]) => [path.basename(id), text]))
}

/** A painter that waits. */
function held(): { whim: Whim; release: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  return { whim: () => promise, release: () => resolve(undefined) }
}

const fileOf = async (driver: Driver, site: TestProject, name = 'a'): Promise<string> =>
  (await livePreview(driver.project, site.file(`${name}.prompt.md`))).file

/** The pixel in the middle of the left edge, where no placeholder has words. */
async function edgeOf(file: string): Promise<number[]> {
  const { height } = await sharp(file).metadata()
  const region = { left: 0, top: height >> 1, width: 1, height: 1 }
  return [...(await sharp(file).extract(region).raw().toBuffer())]
}

describe('whyMissing()', () => {
  test('no key, and a mode that forbids it', async () => {
    const site = await project({ a: 'A' })
    expect(await reasons(site.driver({}))).toEqual({
      'a.prompt.md': 'no key: GEMINI_API_KEY is not set',
    })
    expect(await reasons(site.driver({ mode: 'placeholder' }))).toEqual({
      'a.prompt.md': 'not generated: the mode is "placeholder"',
    })
  })

  test('all calls of a declaration are under way until the last of them has ended', async () => {
    const site = await project({ a: promptFile('A', 'variants: 2\n') })
    const { whim, release } = held()
    let calls = 0
    const driver = site.driver({
      provider: painter((...job) => (calls++ ? whim(...job) : undefined)),
    })
    const done = driver.generate([site.file('a.prompt.md')])
    await expect.poll(async () => (await driver.pinned()).size, PATIENCE).toBe(1)
    expect((await reasons(driver))['a.prompt.md']).toMatch(/^generating, about \d+ s$/)
    release()
    await done
    expect(await reasons(driver)).toEqual({})
  })

  test('an edit while the former prompt is generated waits for its own call', async () => {
    const site = await project({ a: 'A' })
    const { whim, release } = held()
    const driver = site.driver({ provider: painter(whim) })
    const done = driver.generate([site.file('a.prompt.md')])
    await expect
      .poll(async () => (await reasons(driver))['a.prompt.md'], PATIENCE)
      .toMatch(/^generating/)
    await site.write('a.prompt.md', promptFile('B'))
    expect(await reasons(driver)).toEqual({ 'a.prompt.md': 'not generated yet' })
    release()
    await done
  })

  test.each([
    ['budget', 'BUDGET_EXCEEDED'],
    ['monthlyBudget', 'MONTHLY_BUDGET_EXCEEDED'],
  ])('a %s that one picture fits and all together do not', async (option, code) => {
    const site = await project({ a: 'A', b: 'B' })
    const driver = site.driver({ provider: painter(), [option]: 0.05 })
    const ids = ['a', 'b'].map((name) => site.file(`${name}.prompt.md`))
    expect(await reasons(driver)).toEqual({
      'a.prompt.md': 'not generated yet',
      'b.prompt.md': 'not generated yet',
    })
    await expect(driver.generate(ids)).rejects.toThrow(code)
    const said = await reasons(driver)
    expect(said['a.prompt.md']).toContain('budget used up: this needs about $0.0762')
    expect(said['b.prompt.md']).toBe(said['a.prompt.md'])
  })

  test('a refusal, what waits for it, and a failure that all calls meet', async () => {
    const site = await project({
      a: 'A',
      b: promptFile('B', 'references:\n  - ./a.prompt.md\n'),
      c: promptFile('C', 'references:\n  - ./b.prompt.md\n'),
    })
    const ids = ['a', 'b', 'c'].map((name) => site.file(`${name}.prompt.md`))
    const driver = site.driver({
      provider: painter(() => {
        throw refuse({ code: 'BLOCKED', what: 'It was blocked.', why: 'Unsafe.', fix: 'no.' })
      }),
    })
    await expect(driver.generate(ids)).rejects.toThrow('BLOCKED')
    expect(await reasons(driver)).toEqual({
      'a.prompt.md': 'refused: It was blocked. Unsafe.',
      'b.prompt.md': 'waiting for a.prompt.md: refused: It was blocked. Unsafe.',
      'c.prompt.md': 'waiting for a.prompt.md: refused: It was blocked. Unsafe.',
    })
    const other = await project({ a: 'A' })
    const failing = other.driver({
      provider: painter(() => {
        throw new GeminiImageError({ code: 'INVALID_KEY', what: 'The key is wrong.', fix: 'no.' })
      }),
    })
    await expect(failing.generate([other.file('a.prompt.md')])).rejects.toThrow('INVALID_KEY')
    expect(await reasons(failing)).toEqual({ 'a.prompt.md': 'failed: The key is wrong.' })
  })
})

describe('livePreview()', () => {
  test('a placeholder for each reason; that of builds has none', async () => {
    const site = await project({ a: 'A' })
    const id = site.file('a.prompt.md')
    const built = await preview(site.driver({}).project, id)
    expect(built.why).toBeUndefined()
    const keyless = await livePreview(site.driver({}).project, id)
    const waiting = await livePreview(site.driver({ provider: painter() }).project, id)
    expect(keyless.why?.label).toBe('no key')
    expect(waiting.why?.label).toBe('waiting')
    const bytes = await Promise.all([built, keyless, waiting].map(({ file }) => readFile(file)))
    expect(new Set(bytes.map((one) => one.toString('base64')))).toHaveLength(3)
    const { width, height } = await sharp(keyless.file).metadata()
    expect([width, height]).toEqual([built.width, built.height])
  })

  test.for(['', 'transparent: true\n'])(
    'the picture before an edit, dimmed (%j)',
    async (settings) => {
      const site = await project({ a: promptFile('A', settings) })
      const { whim, release } = held()
      let calls = 0
      const driver = site.driver({
        provider: painter((...job) => (calls++ ? whim(...job) : undefined)),
      })
      const id = site.file('a.prompt.md')
      await driver.generate([id])
      const former = await driver.preview(id)
      await site.write('a.prompt.md', promptFile('Another', settings))
      const waiting = await livePreview(driver.project, id)
      expect(waiting.state).toBe('placeholder')
      const done = driver.generate([id])
      await expect.poll(() => fileOf(driver, site), PATIENCE).not.toBe(waiting.file)
      const generating = await livePreview(driver.project, id)
      expect(generating.why?.label).toMatch(/^generating, about \d+ s$/)
      const [was, is] = await Promise.all([edgeOf(former.file), edgeOf(generating.file)])
      const [red = -1, green = -1, blue = -1, alpha = 255] = was
      const veiled = [red, green, blue].map((one) => one * 0.45 + 128 * 0.55)
      const dimmed = settings ? [alpha * 0.45] : veiled
      const now = settings ? is.slice(3) : is
      expect(now).toHaveLength(dimmed.length)
      for (const [index, value] of now.entries()) expect(value).toBeCloseTo(dimmed[index] ?? -1, -1)
      release()
      await done
      expect((await livePreview(driver.project, id)).state).toBe('pinned')
    },
  )

  test('the present picture, dimmed, while a person has it generated again', async () => {
    const site = await project({ a: 'A' })
    const { whim, release } = held()
    let calls = 0
    const driver = site.driver({
      provider: painter((...job) => (calls++ ? whim(...job) : undefined)),
    })
    const id = site.file('a.prompt.md')
    await driver.generate([id])
    const done = driver.generate([id], { redraw: true })
    await expect
      .poll(async () => (await livePreview(driver.project, id)).why?.label, PATIENCE)
      .toMatch(/^generating/)
    expect((await driver.preview(id)).state).toBe('pinned')
    release()
    await done
    expect((await livePreview(driver.project, id)).state).toBe('pinned')
  })

  test('of several pictures in one file, each shows its own of before', async () => {
    const set = (style: string): string =>
      promptFile(`A sign that says {{ word }}, ${style}`, 'each:\n  word: [Open, Shut]\n')
    const site = await project({ sign: set('in ink on old paper') })
    const ids = ['Open', 'Shut'].map((word) => `${site.file('sign.prompt.md')}?each=${word}`)
    const driver = site.driver({ provider: painter() })
    await driver.generate(ids)
    const colours = await Promise.all(
      ids.map(async (id) => edgeOf((await driver.preview(id)).file)),
    )
    await site.write('sign.prompt.md', set('in ink on old cloth'))
    for (const [index, id] of ids.entries()) {
      const dimmed = await edgeOf((await livePreview(driver.project, id)).file)
      const veiled = colours[index]?.map((one) => one * 0.45 + 128 * 0.55) ?? []
      for (const [channel, value] of dimmed.entries()) {
        expect(value).toBeCloseTo(veiled[channel] ?? -1, -1)
      }
    }
  })

  test('a prompt and a refusal that are hostile are text', async () => {
    const hostile = '</text><image href="file:///etc/passwd"/>\u0001&<script>]]>'
    const site = await project({ a: `A ${hostile}` })
    const driver = site.driver({
      provider: painter(() => {
        throw refuse({ code: 'BLOCKED', what: hostile, fix: 'no.' })
      }),
    })
    const id = site.file('a.prompt.md')
    await expect(driver.generate([id])).rejects.toThrow('BLOCKED')
    const shown = await livePreview(driver.project, id)
    expect(shown.why?.label).toContain('refused: </text>')
    expect((await sharp(shown.file).stats()).isOpaque).toBe(true)
  })
})
