import { Spritesheet, Texture, TextureSource } from 'pixi.js'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { createSite, type Site } from '../support/site.ts'
import { buildSite, keyed } from '../support/vite.ts'
import { runJson } from './stage.ts'

const FOX = `---
alt: 'A fox: {{sheet}}'
transparent: true
sheet:
  idle:
  walk left: in the middle of a step
  jump: high above the ground
---

A small fox in a blue scarf
`

const PAGE = {
  'index.html': '<!doctype html><title>Page</title><script type="module" src="/main.js"></script>',
  'main.js': `import fox, { alt } from './fox.prompt.md?gemini-image&as=sheet'
globalThis.shown = { fox, alt }`,
}

test('a sheet is planned, priced and pinned picture by picture, and packed pixel for pixel', async () => {
  const gemini = await startGemini()
  const site = await createSite({ ...PAGE, 'fox.prompt.md': FOX })
  const { output } = await runCommand(site.root, ['plan'], keyed(gemini))
  expect(output).toMatch(/missing +fox-idle +fox\.prompt\.md:5:3 .* 1024×1024 +\$0\.0\d/)
  expect(output).toMatch(/missing +fox-walk-left +fox\.prompt\.md:6:3 .* 1024×1024 +\$0\.0\d/)
  expect(output).toContain('3 missing')
  expect(output).not.toContain('as=sheet')

  const first = await shownBy(site, () => buildSite(site, { env: keyed(gemini) }))
  expect(gemini.requests).toHaveLength(3)
  // Twice: the second is answered from what the first remembers.
  for (const build of [1, 2]) {
    const again = await shownBy(site, () => buildSite(site, { options: { mode: 'frozen' } }))
    expect([build, again]).toEqual([build, first])
  }
  expect(gemini.requests).toHaveLength(3)
  expect(first).toMatchObject({
    alt: 'A fox: idle; A fox: in the middle of a step; A fox: high above the ground',
  })

  // As PixiJS reads it.
  const { fox } = first as unknown as { fox: Sheet }
  const source = new TextureSource({ width: fox.width, height: fox.height })
  const textures = await new Spritesheet(new Texture({ source }), fox).parse()
  const packed = sharp(await site.bytes(`dist${fox.src}`))
  expect(await packed.metadata()).toMatchObject({ width: fox.width, height: fox.height })
  const pictures = await cutOuts(site)
  expect(Object.keys(textures)).toEqual([...pictures.keys()])
  for (const [name, picture] of pictures) {
    const { frame, trim, orig } = textures[name]!
    expect([orig.width, orig.height]).toEqual([1024, 1024])
    // The frame, put back to where it lay, is the picture.
    const [width, height] = [frame.width, frame.height]
    expect(width * height).toBeLessThan(1024 * 1024)
    const own = await sharp(picture).ensureAlpha().raw().toBuffer()
    const cut = await packed
      .clone()
      .extract({ left: frame.x, top: frame.y, width, height })
      .raw()
      .toBuffer()
    expect(differing(own, cut, { left: trim!.x, top: trim!.y, width, height })).toBe(0)
  }
  expect((await runCommand(site.root, ['verify'])).code).toBe(0)
  expect((await runCommand(site.root, ['prune'])).output).toContain('Nothing to prune')

  // Another one leaves what is pinned alone; without one of them, nothing ships.
  await site.write('fox.prompt.md', FOX.replace('  jump:', '  swim: in a lake\n  jump:'))
  const more = await runCommand(site.root, ['plan'], keyed(gemini))
  expect(more.output).toContain('3 pinned, 1 missing')
  await expect(buildSite(site, { options: { mode: 'frozen' } })).rejects.toThrow('fox-swim')
})

test('one picture of a sheet is drawn with the first alone, and a stylesheet takes the whole file', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    ...PAGE,
    'main.js': `import jump from './fox.prompt.md?each=jump&gemini-image'\nconsole.log(jump)`,
    'fox.prompt.md': FOX,
  })
  await buildSite(site, { env: keyed(gemini) })
  expect(gemini.requests).toHaveLength(2)
  const { report } = await runJson(site, ['plan'], keyed(gemini))
  expect(JSON.stringify(report)).toContain('fox-jump')

  await site.write('main.js', `import './main.css'`)
  await site.write(
    'main.css',
    `.fox { background: url('./fox.prompt.md?gemini-image&size=64&as=sheet') }`,
  )
  await buildSite(site, { env: keyed(gemini) })
  expect(gemini.requests).toHaveLength(3)
  const file = (await site.list('dist/assets')).find((name) => name.endsWith('.png')) ?? ''
  const { width, height } = await sharp(await site.bytes(`dist/assets/${file}`)).metadata()
  expect(Math.max(width, height)).toBeLessThanOrEqual(64 * 3 + 8)
})

test('parameters of another plugin make it no sheet, and a name that is none is told before anything is paid for', async () => {
  const gemini = await startGemini()
  const importing = (query: string): string =>
    `import sheet from './fox.prompt.md?gemini-image&${query}'\nconsole.log(sheet)`
  const site = await createSite({ ...PAGE, 'fox.prompt.md': FOX })
  for (const [query, told] of [
    ['padding=4&as=sheet', 'declares several pictures'],
    ['each=fly&as=sheet', 'There is no picture "fly"'],
  ] as const) {
    await site.write('main.js', importing(query))
    await expect(buildSite(site, { env: keyed(gemini) })).rejects.toThrow(told)
  }
  expect(gemini.requests).toHaveLength(0)
  await site.write('main.js', importing('ratio=1:1&as=sheet'))
  const refused = buildSite(site, { env: keyed(gemini) })
  await expect(refused).rejects.toThrow('"as=sheet" does not take "ratio"')
})

interface Sheet {
  readonly src: string
  readonly width: number
  readonly height: number
  readonly frames: Record<
    string,
    {
      frame: { x: number; y: number; w: number; h: number }
      rotated: false
      trimmed: boolean
      spriteSourceSize: { x: number; y: number; w: number; h: number }
      sourceSize: { w: number; h: number }
    }
  >
  readonly meta: { image: string; format: string; size: { w: number; h: number }; scale: string }
}

interface Part {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** How many pixels of a picture are not what they are in a part cut out of it, or lie outside of that and can be seen. */
function differing(whole: Buffer, cut: Buffer, { left, top, width, height }: Part): number {
  const side = Math.sqrt(whole.length / 4)
  let count = 0
  for (let y = 0; y < side; y += 1) {
    for (let x = 0; x < side; x += 1) {
      const at = (y * side + x) * 4
      const [column, row] = [x - left, y - top]
      const isInside = column >= 0 && row >= 0 && column < width && row < height
      const there = (row * width + column) * 4
      const isSame = isInside
        ? whole.compare(cut, there, there + 4, at, at + 4) === 0
        : whole[at + 3] === 0
      if (!isSame) count += 1
    }
  }
  return count
}

/** Name → the pinned picture, as the lockfile names it. */
async function cutOuts(site: Site): Promise<ReadonlyMap<string, Buffer>> {
  const files = await site.list('.gemini-image')
  const names = ['idle', 'walk left', 'jump']
  const found = names.map(async (name) => {
    const stem = `fox-${name.replace(' ', '-')}.`
    const file = files.find((one) => one.startsWith(stem) && one.endsWith('.png')) ?? ''
    return [name, await site.bytes(`.gemini-image/${file}`)] as const
  })
  return new Map(await Promise.all(found))
}

/** What the page of a build shows. */
async function shownBy(
  site: Site,
  build: () => Promise<unknown>,
): Promise<Readonly<Record<string, unknown>>> {
  await build()
  const script = (await site.list('dist/assets')).find((name) => name.endsWith('.js')) ?? ''
  const shown: Record<string, unknown> = {}
  const run = new Function('globalThis', 'document', await site.read(`dist/assets/${script}`))
  run(shown, { createElement: () => ({ relList: { supports: () => true } }) })
  return shown['shown'] as Readonly<Record<string, unknown>>
}
