import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Setting } from '../src/declare/declaration.ts'
import { startOf } from '../src/kernel/place.ts'
import { isGeminiImageError } from '../src/kernel/errors/error.ts'
import { isUntouched, touchedSince, type BuildIndex } from '../src/project/index/build-index.ts'
import { openHost, type Host } from '../src/project/open-host.ts'
import type { Options } from '../src/options/options.ts'
import { resolveOptions } from '../src/options/resolve-options.ts'
import { canGenerate } from '../src/project/generate.ts'
import { preview, render } from '../src/project/picture.ts'
import { plan } from '../src/project/plan.ts'
import { prepare } from '../src/project/prepare.ts'
import { openProject } from '../src/project/project.ts'
import { aiSdk, vertex } from '../src/providers.ts'
import { painter, project, promptFile, type TestProject } from './support/project.ts'

const DAY = 86_400_000

/** Noon, so that no test runs into the next day by itself. */
const NOON = Math.ceil(Date.now() / DAY) * DAY + DAY / 2

// As if all files had been left alone for a while.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOON })
})
afterEach(() => {
  vi.useRealTimers()
})

const outputs = ['dist', 'out.js']

/** The engine of a host that never generates. */
function open(
  { root, file, log }: TestProject,
  options: Options = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Host> {
  const note = (line: string): void => void log.push(line)
  const surroundings = {
    hostRoot: root,
    env,
    logger: { info: note, warn: note },
    outputs: outputs.map(file),
  }
  return openHost({ mode: 'frozen', ...options }, surroundings)
}

/** The same, without an index. */
function look({ root, file }: TestProject): Pick<Host, 'prepare'> {
  const surroundings = { hostRoot: root, env: {}, outputs: outputs.map(file) }
  const project = openProject(resolveOptions({ mode: 'frozen' }, surroundings))
  return { prepare: () => prepare(project) }
}

/** All that a build finds: which pictures there are, and what they are; or what is wrong. */
async function build(host: Pick<Host, 'prepare'>): Promise<unknown> {
  try {
    const prepared = await host.prepare()
    const { ids, inputs, importers, generated, placeholders, spent } = prepared
    const summary = { ids, inputs, importers, generated, placeholders, spent }
    const images = []
    for (const id of ids) images.push([id, await prepared.image(id)])
    await prepared.verify()
    return JSON.parse(JSON.stringify({ ...summary, images }))
  } catch (error) {
    if (!isGeminiImageError(error)) throw error
    return { error: error.message }
  }
}

/** A project with pictures, all pinned, that was built once. */
async function built(
  prompts: Readonly<Record<string, string>> = { hero: 'A fox', team: 'A wolf' },
): Promise<TestProject> {
  const site = await project(prompts)
  await site.driver({ provider: painter() }).prepare()
  await build(await open(site))
  return site
}

function folderOf({ file }: TestProject): string {
  return file('node_modules/.cache/gemini-image/index')
}

async function indexes(site: TestProject): Promise<readonly string[]> {
  const names = existsSync(folderOf(site)) ? await readdir(folderOf(site)) : []
  return names.map((name) => path.join(folderOf(site), name))
}

/** Writes into the indexes what no file says, so that one can see who answers. */
async function mark(site: TestProject): Promise<void> {
  for (const file of await indexes(site)) {
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replaceAll('"alt":"A picture"', '"alt":"From the index"'))
  }
}

/** Whether the next build is answered from the index. */
async function remembers(site: TestProject, options?: Options): Promise<boolean> {
  await mark(site)
  const found = JSON.stringify(await build(await open(site, options)))
  expect(found).toMatch(/"alt":"(?:A picture|From the index)"|"error"/)
  return found.includes('From the index')
}

async function objectOf({ store }: TestProject, name: string): Promise<string> {
  const file = (await readdir(store)).find((one) => one.startsWith(`${name}.`))
  return path.join(store, file ?? '')
}

describe('a build after a build', () => {
  test('finds the same, from the index, by the same Vertex AI', async () => {
    const site = await built()
    const at = (location: string): Options => ({ provider: vertex({ project: 'p', location }) })
    expect(await remembers(site, at('global'))).toBe(false)
    expect(await remembers(site, at('global'))).toBe(true)
    expect(await remembers(site, at('us-east5'))).toBe(false)
  })

  test('finds the same, from the index, by the same models of the AI SDK', async () => {
    const site = await built()
    const model = (): never => expect.fail('Nobody asks it.')
    const at = (references: number): Options => ({
      provider: aiSdk({ 'nano-banana': { model, id: 'openai/gpt-image-2', references } }),
    })
    expect(await remembers(site, at(1))).toBe(false)
    expect(await remembers(site, at(1))).toBe(true)
    expect(await remembers(site, at(2))).toBe(false)
  })

  test('finds the same, from the index', async () => {
    const site = await project({ hero: 'A fox', team: 'A wolf' })
    await site.driver({ provider: painter() }).prepare()
    const first = await build(await open(site))
    expect(await indexes(site)).toHaveLength(1)
    expect(await build(await open(site))).toEqual(first)
    expect(await remembers(site)).toBe(true)
  })

  test('draws no placeholder that was drawn, and none that nobody asks for', async () => {
    const site = await project({ hero: 'A fox', team: 'A wolf' })
    await site.driver({ provider: painter() }).prepare()
    const hero = site.file('hero.prompt.md')
    const prepared = await (await open(site)).prepare()
    const { placeholder } = await prepared.image(hero)
    await prepared.image(site.file('team.prompt.md'))
    await prepared.verify()
    const [index = ''] = await indexes(site)
    const text = await readFile(index, 'utf8')
    expect(text.match(/data:image[^"]*/g)).toEqual([placeholder])
    await writeFile(index, text.replace(placeholder, 'data:from-index'))
    const next = await (await open(site)).prepare()
    expect((await next.image(hero)).placeholder).toBe('data:from-index')
    expect((await next.image(site.file('team.prompt.md'))).placeholder).toMatch(/^data:image/)
  })

  test('draws no placeholder that was drawn, also where something else has changed', async () => {
    const site = await project({ hero: 'A fox', team: 'A wolf' })
    await site.driver({ provider: painter() }).prepare()
    const [hero, team] = [site.file('hero.prompt.md'), site.file('team.prompt.md')]
    const prepared = await (await open(site)).prepare()
    const drawn = await Promise.all([hero, team].map((id) => prepared.image(id)))
    const [heroDrawn = '', teamDrawn = ''] = drawn.map(({ placeholder }) => placeholder)
    await prepared.verify()
    const [index = ''] = await indexes(site)
    const text = await readFile(index, 'utf8')
    await writeFile(index, text.replaceAll(heroDrawn, 'data:from-index'))
    await rm(team)
    await site.write('main.js', "import './hero.prompt.md?gemini-image'")
    const next = await (await open(site)).prepare()
    expect((await next.image(hero)).placeholder).toBe('data:from-index')
    await next.verify()
    const remembered = await readFile(index, 'utf8')
    expect(remembered).toContain('data:from-index')
    expect(remembered).not.toContain(teamDrawn)
  })

  test('finds a picture that it did not know', async () => {
    const site = await built()
    await site.write('other.prompt.md', promptFile('A fox'))
    const prepared = await (await open(site)).prepare()
    expect(await prepared.image(site.file('other.prompt.md'))).toMatchObject({ state: 'pinned' })
  })

  test('answers all else as ever', async () => {
    const site = await built()
    const host = await open(site)
    const prepared = await host.prepare()
    const opened = await host.project()
    const { rows, pinned } = await plan(opened)
    expect(rows).toHaveLength(2)
    expect(pinned.size).toBe(2)
    expect(canGenerate(opened)).toBe(false)
    expect(await preview(opened, site.file('hero.prompt.md'))).toMatchObject({ alt: 'A picture' })
    const image = await prepared.image(site.file('hero.prompt.md'))
    const { sources } = await render(opened, image, { form: 'url', query: '?width=4' })
    expect(sources[0]?.files).toHaveLength(1)
  })

  test('that a program tells what files declare as well, is answered', async () => {
    const site = await project({})
    const macro = "geminiImage({ prompt: 'A fox', alt: 'A picture' })"
    const module = 'unplugin-gemini-image/macro'
    await site.write('main.js', `import { geminiImage } from '${module}'\n${macro}\n`)
    await site.driver({ provider: painter() }).prepare()
    await build(await open(site))
    const told = async (): Promise<Host> => {
      const { rows } = await plan(await (await open(site)).project())
      const engine = await open(site)
      engine.addDeclarations(
        rows.map(({ declared: { id, file, name, place, spec } }) => {
          return { id, file, name, place, prompt: spec.prompt, settings: new Map() }
        }),
      )
      return engine
    }
    await mark(site)
    expect(await indexes(site)).toHaveLength(1)
    expect(JSON.stringify(await build(await told()))).toContain('From the index')
    // So is one that was told when the index was written.
    for (const file of await indexes(site)) await rm(file)
    await build(await told())
    await mark(site)
    expect(JSON.stringify(await build(await told()))).toContain('From the index')
  })

  test('that is asked for what a program declares, looks itself', async () => {
    const site = await built()
    await mark(site)
    const engine = await open(site)
    const { rows } = await plan(await (await open(site)).project())
    const declared = rows[0]?.declared
    if (!declared) throw new Error('Expected a declaration')
    const { file, name, place } = declared
    const id = `${site.file('main.js')}#0123456789abcdef`
    engine.addDeclarations([{ id, file, name, place, prompt: 'A fox', settings: new Map() }])
    // It has no alternative text, which the index does not know.
    await expect(engine.prepare()).rejects.toMatchObject({ code: 'MISSING_ALT' })
  })
})

describe('an index holds no longer than', () => {
  /** What happens between two builds, and whether the second one still goes by the first. */
  const events: readonly (readonly [
    what: string,
    holds: boolean,
    happen: (site: TestProject) => Promise<unknown>,
  ])[] = [
    ['nothing', true, () => Promise.resolve()],
    ['a file in the output', true, (site) => site.write('dist/a.js', '/* built */')],
    ['a prompt', false, (site) => site.write('hero.prompt.md', promptFile('A bear'))],
    ['an alternative text', false, (site) => site.write('hero.prompt.md', promptFile('A fox\n'))],
    [
      'a source file',
      false,
      (site) => site.write('main.js', "import './hero.prompt.md?gemini-image'"),
    ],
    ['a source file that asks for the same', true, (site) => rewrite(site, 'main.js', '// later')],
    [
      'a source file that an editor saves by a new one',
      true,
      async (site) => {
        await writeFile(
          site.file('main.js~'),
          `${await readFile(site.file('main.js'), 'utf8')}\n// later`,
        )
        await rename(site.file('main.js~'), site.file('main.js'))
      },
    ],
    ['a source file that declares something', false, (site) => rewrite(site, 'main.js', MACRO)],
    ['a file of no kind', true, (site) => site.write('notes.txt', 'Later')],
    ['what is private', false, (site) => site.write('.gitignore', 'hero.prompt.md')],
    ['a new file', false, (site) => site.write('new.ts', '')],
    ['a new folder with a file', false, (site) => site.write('a/b/c.css', '')],
    ['a file that is gone', false, (site) => rm(site.file('team.prompt.md'))],
    ['the lockfile', false, (site) => site.write('gemini-image.lock', '')],
    ['an object that is gone', false, async (site) => rm(await objectOf(site, 'hero'))],
    ['a clone with the cache restored', true, clone],
    ['a file that is written again', true, (site) => again(site, 'hero.prompt.md')],
    ['the lockfile, written again', true, (site) => again(site, 'gemini-image.lock')],
    [
      'a clone with another prompt',
      false,
      async (site) => {
        await site.write('hero.prompt.md', promptFile('A bear'))
        await clone(site)
      },
    ],
    [
      'a clone with another lockfile',
      false,
      async (site) => {
        await rewrite(site, 'gemini-image.lock', '# later')
        await clone(site)
      },
    ],
    ['a configuration', false, (site) => site.write('gemini-image.config.js', 'export default {}')],
  ]

  test.for(events)('%s (%s)', async ([, holds, happen]) => {
    const site = await built()
    await mkdir(site.file('dist'))
    await build(await open(site))
    await happen(site)
    expect(await remembers(site)).toBe(holds)
  })

  test('an option, a variable or an output', async () => {
    const site = await built()
    expect(await remembers(site, { budget: 3 })).toBe(false)
    expect(await remembers(site, { budget: 3 })).toBe(true)
    await mark(site)
    const frozen = await build(await open(site, { budget: 3 }, { GEMINI_IMAGE_MODE: 'auto' }))
    expect(JSON.stringify(frozen)).not.toContain('From the index')
  })

  test('nobody writes, whatever time a file is given back', async () => {
    const site = await project({ hero: 'A fox' })
    await site.driver({ provider: painter() }).prepare()
    await utimes(site.file('hero.prompt.md'), 1, 1)
    await build(await open(site))
    expect(await remembers(site)).toBe(true)
    await site.write('hero.prompt.md', promptFile('A cat'))
    await utimes(site.file('hero.prompt.md'), 1, 1)
    expect(await remembers(site)).toBe(false)
  })

  test('an object is there', async () => {
    const site = await built()
    await rm(await objectOf(site, 'hero'))
    expect(await build(await open(site))).toMatchObject({
      error: expect.stringContaining('MISSING_PICTURE') as unknown,
    })
  })

  test('a picture is fresh', async () => {
    const site = await project({
      hero: promptFile('A fox', 'grounding: { web: true }\nfresh: 1h\n'),
    })
    await site.driver({ provider: painter() }).prepare()
    await build(await open(site))
    expect(await remembers(site)).toBe(true)
    vi.setSystemTime(NOON + DAY / 24 + 1)
    expect(await remembers(site)).toBe(false)
  })

  test('a style that a prompt is made of', async () => {
    const site = await project({ hero: promptFile('A fox', 'style: ./ink.style.md\n') })
    await site.write('ink.style.md', 'In ink')
    await site.driver({ provider: painter() }).prepare()
    await build(await open(site))
    expect(await remembers(site)).toBe(true)
    await site.write('ink.style.md', 'In oil')
    expect(await build(await open(site))).toMatchObject({
      error: expect.stringContaining('MISSING_PICTURE') as unknown,
    })
  })
})

describe('nothing is remembered', () => {
  test('of files that were written just now', async () => {
    vi.useRealTimers()
    const site = await built()
    expect(await indexes(site)).toHaveLength(0)
  })

  test('of a build that draws, or that fails', async () => {
    const site = await project({ hero: 'A fox' })
    await build(await open(site))
    await build(await open(site, { mode: 'placeholder' }))
    expect(await indexes(site)).toHaveLength(0)
  })

  test('where a program declares something', async () => {
    const site = await project({ hero: 'A fox' })
    await site.driver({ provider: painter() }).prepare()
    const id = `${site.file('main.js')}#0123456789abcdef`
    const place = startOf(site.root, site.file('main.js'))
    const alt: Setting = { value: 'Another', keyPlace: () => place, valuePlace: () => place }
    const engine = await open(site)
    const declared = { id, file: place.file, name: 'hero', place, prompt: 'A fox' }
    engine.addDeclarations([{ ...declared, settings: new Map([['alt', alt]]) }])
    expect(await build(engine)).toMatchObject({ ids: [site.file('hero.prompt.md'), id] })
    expect(await indexes(site)).toHaveLength(0)
  })

  test('where there is something to say', async () => {
    const site = await built()
    const lines = (await readFile(site.lockfile, 'utf8')).split('\n')
    const entry = lines.findIndex((line) => /^ *[0-9a-f]{64}:/.test(line))
    lines.splice(entry, 1, '<<<<<<< ours', lines[entry] ?? '', '=======', '>>>>>>> theirs')
    await site.write('gemini-image.lock', lines.join('\n'))
    for (let round = 0; round < 2; round += 1) await build(await open(site))
    expect(site.log.filter((line) => line.includes('conflict markers'))).toHaveLength(2)
  })

  test('where a provider may do as it likes', async () => {
    const site = await built()
    const options: Options = { provider: painter() }
    expect(await remembers(site, options)).toBe(false)
    expect(await remembers(site, options)).toBe(false)
  })

  test('for ever', async () => {
    const site = await built()
    for (let budget = 1; budget < 12; budget += 1) await build(await open(site, { budget }))
    expect(await indexes(site)).toHaveLength(8)
  })

  test('of another way to build', async () => {
    const site = await built()
    await build(await open(site, { budget: 3 }))
    const [one = '', other = ''] = await indexes(site)
    await swapContents(one, other)
    expect(await remembers(site)).toBe(false)
  })

  test('that cannot be read', async () => {
    const site = await built()
    const first = await build(await open(site))
    for (const text of ['', '{', 'null', '[]', '{"key":1}']) {
      for (const file of await indexes(site)) await writeFile(file, text)
      expect(await build(await open(site))).toEqual(first)
    }
  })
})

describe('an object that was touched since', () => {
  test('and holds other bytes is refused before anything ships', async () => {
    const site = await built()
    await damage(site)
    expect(await build(await open(site))).toMatchObject({
      error: expect.stringContaining('CORRUPT_OBJECT') as unknown,
    })
  })

  test('and holds the same bytes is used', async () => {
    const site = await built()
    const file = await objectOf(site, 'hero')
    await writeFile(file, await readFile(file))
    expect(await remembers(site)).toBe(true)
  })

  test('and vanishes while the build goes on is an error', async () => {
    const site = await built()
    const prepared = await (await open(site)).prepare()
    await prepared.image(site.file('hero.prompt.md'))
    await rm(await objectOf(site, 'hero'))
    await expect(prepared.verify()).rejects.toMatchObject({ code: 'CORRUPT_OBJECT' })
  })
})

describe('a clone with the cache restored', () => {
  test('is looked at once', async () => {
    const site = await built()
    await clone(site)
    expect(await untouched(site)).toBe(false)
    await build(await open(site))
    expect(await untouched(site)).toBe(true)
  })

  test('is written down again once, where a host verifies one picture after another', async () => {
    const site = await built()
    await clone(site)
    const prepared = await (await open(site)).prepare()
    await prepared.image(site.file('hero.prompt.md'))
    await prepared.verify()
    expect(await untouched(site)).toBe(false)
    await prepared.image(site.file('team.prompt.md'))
    await prepared.verify()
    expect(await untouched(site)).toBe(true)
  })

  test.for([
    ['a picture', '"object":"'],
    ['an object', '"objects":[{"file":"'],
    ['the name of a file', '.gemini-image/team.'],
  ])('believes %s only where the lockfile pins it', async ([, start = '']) => {
    const site = await built()
    await mark(site)
    await clone(site)
    for (const file of await indexes(site)) {
      const text = await readFile(file, 'utf8')
      const at = text.indexOf(start) + start.length
      await writeFile(file, text.slice(0, at) + (text[at] === '0' ? '1' : '0') + text.slice(at + 1))
    }
    expect(JSON.stringify(await build(await open(site)))).not.toContain('From the index')
  })

  test('hashes every object', async () => {
    const site = await built()
    await damage(site)
    await clone(site)
    expect(await build(await open(site))).toMatchObject({
      error: expect.stringContaining('CORRUPT_OBJECT') as unknown,
    })
  })
})

const MACRO =
  "import { geminiImage } from 'unplugin-gemini-image/macro'\nexport const fox = geminiImage({ prompt: 'A fox', alt: 'A picture' })"

/** Puts a copy in a project's place: to the file system, every file is another. */
async function clone({ root }: TestProject): Promise<void> {
  await cp(root, `${root}.clone`, { recursive: true })
  await rm(root, { recursive: true })
  await rename(`${root}.clone`, root)
}

/** Whether the file system says of everything what it said when the indexes were written. */
async function untouched(site: TestProject): Promise<boolean> {
  const texts = await Promise.all((await indexes(site)).map((file) => readFile(file, 'utf8')))
  const all = texts.map((text) => JSON.parse(text) as BuildIndex)
  const objects = all.flatMap(({ pictures }) => pictures.flatMap(([, one]) => one.objects))
  return (
    all.every((index) => touchedSince(index).length === 0) &&
    objects.every(({ path: file, stamp }) => isUntouched(file, stamp))
  )
}

async function again(site: TestProject, name: string): Promise<void> {
  const text = await readFile(site.file(name), 'utf8')
  await rm(site.file(name))
  await site.write(name, text)
}

/** Adds a text to a file. */
async function rewrite(site: TestProject, name: string, text: string): Promise<void> {
  await site.write(name, `${await readFile(site.file(name), 'utf8')}\n${text}\n`)
}

/** Something that people do to a project; done twice, it is as before. */
const DEEDS: Readonly<Record<string, (site: TestProject) => Promise<unknown>>> = {
  nothing: () => Promise.resolve(),
  'edit a prompt': async (site) => {
    const text = await readFile(site.file('hero.prompt.md'), 'utf8').catch(() => '')
    await site.write('hero.prompt.md', promptFile(text.includes('A fox') ? 'A bear' : 'A fox'))
  },
  'clone it': clone,
  'keep a prompt file from git': (site) => toggle(site, '.gitignore', 'hero.prompt.md'),
  'move a prompt file': (site) => swap(site.file('hero.prompt.md'), site.file('old.prompt.md')),
  'move a source file': (site) => swap(site.file('main.js'), site.file('later/main.js')),
  'move a source file into the output': (site) =>
    swap(site.file('main.js'), site.file('dist/a.js')),
  'lose an object': async (site) => {
    const [lost] = existsSync(site.file('lost')) ? await readdir(site.file('lost')) : []
    const name = lost ?? path.basename(await objectOf(site, 'team'))
    await swap(path.join(site.store, name), path.join(site.file('lost'), name))
  },
  'write into an object': damage,
  'move the lockfile': (site) => swap(site.lockfile, site.file('old.lock')),
  'edit a source file': (site) => alter(site, (text) => `// ${text.length}\n${text}`),
  'ask for less': (site) => alter(site, (text) => text.replace(/^import .*team.*$/m, '')),
  'declare where it is used': (site) => alter(site, (text) => `${text}\n${MACRO}\n`),
  'move what is declared': (site) =>
    alter(site, (text) => text.replace('export const fox', '\nexport const fox')),
  'ask in a stylesheet': (site) =>
    toggle(site, 'a.css', 'a { background: url("./old.prompt.md?gemini-image") }'),
  'ask for what is not there': (site) =>
    toggle(site, 'deep/er/b.ts', "import './none.prompt.md?gemini-image'"),
}

/** Flips a bit of an object. */
async function damage(site: TestProject): Promise<void> {
  const file = await objectOf(site, 'hero')
  const bytes = await readFile(file)
  bytes[40] = (bytes[40] ?? 0) ^ 1
  await writeFile(file, bytes)
}

/** Changes the source file, wherever it is by now. */
async function alter(site: TestProject, change: (text: string) => string): Promise<void> {
  if (!existsSync(site.file('main.js'))) return
  await site.write('main.js', change(await readFile(site.file('main.js'), 'utf8')))
}

async function swapContents(one: string, other: string): Promise<void> {
  const [text, otherText] = [await readFile(one), await readFile(other)]
  await writeFile(one, otherText)
  await writeFile(other, text)
}

async function swap(one: string, other: string): Promise<void> {
  const [from, to] = existsSync(one) ? [one, other] : [other, one]
  if (!existsSync(from)) return
  await mkdir(path.dirname(to), { recursive: true })
  await rename(from, to)
}

async function toggle(site: TestProject, name: string, text: string): Promise<void> {
  if (existsSync(site.file(name))) await rm(site.file(name))
  else await site.write(name, text)
}

test('whatever is done to a project, an index finds what looking finds', async () => {
  const deeds = fc.array(fc.constantFrom(...Object.keys(DEEDS)), { minLength: 1, maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(deeds, async (names) => {
      const site = await built()
      // Both texts of the prompt that is edited are pinned.
      await DEEDS['edit a prompt']?.(site)
      await site.driver({ provider: painter() }).prepare()
      for (const name of names) {
        await DEEDS[name]?.(site)
        const before = await build(await open(site))
        expect([name, await build(await open(site))]).toEqual([name, before])
        expect([name, await build(look(site))]).toEqual([name, before])
      }
    }),
    { numRuns: 25 },
  )
})
