import sharp from 'sharp'
import { expect } from 'vitest'
import { promptFile } from '../../support/site.ts'
import { readPacket } from '../../support/xmp.ts'
import type { AstroSite } from '../support/site.ts'
import type { Part } from './part.ts'

/** How a picture was made: from words alone, or from another picture. */
export const DRAWN = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia'
const EDITED = 'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia'

const IPTC = 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/'

/** What the pages show of each image: every format that Astro makes. */
export const FORMATS = ['avif', 'webp', 'png', 'jpeg']

/** A value for each of {@link FORMATS}. */
export const times = <Value>(value: Value): Value[] => FORMATS.map(() => value)

/** The labels of {@link labels}. */
export const LABELS: readonly (string | undefined)[] = [
  ...times(undefined),
  ...times(DRAWN),
  ...times(EDITED),
  ...times(EDITED),
]

/** A page with derivatives of images, those of each in the order of {@link FORMATS}. */
export function pageOfFormats(imports: Readonly<Record<string, string>>): string {
  const lines = Object.entries(imports).map(([name, from]) => `import ${name} from '${from}'`)
  const images = FORMATS.map(
    (format) => `<Image src={image} format="${format}" width={120} alt="" />`,
  )
  return `---
import { Image } from 'astro:assets'
${lines.join('\n')}
---
<html lang="en"><body>{[${Object.keys(imports).join(', ')}].map((image) => <div>${images.join('')}</div>)}</body></html>
`
}

/** A photo of the user's own. */
export const photo: Buffer = await sharp({
  create: {
    width: 300,
    height: 200,
    channels: 3,
    noise: { type: 'gaussian', mean: 128, sigma: 30 },
    background: 'white',
  },
})
  .jpeg()
  .toBuffer()

/** The addresses of a page's images. */
export function imagesIn(html: string): string[] {
  return [...html.matchAll(/<img src="([^"]+)"/g)].map(([, src = '']) =>
    src.replaceAll('&amp;', '&'),
  )
}

async function packetOf(bytes: Uint8Array): Promise<Record<string, string>> {
  const { xmp } = await sharp(bytes).metadata()
  return xmp ? readPacket(xmp) : {}
}

/** How a file says that it was made. */
export async function labelOf(bytes: Uint8Array): Promise<string | undefined> {
  return (await packetOf(bytes))[`${IPTC}DigitalSourceType`]
}

/** The images of a page that was built. */
export async function shippedImages(site: AstroSite, page = 'index.html'): Promise<Buffer[]> {
  const html = await site.read(`dist/${page}`)
  return Promise.all(imagesIn(html).map((src) => site.bytes(`dist${src}`)))
}

/** Derivatives of a photo, of what was drawn, and of what was drawn from others. */
export const labels: Part = {
  files: {
    'src/photo.jpg': photo,
    'src/drawn.prompt.md': promptFile('A blue kite'),
    'src/edit.prompt.md': promptFile('Take the sky away', { references: '[./photo.jpg]' }),
    'src/poster.prompt.md': promptFile('A poster of it', { references: '[./edit.prompt.md]' }),
    'src/pages/labels.astro': pageOfFormats({
      photo: '../photo.jpg',
      drawn: '../drawn.prompt.md?gemini-image',
      edit: '../edit.prompt.md?gemini-image',
      poster: '../poster.prompt.md?gemini-image',
    }),
  },
  prompts: ['A blue kite', 'A poster of it', 'Take the sky away'],
  check: async (site) => {
    const shipped = await shippedImages(site, 'labels/index.html')
    expect(await Promise.all(shipped.map(labelOf))).toEqual(LABELS)
    const [, , , , drawn] = await Promise.all(shipped.map(packetOf))
    expect(drawn).toEqual({
      [`${IPTC}DigitalSourceType`]: DRAWN,
      [`${IPTC}AISystemUsed`]: 'gemini-nano-banana-2.1',
      'http://ns.adobe.com/photoshop/1.0/DateCreated': expect.stringMatching(/^\d{4}-.*Z$/),
    })
  },
}
