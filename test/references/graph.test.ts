import { readFile } from 'node:fs/promises'
import type { Provider } from '@gemini-image/core'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { importing, leftIn, prompting, setStage, thrownBy, type Stage } from '../errors/stage.ts'
import { askedPrompts, holdUntil } from '../support/gemini.ts'
import { buildSite, keyed } from '../support/vite.ts'
import { withAlt } from '../support/with-alt.ts'
import { heavy } from './images.ts'

/** A declaration whose prompt is its name, and that refers to others. */
function declaring(name: string, ...others: readonly string[]): Record<string, string> {
  const list = others.map((other) => `  - ./${other}.prompt.md\n`).join('')
  const settings = others.length > 0 ? `alt: ""\nreferences:\n${list}` : 'alt: ""'
  return { [`${name}.prompt.md`]: prompting(settings.trimEnd(), name) }
}

/** Two that the scene refers to, and one that nobody does. */
const theatre = {
  'main.js': importing('scene'),
  ...declaring('scene', 'anna', 'lamp'),
  ...declaring('anna'),
  ...declaring('lamp'),
  ...declaring('nobody'),
}

const asked = ({ gemini }: Stage): string[] => gemini.requests.map(({ prompt }) => prompt)

/** How many entries the lockfile has. */
async function countPinned({ site }: Stage): Promise<number> {
  const lock = await site.read('gemini-image.lock')
  return lock.match(/^ {2}[0-9a-f]{64}: /gm)?.length ?? 0
}

/** Deletes the entry of the picture with this name. */
async function unpin({ site }: Stage, name: string): Promise<void> {
  const lock = await site.read('gemini-image.lock')
  const lines = lock.split('\n').filter((line) => !line.includes(`"file":"${name}.`))
  await site.write('gemini-image.lock', lines.join('\n'))
}

const referring = (stage: Stage, name: string, ...others: string[]): Promise<void[]> =>
  Promise.all(
    Object.entries(declaring(name, ...others)).map(([file, text]) => stage.site.write(file, text)),
  )

describe('aspectRatio: auto', () => {
  test('is the shape of a declaration that is not drawn yet, and of what it draws', async () => {
    const auto = 'alt: ""\nreferences: [./wide.prompt.md]\naspectRatio: auto'
    const stage = await setStage({
      'main.js': importing('night'),
      'wide.prompt.md': prompting('alt: ""\naspectRatio: 21:9\nsize: 2K', 'A street'),
      'night.prompt.md': prompting(auto, 'The same street at night'),
    })
    await stage.prepare()
    const ratios = stage.gemini.requests.map(
      ({ rawBody }) => /"aspectRatio":"([^"]+)"/.exec(rawBody)?.[1],
    )
    expect(ratios).toEqual(['21:9', '21:9'])
    expect(await stage.prepare()).toMatchObject({ generated: 0 })
  })

  test('is not that of a turn that says another, and follows the last turn of what it refers to', async () => {
    const stage = await setStage({
      'main.js': importing('night'),
      'wide.prompt.md': prompting(
        'alt: ""\naspectRatio: 4:3\nturns: [{ prompt: Wider, aspectRatio: 16:9 }]',
        'A street',
      ),
      'night.prompt.md': prompting(
        'alt: ""\nreferences: [./wide.prompt.md]\naspectRatio: auto\nturns: [Darker, { prompt: Square, aspectRatio: 1:1 }]',
        'The same street at night',
      ),
    })
    await stage.prepare()
    const ratios = stage.gemini.requests.map(
      ({ rawBody }) => /"aspectRatio":"([^"]+)"/.exec(rawBody)?.[1],
    )
    expect(ratios).toEqual(['4:3', '16:9', '16:9', '16:9', '1:1'])
  })

  test('is the shape in which a photograph is shown, however the camera was held', async () => {
    const photo = sharp({ create: { width: 64, height: 48, channels: 3, background: 'red' } })
    const stage = await setStage({
      'main.js': importing('edit'),
      'edit.prompt.md': prompting(
        'alt: ""\nreferences: [./photo.jpg]\naspectRatio: auto',
        'At night',
      ),
    })
    const upright = await photo.withMetadata({ orientation: 6 }).jpeg().toBuffer()
    await stage.site.write('photo.jpg', upright)
    await stage.prepare()
    expect(stage.gemini.requests[0]?.rawBody).toContain('"aspectRatio":"3:4"')
  })
})

describe('in order', () => {
  test('what is referred to is drawn first, side by side, and nothing else is', async () => {
    const stage = await setStage(theatre)
    const [summary] = await Promise.all([stage.prepare(), holdUntil(stage.gemini, 2)])
    expect(summary).toMatchObject({ generated: 3, placeholders: 0 })
    expect(summary.ids.toSorted()).toEqual(
      ['anna', 'lamp', 'scene'].map((name) => stage.site.path(`${name}.prompt.md`)),
    )
    expect(askedPrompts(stage.gemini).map((prompt) => prompt.split('\n')[0])).toEqual([
      'anna',
      'lamp',
      'scene',
    ])
    expect(asked(stage).at(-1)).toMatch(/^scene/)
    expect(stage.gemini.maxInFlight).toBe(2)
    const [first, second, scene] = stage.gemini.requests
    expect(scene?.startedAt).toBeGreaterThanOrEqual(first?.endedAt ?? Infinity)
    expect(scene?.startedAt).toBeGreaterThanOrEqual(second?.endedAt ?? Infinity)
    expect(await countPinned(stage)).toBe(3)
  })

  test('the pictures themselves are sent, in the declared order', async () => {
    const stage = await setStage(theatre)
    await stage.prepare()
    const files = await stage.site.list('.gemini-image')
    const bytesOf = async (name: string): Promise<string> => {
      const file = files.find((one) => one.startsWith(`${name}.`)) ?? ''
      return (await stage.site.bytes(`.gemini-image/${file}`)).toString('base64')
    }
    expect(stage.gemini.requests.at(-1)?.body).toMatchObject({
      contents: [
        {
          parts: [
            { text: 'scene' },
            { inlineData: { mimeType: 'image/jpeg', data: await bytesOf('anna') } },
            { inlineData: { mimeType: 'image/jpeg', data: await bytesOf('lamp') } },
          ],
        },
      ],
    })
  })

  test('a diamond pays once for each corner', async () => {
    const stage = await setStage({
      'main.js': importing('top', 'left', 'bottom'),
      ...declaring('top', 'left', 'right'),
      ...declaring('left', 'bottom'),
      ...declaring('right', 'bottom'),
      ...declaring('bottom'),
    })
    expect(await stage.prepare()).toMatchObject({ generated: 4 })
    expect(asked(stage)).toHaveLength(4)
    expect(asked(stage)[0]).toBe('bottom')
    expect(asked(stage)[3]).toBe('top')
  })

  test('a long chain is drawn from its end', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `p${index}`)
    const files = names.map((name, index) => declaring(name, ...names.slice(index + 1, index + 2)))
    const stage = await setStage(Object.assign({ 'main.js': importing('p0') }, ...files))
    expect(await stage.prepare()).toMatchObject({ generated: 8 })
    expect(asked(stage)).toEqual(names.toReversed())
  })

  test('one that is referred to twice is sent twice and paid for once', async () => {
    const stage = await setStage({
      'main.js': importing('scene'),
      ...declaring('scene', 'anna', 'anna'),
      ...declaring('anna'),
    })
    expect(await stage.prepare()).toMatchObject({ generated: 2 })
    const body = stage.gemini.requests.at(-1)?.rawBody ?? ''
    expect(body.match(/inlineData/g)).toHaveLength(2)
  })

  test('what turns have made of a picture is what is sent', async () => {
    const stage = await setStage({
      ...theatre,
      'anna.prompt.md': prompting('alt: ""\nturns: [Give her a hat]', 'anna'),
    })
    expect(await stage.prepare()).toMatchObject({ generated: 3 })
    expect(asked(stage)).toHaveLength(4)
    const [turned, scene] = stage.gemini.requests.slice(-2)
    expect(turned?.prompt).toContain('Give her a hat')
    expect(scene?.prompt).toBe('scene')
    const sent = [...(scene?.rawBody.matchAll(/"data":"([^"]+)"/g) ?? [])].map(([, data]) => data)
    const image = await stage.driver().image(stage.site.path('anna.prompt.md'))
    expect(sent[0]).toBe((await readFile(image.file)).toString('base64'))
  })

  test('two that show the same are one picture', async () => {
    const same = prompting('alt: ""', 'the same')
    const stage = await setStage({
      'main.js': importing('scene'),
      ...declaring('scene', 'a', 'b'),
      'a.prompt.md': same,
      'b.prompt.md': same,
    })
    expect(await stage.prepare()).toMatchObject({ generated: 2 })
    expect(asked(stage)).toEqual(['the same', 'scene'])
  })
})

describe('in a loop', () => {
  test.for([
    ['itself', ['a']],
    ['two', ['a', 'b']],
    ['three', ['a', 'b', 'c']],
  ] as const)('%s', async ([, names]) => {
    const files = names.map((name, i) => declaring(name, names[(i + 1) % names.length] ?? ''))
    const stage = await setStage(
      Object.assign(
        { 'main.js': importing('a', 'good'), 'good.prompt.md': withAlt('Good') },
        ...files,
      ),
    )
    const error = (await stage.fail()) as Error
    expect(error).toMatchObject({
      code: 'CIRCULAR_REFERENCE',
      place: { path: 'a.prompt.md', line: 4, column: 5 },
    })
    for (const [i, name] of names.entries()) {
      const next = names[(i + 1) % names.length]
      expect(error.message).toContain(`${name}.prompt.md:4:5 refers to ${next}.prompt.md`)
    }
    expect(asked(stage)).toEqual([])
    expect(await leftIn(stage.site)).toEqual([])
  })

  test('is told once, however many of it are asked for', async () => {
    const stage = await setStage({
      'main.js': importing('a', 'b', 'c', 'outside'),
      ...declaring('a', 'b'),
      ...declaring('b', 'c'),
      ...declaring('c', 'a'),
      ...declaring('outside', 'a'),
    })
    expect(await stage.fail()).toMatchObject({ code: 'CIRCULAR_REFERENCE' })
  })

  test('that nobody asks for hurts nobody', async () => {
    const stage = await setStage({
      'main.js': importing('good'),
      'good.prompt.md': withAlt('Good'),
      ...declaring('a', 'b'),
      ...declaring('b', 'a'),
    })
    expect(await stage.prepare()).toMatchObject({ generated: 1 })
  })
})

describe('when something is wrong with what is referred to', () => {
  test('a blocked one leaves those that need it unasked, and says so', async () => {
    const stage = await setStage({
      ...theatre,
      'main.js': importing('poster', 'other'),
      ...declaring('poster', 'scene'),
      ...declaring('other'),
    })
    stage.gemini.fault({ kind: 'blocked', match: /^anna/ })
    expect(await stage.fail()).toMatchObject({ code: 'BLOCKED', place: { path: 'anna.prompt.md' } })
    expect(askedPrompts(stage.gemini)).toEqual(['anna', 'lamp', 'other'])
    expect(stage.log).toContain('2 more were not asked for')
    expect(await countPinned(stage)).toBe(2)
    // What was refused is not asked for again, nor what needs it.
    expect(await stage.fail()).toMatchObject({ code: 'BLOCKED', place: { path: 'anna.prompt.md' } })
    expect(asked(stage)).toHaveLength(3)
    // What has landed is kept, and the rest is drawn once its prompt is another.
    await stage.site.write('anna.prompt.md', prompting('', 'anna, smiling'))
    expect(await stage.prepare()).toMatchObject({ generated: 3 })
    expect(asked(stage)).toHaveLength(6)
  })

  test('a bad one is told once, at its own place, before anything is asked', async () => {
    const stage = await setStage({
      ...theatre,
      'anna.prompt.md': prompting('size: 1k'),
    })
    const error = await stage.fail()
    expect(error).toMatchObject({ code: 'UNSUPPORTED_SIZE', place: { path: 'anna.prompt.md' } })
    expect(asked(stage)).toEqual([])
    expect(await leftIn(stage.site)).toEqual([])
  })

  test('one that is not there is told where it is named', async () => {
    const stage = await setStage(theatre)
    await stage.site.remove('lamp.prompt.md')
    expect(await stage.fail()).toMatchObject({
      code: 'PROMPT_FILE_NOT_FOUND',
      place: { path: 'scene.prompt.md', line: 5, column: 5 },
    })
    expect(asked(stage)).toEqual([])
  })

  test('generated pictures that are too heavy together are sent as smaller copies', async () => {
    const stage = await setStage(theatre)
    const sent: string[] = []
    const provider: Provider = {
      name: 'heavy',
      generate: async ({ references }) => {
        const all = await Promise.all(references.map((one) => one.bytes()))
        const weight = all.reduce((sum, { byteLength }) => sum + byteLength, 0)
        expect(weight).toBeLessThan(15_000_000)
        for (const [index, bytes] of all.entries()) {
          const { format, width, height } = await sharp(bytes).metadata()
          expect(`image/${format}`).toBe(references[index]?.type)
          sent.push(`${format} ${width === height}`)
        }
        const tokens = { input: 1, image: 1120, text: 0 }
        return { parts: [{ bytes: await heavy(8_000_000) }], model: 'heavy', tokens }
      },
    }
    expect(await stage.prepare({ options: { provider } })).toMatchObject({ generated: 3 })
    expect(sent).toEqual(['webp true', 'webp true'])
    expect(await stage.prepare({ options: { provider } })).toMatchObject({ generated: 0 })
  })

  test('the budget counts the whole chain before the first call', async () => {
    const stage = await setStage(theatre)
    // Room for two, and not for three.
    const error = await stage.fail({ options: { budget: 0.09 } })
    expect(error).toMatchObject({ code: 'BUDGET_EXCEEDED' })
    for (const name of ['anna', 'lamp', 'scene']) {
      expect((error as Error).message).toContain(`${name}.prompt.md:`)
    }
    expect(asked(stage)).toEqual([])
  })
})

describe('in other modes', () => {
  test('frozen lists all of the chain', async () => {
    const stage = await setStage(theatre)
    const error = (await stage.fail({ options: { mode: 'frozen' } })) as Error
    expect(error).toMatchObject({ code: 'MISSING_PICTURE' })
    expect(error.message).toContain('3 pictures are not pinned')
    for (const name of ['anna', 'lamp', 'scene']) {
      expect(error.message).toMatch(new RegExp(`^ +${name}\\.prompt\\.md:\\d+:1 `, 'm'))
    }
    expect(error.message).not.toContain('nobody')
  })

  test('frozen takes what is pinned', async () => {
    const stage = await setStage(theatre)
    await stage.prepare()
    const summary = await stage.prepare({ options: { mode: 'frozen' }, env: {} })
    expect(summary).toMatchObject({ generated: 0, placeholders: 0, spent: 0 })
  })

  test('without a key, the whole chain is listed as well', async () => {
    const stage = await setStage(theatre)
    const error = (await stage.fail({ env: {} })) as Error
    expect(error).toMatchObject({ code: 'MISSING_KEY' })
    expect(error.message).toContain('3 pictures are not pinned')
  })

  test('placeholders need nothing pinned, and show the size of each', async () => {
    const stage = await setStage({
      ...theatre,
      'scene.prompt.md': prompting(
        'alt: ""\naspectRatio: 16:9\nreferences: [./anna.prompt.md]',
        'scene',
      ),
    })
    const driver = stage.driver({ options: { mode: 'placeholder' }, env: {} })
    expect(await driver.prepare()).toMatchObject({ generated: 0, placeholders: 2 })
    const image = await driver.image(stage.site.path('scene.prompt.md'))
    expect(image).toMatchObject({ width: 1376, height: 768 })
    expect(asked(stage)).toEqual([])
    expect(await leftIn(stage.site)).toEqual([])
  })
})

describe('later on', () => {
  async function drawn(): Promise<Stage> {
    const stage = await setStage(theatre)
    await stage.prepare()
    stage.gemini.reset()
    return stage
  }

  test('a second build pays nothing and writes nothing', async () => {
    const stage = await drawn()
    const [lock, objects] = [
      await stage.site.read('gemini-image.lock'),
      await stage.site.list('.gemini-image'),
    ]
    expect(await stage.prepare()).toMatchObject({ generated: 0, spent: 0 })
    expect(asked(stage)).toEqual([])
    expect(await stage.site.read('gemini-image.lock')).toBe(lock)
    expect(await stage.site.list('.gemini-image')).toEqual(objects)
  })

  test('another prompt of one that is referred to pays for both', async () => {
    const stage = await drawn()
    await stage.site.write('anna.prompt.md', prompting('alt: ""', 'anna, older'))
    expect(await stage.prepare()).toMatchObject({ generated: 2 })
    expect(asked(stage)).toEqual(['anna, older', 'scene'])
    // And the old one is there to come back to.
    await referring(stage, 'anna')
    expect(await stage.prepare()).toMatchObject({ generated: 0 })
  })

  test('another alternative text pays for nothing', async () => {
    const stage = await drawn()
    await stage.site.write('anna.prompt.md', prompting('alt: Anna', 'anna'))
    expect(await stage.prepare()).toMatchObject({ generated: 0 })
  })

  test('an entry of the one that refers pays for that one', async () => {
    const stage = await drawn()
    await unpin(stage, 'scene')
    expect(await stage.prepare()).toMatchObject({ generated: 1 })
    expect(asked(stage)).toEqual(['scene'])
  })

  test('an entry of one that is referred to pays for both, since its picture is another', async () => {
    const stage = await drawn()
    await unpin(stage, 'anna')
    expect(await stage.prepare()).toMatchObject({ generated: 2 })
    expect(asked(stage)).toEqual(['anna', 'scene'])
  })

  test('what is lost of one that is referred to is drawn again', async () => {
    const stage = await drawn()
    const files = await stage.site.list('.gemini-image')
    await stage.site.remove(`.gemini-image/${files.find((name) => name.startsWith('anna.'))}`)
    expect(await stage.prepare()).toMatchObject({ generated: 2 })
    expect(stage.log.join('\n')).toContain('which is not there')
  })

  test('one that was changed by hand is not sent', async () => {
    const stage = await drawn()
    const files = await stage.site.list('.gemini-image')
    await stage.site.write(
      `.gemini-image/${files.find((name) => name.startsWith('anna.'))}`,
      'Not a picture',
    )
    await unpin(stage, 'scene')
    expect(await stage.fail()).toMatchObject({ code: 'CORRUPT_OBJECT' })
    expect(asked(stage)).toEqual([])
  })

  test('a reference that is taken out pays for the one that had it', async () => {
    const stage = await drawn()
    await referring(stage, 'scene', 'anna')
    expect(await stage.prepare()).toMatchObject({ generated: 1 })
    expect(asked(stage)).toEqual(['scene'])
  })
})

describe('in a build', () => {
  const page = { 'index.html': '<!doctype html><script type="module" src="/main.js"></script>' }

  test('only the picture that the page shows is shipped', async () => {
    const stage = await setStage({ ...theatre, ...page })
    await buildSite(stage.site, { env: keyed(stage.gemini) })
    const shipped = await stage.site.list('dist/assets')
    expect(shipped.filter((name) => name.endsWith('.jpg'))).toHaveLength(1)
    expect(askedPrompts(stage.gemini)).toEqual(['anna', 'lamp', 'scene'])
  })

  test('a loop ends it, with the place of each', async () => {
    const stage = await setStage({ ...page, 'main.js': importing('a'), ...declaring('a', 'a') })
    const error = await thrownBy(() => buildSite(stage.site, { env: keyed(stage.gemini) }))
    expect(String(error)).toContain('CIRCULAR_REFERENCE at a.prompt.md:4:5')
  })
})
