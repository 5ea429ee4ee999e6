import { rename, symlink } from 'node:fs/promises'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { importing, leftIn, prompting, setStage, type Stage } from '../errors/stage.ts'
import type { RecordedRequest } from '../fake-gemini/server.ts'
import { createSite } from '../support/site.ts'
import { BAD_IMAGES, bomb, heavy, jpeg, png, webp } from './images.ts'
import { refusalOf, refused, type Refusal } from './refusal.ts'

/** What a request to generateContent carries, in its order. */
function partsOf({ body }: RecordedRequest): unknown[] {
  const { contents } = body as { contents: { parts: unknown[] }[] }
  return contents[0]?.parts ?? []
}

const inline = (mimeType: string, bytes: Buffer): object => ({
  inlineData: { mimeType, data: bytes.toString('base64') },
})

/** A site whose only picture refers to these. */
function staging(references: readonly string[], settings = ''): Promise<Stage> {
  const list = references.map((reference) => `  - ${reference}\n`).join('')
  return setStage({
    'src/main.js': importing('scene'),
    'src/scene.prompt.md': prompting(`references:\n${list}${settings}`.trimEnd(), 'A scene'),
  })
}

/** The place of an item of the list that {@link staging} writes. */
const placeOf = (item: number, column = 5): string => `src/scene.prompt.md:${3 + item}:${column}`

/** What came of a build that is to fail. */
async function refusal(stage: Stage): Promise<Refusal> {
  const { message } = (await stage.fail()) as Error
  return refusalOf(stage, message)
}

describe('what is sent', () => {
  test('JPEG, PNG and WebP arrive as they are, in the declared order, with captions', async () => {
    const stage = await staging([
      './a.webp',
      '{ image: ./b.jpg, as: character, label: Anna }',
      '{ image: ../pictures/c.png, label: the lamp }',
      '{ image: ./d.jpeg, as: style }',
    ])
    const [a, b, c, d] = await Promise.all([webp(), jpeg(), png(), jpeg('#0cc')])
    await stage.site.write('src/a.webp', a)
    await stage.site.write('src/b.jpg', b)
    await stage.site.write('pictures/c.png', c)
    await stage.site.write('src/d.jpeg', d)
    expect(await stage.prepare()).toMatchObject({ generated: 1 })
    expect(stage.gemini.requests.map(partsOf)).toEqual([
      [
        { text: 'A scene' },
        inline('image/webp', a),
        { text: expect.stringMatching(/^Image 2, "Anna" \(a character .*\):$/) },
        inline('image/jpeg', b),
        { text: 'Image 3, "the lamp":' },
        inline('image/png', c),
        { text: expect.stringMatching(/^Image 4 \(the style .*\):$/) },
        inline('image/jpeg', d),
      ],
    ])
  })

  test('by interactions as well', async () => {
    const stage = await staging(['./a.webp', '{ image: ./b.jpg, label: Anna }'])
    const [a, b] = await Promise.all([webp(), jpeg()])
    await stage.site.write('src/a.webp', a)
    await stage.site.write('src/b.jpg', b)
    await stage.prepare({ options: { transport: 'interactions' } })
    expect(stage.gemini.requests.map(({ body }) => body)).toMatchObject([
      {
        input: [
          { type: 'text', text: 'A scene' },
          { type: 'image', mime_type: 'image/webp', data: a.toString('base64') },
          { type: 'text', text: 'Image 2, "Anna":' },
          { type: 'image', mime_type: 'image/jpeg', data: b.toString('base64') },
        ],
      },
    ])
  })

  test('a path with a leading slash goes from the root', async () => {
    const stage = await staging(['/pictures/a.png'])
    const bytes = await png()
    await stage.site.write('pictures/a.png', bytes)
    await stage.prepare()
    expect(stage.gemini.requests.flatMap(partsOf)).toContainEqual(inline('image/png', bytes))
  })

  test('a name may begin with two dots, and be in capitals', async () => {
    const stage = await staging(['/..odd.png', './LOUD.JPG'])
    await stage.site.write('..odd.png', await png())
    await stage.site.write('src/LOUD.JPG', await jpeg())
    expect(await stage.prepare()).toMatchObject({ generated: 1 })
  })

  test('a symbolic link inside the project is followed', async () => {
    const stage = await staging(['./link.png'])
    const bytes = await png()
    await stage.site.write('pictures/a.png', bytes)
    await symlink('../pictures/a.png', stage.site.path('src/link.png'))
    await stage.prepare()
    expect(stage.gemini.requests.flatMap(partsOf)).toContainEqual(inline('image/png', bytes))
  })
})

describe('what is paid for again', () => {
  async function pinned(): Promise<Stage> {
    const stage = await staging(['./a.png'])
    await stage.site.write('src/a.png', await png())
    expect(await stage.prepare()).toMatchObject({ generated: 1 })
    expect(await stage.prepare()).toMatchObject({ generated: 0, spent: 0 })
    return stage
  }

  test('an image with other bytes, once', async () => {
    const stage = await pinned()
    await stage.site.write('src/a.png', await png('#fff'))
    expect(await stage.prepare()).toMatchObject({ generated: 1 })
    expect(await stage.prepare()).toMatchObject({ generated: 0 })
    // The old bytes bring the old picture back.
    await stage.site.write('src/a.png', await png())
    expect(await stage.prepare()).toMatchObject({ generated: 0 })
    expect(stage.gemini.requests).toHaveLength(2)
  })

  test('not one that was moved and renamed', async () => {
    const stage = await pinned()
    const lock = await stage.site.read('gemini-image.lock')
    await rename(stage.site.path('src/a.png'), stage.site.path('b.png'))
    expect(await stage.fail()).toMatchObject({ code: 'REFERENCE_NOT_FOUND' })
    await stage.site.write(
      'src/scene.prompt.md',
      prompting('references:\n  - image: /b.png', 'A scene'),
    )
    expect(await stage.prepare()).toMatchObject({ generated: 0, spent: 0 })
    expect(await stage.site.read('gemini-image.lock')).toBe(lock)
  })

  test.for([
    ['a label', '{ image: ./a.png, label: Anna }'],
    ['a role', '{ image: ./a.png, as: style }'],
  ])('%s is part of what is asked', async ([, item]) => {
    const stage = await pinned()
    const text = prompting(`references:\n  - ${item}`, 'A scene')
    await stage.site.write('src/scene.prompt.md', text)
    expect(await stage.prepare()).toMatchObject({ generated: 1 })
  })

  test('the order is part of what is asked', async () => {
    const stage = await staging(['./a.png', './b.png'])
    await stage.site.write('src/a.png', await png())
    await stage.site.write('src/b.png', await png('#000'))
    await stage.prepare()
    const text = prompting('references:\n  - ./b.png\n  - ./a.png', 'A scene')
    await stage.site.write('src/scene.prompt.md', text)
    expect(await stage.prepare()).toMatchObject({ generated: 1 })
  })

  test('nothing is sent to find out what is missing', async () => {
    const stage = await staging(['./a.png'])
    await stage.site.write('src/a.png', await png())
    expect(await stage.fail({ options: { mode: 'frozen' } })).toMatchObject({
      code: 'MISSING_PICTURE',
    })
    await stage.prepare({ options: { mode: 'placeholder' } })
    await stage.driver().plan()
    expect(stage.gemini.requests).toEqual([])
    expect(await leftIn(stage.site)).toEqual([])
  })
})

describe('where an image may lie', () => {
  test('a file that is not there', async () => {
    const stage = await staging(['./a.png', './nowhere.png'])
    await stage.site.write('src/a.png', await png())
    expect(await refusal(stage)).toEqual(
      refused('REFERENCE_NOT_FOUND', placeOf(1), 'src/nowhere.png'),
    )
  })

  test('a folder', async () => {
    const stage = await staging(['{ image: ./folder.png, label: A }'])
    await stage.site.write('src/folder.png/inside.png', await png())
    expect(await refusal(stage)).toEqual(
      refused('REFERENCE_NOT_FOUND', placeOf(0), 'It is not a file'),
    )
  })

  test('the root itself', async () => {
    expect(await refusal(await staging(['/']))).toEqual(refused('REFERENCE_NOT_FOUND', placeOf(0)))
  })

  test('a path out of the root', async () => {
    const [stage, other] = await Promise.all([staging([]), createSite({})])
    await other.write('x.png', await png())
    const name = other.root.split(/[/\\]/).at(-1)
    const text = prompting(`references:\n  - ../../${name}/x.png`, 'A scene')
    await stage.site.write('src/scene.prompt.md', text)
    expect(await refusal(stage)).toEqual(
      refused('REFERENCE_OUTSIDE_ROOT', placeOf(0), `../${name}/x.png`),
    )
  })

  test.for([
    ['file', 'x.png', './link.png', 'src/link.png'],
    ['folder', '', './link/x.png', 'src/link'],
    ['folder on the way', '', '/link/../link/x.png', 'link'],
  ] as const)('a symbolic link out of the root: %s', async ([, target, reference, link]) => {
    const [stage, other] = await Promise.all([staging([reference]), createSite({})])
    await other.write('x.png', await png())
    await symlink(other.path(target), stage.site.path(link))
    expect(await refusal(stage)).toEqual(
      refused('REFERENCE_OUTSIDE_ROOT', placeOf(0), 'by way of a symbolic link'),
    )
  })

  test('a prompt file out of the root, by its path or by a link', async () => {
    const other = await createSite({ 'x.prompt.md': 'From elsewhere' })
    const name = other.root.split(/[/\\]/).at(-1)
    const byPath = await staging([`../../${name}/x.prompt.md`])
    expect(await refusal(byPath)).toEqual(refused('REFERENCE_OUTSIDE_ROOT', placeOf(0)))
    const byLink = await staging(['./link.prompt.md'])
    await symlink(other.path('x.prompt.md'), byLink.site.path('src/link.prompt.md'))
    expect(await refusal(byLink)).toEqual(refused('REFERENCE_OUTSIDE_ROOT', placeOf(0)))
  })

  test.for([
    ['a folder with its name', './folder.prompt.md'],
    ['a file in the place of its folder', './main.js/x.prompt.md'],
    ['a name that no file can have', String.raw`"./a\0.prompt.md"`],
    ['a name that is too long', `./${'a'.repeat(300)}.prompt.md`],
  ] as const)('a prompt file that cannot be: %s', async ([, reference]) => {
    const stage = await staging([reference])
    await stage.site.write('src/folder.prompt.md/inside.txt', '')
    expect(await refusal(stage)).toEqual(refused('PROMPT_FILE_NOT_FOUND', placeOf(0)))
  })

  test('a style file out of the root, by a link', async () => {
    const [stage, other] = await Promise.all([staging([]), createSite({ 'x.md': 'A secret' })])
    await stage.site.write('src/scene.prompt.md', prompting('style: ./link.md'))
    await symlink(other.path('x.md'), stage.site.path('src/link.md'))
    expect(await refusal(stage)).toEqual(refused('UNKNOWN_STYLE', 'src/scene.prompt.md:2:8'))
  })
})

describe('what an image may be', () => {
  test.for(Object.keys(BAD_IMAGES))('%s is not sent', async (name) => {
    const stage = await staging(['./good.png', `./${name}`])
    await stage.site.write('src/good.png', await png())
    await stage.site.write(`src/${name}`, (await BAD_IMAGES[name]?.()) ?? '')
    expect(await refusal(stage)).toEqual(
      refused('UNSUPPORTED_REFERENCE', placeOf(1), `src/${name}`),
    )
  })

  test('a JPEG that is named .png', async () => {
    const stage = await staging(['./photo.png'])
    await stage.site.write('src/photo.png', await jpeg())
    expect(await refusal(stage)).toEqual(
      refused('REFERENCE_TYPE_MISMATCH', placeOf(0), 'is a JPEG image'),
    )
  })

  test('a link to a JPEG that is named .png, also where the JPEG is known already', async () => {
    const stage = await staging(['./photo.jpg'])
    await stage.site.write('src/photo.jpg', await jpeg())
    await symlink('photo.jpg', stage.site.path('src/photo.png'))
    // Only what has rested for a while is remembered.
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.setSystemTime(Date.now() + 60_000)
    onTestFinished(() => void vi.useRealTimers())
    const driver = stage.driver({ options: { mode: 'placeholder' } })
    await driver.prepare()
    await driver.verify()
    expect(await stage.site.list('node_modules/.cache/gemini-image')).toContain('references.json')
    const text = prompting('references:\n  - ./photo.png', 'A scene')
    await stage.site.write('src/scene.prompt.md', text)
    expect(await refusal(stage)).toEqual(refused('REFERENCE_TYPE_MISMATCH', placeOf(0)))
  })

  test('a hundred megapixels in a few kilobytes', async () => {
    const bytes = await bomb()
    expect(bytes.byteLength).toBeLessThan(1_000_000)
    const stage = await staging(['./bomb.png'])
    await stage.site.write('src/bomb.png', bytes)
    expect(await refusal(stage)).toEqual(
      refused('REFERENCE_TOO_LARGE', placeOf(0), '10000 × 10000 pixels'),
    )
  })
})

describe('what weighs too much together', () => {
  test('is sent in smaller copies, the lighter as they are', async () => {
    const stage = await staging(['./a.png', './b.png', './c.png', './d.png'])
    await stage.site.write('src/a.png', await heavy(4_000_000))
    await stage.site.write('src/b.png', await heavy(6_000_000))
    await stage.site.write('src/c.png', await png())
    await stage.site.write('src/d.png', await heavy(9_000_000))
    await stage.prepare()
    const [{ rawBody = '' } = {}] = stage.gemini.requests
    expect(rawBody.length).toBeLessThan(20_000_000)
    const types = [...rawBody.matchAll(/"mimeType":"image\/(\w+)"/g)].map(([, type]) => type)
    expect(types).toEqual(['png', 'webp', 'png', 'webp'])
  })
})

describe('several mistakes', () => {
  test.for([
    ['addresses', 'ftp://example.org/a.png', 'http://example.org/b.png'],
    ['files', './nowhere.png', './nowhere-else.png'],
    ['a file and a prompt file', './nowhere.png', './nowhere.prompt.md'],
  ])('what is wrong with several is told at once: %s', async ([, ...references]) => {
    const stage = await staging(references)
    expect(await stage.fail()).toMatchObject({
      code: 'SEVERAL_PROBLEMS',
      problems: [{ place: { line: 3, column: 5 } }, { place: { line: 4, column: 5 } }],
    })
    expect(stage.gemini.requests).toEqual([])
    expect(await leftIn(stage.site)).toEqual([])
  })

  test.for([
    ['an unknown role', '{ image: ./a.png, as: hero }', 'INVALID_VALUE', placeOf(0, 27)],
    ['an unknown key', '{ image: ./a.png, lable: Anna }', 'UNKNOWN_KEY', placeOf(0, 23)],
    ['no image', '{ label: Anna }', 'INVALID_VALUE', placeOf(0)],
    ['an empty path', '""', 'INVALID_VALUE', placeOf(0)],
  ] as const)('an item with %s', async ([, item, code, at]) => {
    expect(await refusal(await staging([item]))).toEqual(refused(code, at))
  })
})

describe('how many', () => {
  const list = (count: number, as?: string): string[] =>
    Array.from({ length: count }, (_, i) =>
      as ? `{ image: ./a${i}.png, as: ${as} }` : `./a${i}.png`,
    )

  test.for([
    ['15 on nano-banana', list(15), '', '14 reference images; these are 15'],
    ['4 on 2.5', list(4), 'model: gemini-2.5-flash-image', '3 reference images; these are 4'],
    ['15 characters', list(15, 'character'), '', '14 reference images; these are 15'],
  ] as const)('%s', async ([, references, settings, says]) => {
    // A list is blamed at its first dash.
    expect(await refusal(await staging(references, settings))).toEqual(
      refused('TOO_MANY_REFERENCES', placeOf(0, 3), says),
    )
  })

  test('any on Imagen', async () => {
    const stage = await staging(['./a.png'], 'model: imagen-4.0-generate-001')
    expect(await refusal(stage)).toEqual(
      refused('UNSUPPORTED_SETTING', placeOf(0, 3), '"references"'),
    )
  })

  test('as many as the model takes', async () => {
    const stage = await staging(list(14))
    const bytes = await png()
    for (let i = 0; i < 14; i += 1) await stage.site.write(`src/a${i}.png`, bytes)
    expect(await stage.prepare()).toMatchObject({ generated: 1 })
  })
})
