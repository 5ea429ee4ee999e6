import { describe, expect, test } from 'vitest'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { describeImage } from '../support/images.ts'
import { createSite, pageOf, promptFile, type Site } from '../support/site.ts'
import { buildSite, failingBuild, keyed } from '../support/vite.ts'

const site = (): Promise<Site> =>
  createSite({
    ...pageOf(['hero', 'card']),
    'src/hero.prompt.md': promptFile('A hero', { aspectRatio: '21:9', size: '2K' }),
    'src/card.prompt.md': promptFile('A card'),
  })

const HERO = 'src/hero.prompt.md:7:1'
const CARD = 'src/card.prompt.md:5:1'

describe('auto', () => {
  test('without a key, one error lists all that is missing, and what helps', async () => {
    const project = await site()
    const said = await failingBuild(project)
    expect(said).toContain('MISSING_KEY')
    for (const place of [HERO, CARD]) expect(said).toContain(place)
    expect(said).toMatch(/21:9 2K +gemini-nano-banana-2\.1 +\$0\.05/)
    expect(said).toContain('GEMINI_API_KEY')
    expect(said).toContain('GEMINI_IMAGE_MODE=placeholder')
    expect(await project.list('.')).not.toContain('gemini-image.lock')
  })

  test('takes GOOGLE_API_KEY too, and GEMINI_API_KEY first', async () => {
    const gemini = await startGemini()
    const both = { ...keyed(gemini), GEMINI_API_KEY: 'first', GOOGLE_API_KEY: 'second' }
    await buildSite(await site(), { env: both })
    await buildSite(await site(), {
      env: { GOOGLE_GEMINI_BASE_URL: gemini.url, GOOGLE_API_KEY: 'second' },
    })
    const keys = gemini.requests.map(({ headers }) => headers['x-goog-api-key'])
    expect(keys).toEqual(['first', 'first', 'second', 'second'])
  })

  test('reads the key from .env.local, which Vite keeps from the browser', async () => {
    const gemini = await startGemini()
    const project = await site()
    await project.write('.env.local', 'GEMINI_API_KEY=from-the-file\n')
    await buildSite(project, { env: { GOOGLE_GEMINI_BASE_URL: gemini.url } })
    expect(gemini.requests[0]?.headers['x-goog-api-key']).toBe('from-the-file')
  })
})

describe('frozen', () => {
  test('is the default in CI: it uses what is pinned, and generates nothing', async () => {
    const gemini = await startGemini()
    const project = await site()
    await buildSite(project, { env: keyed(gemini) })
    gemini.reset()
    await buildSite(project, { env: { CI: 'true' } })
    await project.write('src/hero.prompt.md', promptFile('Another hero'))
    await project.write('src/card.prompt.md', promptFile('Another card'))
    const said = await failingBuild(project, { env: { ...keyed(gemini), CI: 'true' } })
    expect(said).toContain('MISSING_PICTURE')
    expect(said).toContain('src/hero.prompt.md:5:1')
    expect(said).toContain('src/card.prompt.md:5:1')
    expect(gemini.requests).toEqual([])
  })

  test('a lost or corrupt object is said, and not paid for again', async () => {
    const gemini = await startGemini()
    const project = await site()
    await buildSite(project, { env: keyed(gemini) })
    gemini.reset()
    const [card = '', hero = ''] = await project.list('.gemini-image')
    const frozen = { env: { ...keyed(gemini), GEMINI_IMAGE_MODE: 'frozen' } }
    const lock = await project.read('gemini-image.lock')

    const sound = await project.bytes(`.gemini-image/${hero}`)
    const flipped = Buffer.from(sound)
    flipped[flipped.length - 3] = (flipped.at(-3) ?? 0) ^ 1
    await project.write(`.gemini-image/${hero}`, flipped)
    for (const run of [frozen, { env: keyed(gemini) }]) {
      const said = await failingBuild(project, run)
      expect(said).toContain('CORRUPT_OBJECT')
      expect(said).toContain(hero)
    }
    await project.write(`.gemini-image/${hero}`, sound)

    await project.remove(`.gemini-image/${card}`)
    expect(await failingBuild(project, frozen)).toContain(CARD)
    expect(gemini.requests).toEqual([])
    expect(await project.read('gemini-image.lock')).toBe(lock)

    // Away from CI the loss is said and made good.
    const log = await buildSite(project, { env: keyed(gemini) })
    expect(log).toContain(`pins .gemini-image/${card}, which is not there`)
    expect(askedPrompts(gemini)).toEqual(['A card'])
  })

  test('a lockfile that cannot be read is an error at its line, in every mode', async () => {
    const gemini = await startGemini()
    const project = await site()
    await buildSite(project, { env: keyed(gemini) })
    gemini.reset()
    const broken = (await project.read('gemini-image.lock')).replace('"object"', '"objet"')
    await project.write('gemini-image.lock', broken)
    for (const mode of ['auto', 'frozen', 'placeholder']) {
      const env = { ...keyed(gemini), GEMINI_IMAGE_MODE: mode }
      expect(await failingBuild(project, { env })).toContain(
        'CORRUPT_LOCKFILE at gemini-image.lock:4:1',
      )
    }
    expect(gemini.requests).toEqual([])
    expect(await project.read('gemini-image.lock')).toBe(broken)
  })

  test('the lockfile with the conflict of a merge is used as the union', async () => {
    const gemini = await startGemini()
    const project = await site()
    await buildSite(project, { env: keyed(gemini) })
    const lines = (await project.read('gemini-image.lock')).split('\n')
    const [one = '', two = ''] = lines.filter((line) => line.startsWith('  '))
    const head = lines.filter((line) => line !== '' && !line.startsWith('  '))
    const conflict = [...head, '<<<<<<< HEAD', one, '=======', two, '>>>>>>> other', ''].join('\n')
    await project.write('gemini-image.lock', conflict)
    const log = await buildSite(project, { env: { CI: 'true' } })
    expect(log).toContain('both sides of the merge are used')
    expect(log).toContain('2 pictures: 2 pinned')
  })
})

describe('placeholder', () => {
  test.for([
    ['the option', { options: { mode: 'placeholder' as const } }],
    [
      'the variable',
      { env: { GEMINI_IMAGE_MODE: 'placeholder' }, options: { mode: 'frozen' as const } },
    ],
    ['vite build --mode placeholder', { config: { mode: 'placeholder' } }],
  ] as const)('%s: stand-ins of the exact size, nothing pinned, nothing asked', async ([, run]) => {
    const gemini = await startGemini()
    const project = await site()
    await buildSite(project, {
      ...run,
      env: { ...keyed(gemini), ...('env' in run ? run.env : {}) },
    })
    const pictures = (await project.list('dist/assets')).filter((name) => name.endsWith('.jpg'))
    const sizes = pictures.map(async (name) =>
      describeImage(await project.bytes(`dist/assets/${name}`)),
    )
    expect(await Promise.all(sizes)).toEqual(['jpeg 1024x1024', 'jpeg 3168x1344'])
    expect(await project.list('.')).not.toContain('gemini-image.lock')
    expect(await project.list('.gemini-image')).toEqual([])
    expect(gemini.requests).toEqual([])
  })

  test('a pinned picture is used, and only what is missing is a stand-in', async () => {
    const gemini = await startGemini()
    const project = await site()
    await buildSite(project, { env: keyed(gemini) })
    await project.write('src/card.prompt.md', promptFile('Another card'))
    const log = await buildSite(project, { config: { mode: 'placeholder' } })
    expect(log).toContain('2 pictures: 1 pinned, 1 placeholder')
  })
})

test('an option that does not exist is an error that says which does', async () => {
  const options = { buget: 5 } as object
  expect(await failingBuild(await site(), { options })).toMatch(
    /INVALID_OPTION[\s\S]*Did you mean "budget"/,
  )
})
