import type { ImageType } from '../src/pixels/image.ts'
import { hash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { readFileLabel, withLabel, withoutLabel } from '../src/pixels/labels/file-label.ts'
import { addXmp, removeXmp } from '../src/pixels/labels/xmp/add-xmp.ts'
import { xmpPacket, type LabelFacts } from '../src/pixels/labels/xmp/packet.ts'
import type { LockEntry } from '../src/pin/lock-entry.ts'
import { paint, painter, project, type TestProject } from './support/project.ts'

const FACTS: LabelFacts = {
  sourceType: 'trainedAlgorithmicMedia',
  model: 'm',
  created: '2026-11-21T10:00:00Z',
  prompt: 'A fox',
}

const canvas = sharp({ create: { width: 8, height: 6, channels: 3, background: '#3b6c8e' } })

/** A PNG with one more chunk behind its header. */
async function pngWith(type: string, content: string): Promise<Buffer> {
  const png = await canvas.png().toBuffer()
  const named = Buffer.from(type + content, 'latin1')
  const chunk = Buffer.alloc(named.length + 8)
  chunk.writeUInt32BE(content.length, 0)
  named.copy(chunk, 4)
  chunk.writeUInt32BE(crc32(named), named.length + 4)
  return Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)])
}

/** A JPEG with one more segment at its start. */
async function jpegWith(marker: number, content: string): Promise<Buffer> {
  const jpeg = await canvas.jpeg().toBuffer()
  const body = Buffer.from(content, 'latin1')
  const head = Buffer.from([0xff, marker, 0, 0])
  head.writeUInt16BE(body.length + 2, 2)
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)])
}

/** A WebP with one more chunk at its end. */
async function webpWith(type: string, content: string): Promise<Buffer> {
  const webp = await canvas
    .webp()
    .withExif({ IFD0: { Copyright: 'A' } })
    .toBuffer()
  const size = Buffer.alloc(4)
  size.writeUInt32LE(content.length)
  const file = Buffer.concat([webp, Buffer.from(type), size, Buffer.from(content)])
  file.writeUInt32LE(file.length - 8, 4)
  return file
}

const OWN = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><digitalsourcetype/></x:xmpmeta>'

describe('a picture that has something to say of itself stays byte for byte what it was', () => {
  const cases: readonly [string, ImageType, () => Promise<Buffer>][] = [
    ['a PNG with C2PA', 'image/png', () => pngWith('caBX', '....jumbc2pa')],
    [
      'a JPEG with C2PA',
      'image/jpeg',
      () => jpegWith(0xeb, 'JP\0\x01\0\0\0\x01....jumb....jumdc2pa.'),
    ],
    ['a WebP with C2PA', 'image/webp', () => webpWith('C2PA', '....jumbc2pa')],
    ['a PNG with XMP', 'image/png', () => canvas.clone().withXmp(OWN).png().toBuffer()],
    ['a JPEG with XMP', 'image/jpeg', () => canvas.clone().withXmp(OWN).jpeg().toBuffer()],
    ['a WebP with XMP', 'image/webp', () => canvas.clone().withXmp(OWN).webp().toBuffer()],
  ]
  test.each(cases)('%s', async (_name, type, make) => {
    const bytes = await make()
    await expect(sharp(bytes).stats()).resolves.toBeDefined()
    expect(Buffer.from(withLabel(bytes, type, FACTS)).equals(bytes)).toBe(true)
    expect(Buffer.from(withoutLabel(bytes, type)).equals(bytes)).toBe(true)
  })

  test('other boxes and IPTC’s own record are no reason to say nothing, and are kept', async () => {
    const iptc = `Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x08\x1c\x02\x50\0\x03Ann`
    for (const bytes of [
      await jpegWith(0xed, iptc),
      await jpegWith(0xeb, 'JP\0\x01\0\0\0\x01other'),
    ]) {
      const labelled = withLabel(bytes, 'image/jpeg', FACTS)
      expect((await sharp(labelled).metadata()).xmp).toBeDefined()
      expect(Buffer.from(withoutLabel(labelled, 'image/jpeg')).equals(bytes)).toBe(true)
    }
  })
})

describe('the label of a file', () => {
  const term = (name: string): string => `http://cv.iptc.org/newscodes/digitalsourcetype/${name}`

  test('is read from XMP, and else from Content Credentials', async () => {
    const drawn = term('trainedAlgorithmicMedia')
    const [sourceType, by] = ['trainedAlgorithmicMedia', 'c2pa']
    const jpeg = await jpegWith(0xeb, `JP\0\x01\0\0\0\x01jumbc2pa${drawn}`)
    const avif = await canvas.clone().avif({ effort: 0 }).toBuffer()
    const uuid = Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex')
    const manifest = Buffer.concat([Buffer.from('    uuid'), uuid, Buffer.from(drawn)])
    manifest.writeUInt32BE(manifest.length, 0)
    for (const file of [
      jpeg,
      await pngWith('caBX', `jumbc2pa${drawn}`),
      await webpWith('C2PA', `jumbc2pa${drawn}`),
      Buffer.concat([avif, manifest]),
    ]) {
      expect(await readFileLabel(file)).toEqual({ sourceType, by })
    }
    const both = await sharp(jpeg)
      .withXmp(`<a>${term('compositeSynthetic')}</a>`)
      .jpeg()
      .toBuffer()
    expect(await readFileLabel(both)).toEqual({ sourceType: 'compositeSynthetic', by: 'xmp' })
  })

  test('is none where a camera, or nobody, says so', async () => {
    const camera = `<a>${term('digitalCapture')}</a>`
    for (const file of [
      await canvas.clone().withXmp(camera).jpeg().toBuffer(),
      await pngWith('caBX', `jumbc2pa${term('digitalCapture')}`),
      await canvas.png().toBuffer(),
      Buffer.from('no picture'),
    ]) {
      expect(await readFileLabel(file)).toBeUndefined()
    }
  })
})

describe('a label comes out again and leaves the bytes that it went into', () => {
  const pictures = fc.record({
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 40 }),
    channels: fc.constantFrom(3 as const, 4 as const),
    lossless: fc.boolean(),
    exif: fc.boolean(),
    prompt: fc.string({ unit: 'binary' }),
  })
  test.each(['jpeg', 'png', 'webp'] as const)('%s', async (format) => {
    await fc.assert(
      fc.asyncProperty(pictures, async ({ width, height, channels, lossless, exif, prompt }) => {
        const background = { r: 9, g: 80, b: 200, alpha: 0.5 }
        const image = sharp({ create: { width, height, channels, background } })
        if (exif) image.withExif({ IFD0: { Copyright: 'Somebody' } })
        const file = await image.toFormat(format, { progressive: lossless, lossless }).toBuffer()
        const labelled = addXmp(file, format, xmpPacket({ ...FACTS, prompt }))
        expect(labelled).not.toEqual(file)
        expect(file.equals(removeXmp(labelled ?? file, format))).toBe(true)
        expect(file.equals(removeXmp(file, format))).toBe(true)
      }),
      { numRuns: 40 },
    )
  })
})

/** What a project's lockfile pins of a prompt file, and the stored bytes. */
async function stored(
  site: TestProject,
  from: string,
): Promise<{ entry: LockEntry; bytes: Buffer }> {
  const entries = [...(await site.driver({ mode: 'frozen' }).pinned()).values()]
  const entry = entries.findLast((one) => one.from === from)
  if (!entry) throw new Error(`${from} is not pinned`)
  return { entry, bytes: await readFile(path.join(site.store, entry.file)) }
}

async function xmpOf(bytes: Uint8Array): Promise<string> {
  return (await sharp(bytes).metadata()).xmp?.toString() ?? ''
}

describe('what lands', () => {
  test('is stored with its label, pinned by the stored bytes, and is else what came', async () => {
    const site = await project({ fox: '---\nalt: A\n---\nA <red> fox & "friends"' })
    await site.driver({ provider: painter() }).prepare()
    const { entry, bytes } = await stored(site, 'fox.prompt.md')
    const [came] = (await paint('A <red> fox & "friends"')).parts
    if (!came || 'text' in came) throw new Error('The painter paints')
    expect(entry.object).toBe(hash('sha256', bytes))
    expect(Buffer.from(came.bytes).equals(removeXmp(bytes, 'png'))).toBe(true)
    const xmp = await xmpOf(bytes)
    expect(xmp).toContain('digitalsourcetype/trainedAlgorithmicMedia<')
    expect(xmp).toContain(`<Iptc4xmpExt:AISystemUsed>painted<`)
    expect(xmp).toContain(`<photoshop:DateCreated>${entry.created}<`)
    expect(xmp).not.toContain('fox')
  })

  test('holds the prompt, turns included, where the project says so', async () => {
    const site = await project({ fox: '---\nalt: A\nturns: [Add snow]\n---\nA <red> fox' })
    await site.driver({ provider: painter(), labels: { prompt: true } }).prepare()
    const texts = await Promise.all(
      (await readdir(site.store))
        .filter((name) => name.endsWith('.png'))
        .map(async (name) => xmpOf(await readFile(path.join(site.store, name)))),
    )
    const prompts = texts.map((text) => /AIPromptInformation>([^]*?)<\//.exec(text)?.[1])
    expect(prompts.toSorted()).toEqual([
      'A &#x3C;red&#x3E; fox',
      'A &#x3C;red&#x3E; fox\n\nAdd snow',
    ])
  })

  test('is a composite where it was drawn from a photo, or from such a picture', async () => {
    const site = await project({
      edit: '---\nalt: A\nreferences: [./photo.png]\n---\nNo sky',
      poster: '---\nalt: A\nreferences: [./edit.prompt.md]\n---\nA poster',
      copy: '---\nalt: A\nreferences: [./plain.prompt.md]\n---\nA copy',
      plain: '---\nalt: A\n---\nPlain',
    })
    const photo = await sharp({
      create: { width: 64, height: 64, channels: 3, background: '#fff' },
    })
      .png()
      .toBuffer()
    await site.write('photo.png', photo as unknown as string)
    await site.driver({ provider: painter() }).prepare()
    for (const [name, type] of [
      ['edit', 'compositeWithTrainedAlgorithmicMedia'],
      ['poster', 'compositeWithTrainedAlgorithmicMedia'],
      ['copy', 'trainedAlgorithmicMedia'],
      ['plain', 'trainedAlgorithmicMedia'],
    ] as const) {
      const { bytes } = await stored(site, `${name}.prompt.md`)
      expect(`${name} ${await xmpOf(bytes)}`).toContain(`digitalsourcetype/${type}<`)
    }
  })

  test('goes back to the model, for a turn, as the bytes that the model had sent', async () => {
    const history: Uint8Array[] = []
    const provider = painter(async (job) => {
      for (const { images } of job.history) {
        for (const image of images) history.push(await image.bytes())
      }
      return undefined
    })
    const site = await project({ fox: '---\nalt: A\nturns: [Add snow]\n---\nA fox' })
    await site.driver({ provider }).prepare()
    const [came] = (await paint('A fox')).parts
    expect(history).toHaveLength(1)
    expect(
      came && 'bytes' in came && Buffer.from(came.bytes).equals(history[0] ?? came.bytes),
    ).toBe(true)
  })

  test('keeps Content Credentials byte for byte', async () => {
    const bytes = await pngWith('caBX', '....jumbc2pa')
    const provider = painter(async () => ({ ...(await paint('')), parts: [{ bytes }] }))
    const site = await project({ fox: '---\nalt: A\n---\nA fox' })
    await site.driver({ provider }).prepare()
    expect((await stored(site, 'fox.prompt.md')).bytes.equals(bytes)).toBe(true)
  })
})
