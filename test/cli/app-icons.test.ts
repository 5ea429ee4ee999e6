import sharp from 'sharp'
import { expect, test } from 'vitest'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { runJson } from './stage.ts'

const LOGO = promptFile('A fox', { transparent: 'true' })
const ICONS = ['emit', 'app-icons', 'logo', '--app-icons', 'ios,android']
const RES = 'app-icons/android/res'
const IOS = 'app-icons/ios/AppIcon.appiconset'

/** The sides that Android asks for: of an icon of 48 dp, and of an adaptive one of 108 dp. */
const DENSITIES = [
  ['mdpi', 48, 108],
  ['hdpi', 72, 162],
  ['xhdpi', 96, 216],
  ['xxhdpi', 144, 324],
  ['xxxhdpi', 192, 432],
] as const

test('a cut-out gives all icons of an app, in the sizes that both platforms ask for', async () => {
  const gemini = await startGemini()
  const site = await createSite({ 'src/logo.prompt.md': LOGO, 'src/other.prompt.md': LOGO })
  const { code, output } = await runCommand(
    site.root,
    [...ICONS, '--background', '0b3d3a'],
    keyed(gemini),
  )
  expect(`${code} ${output}`).toMatch(/^0 /)
  expect(gemini.requests).toHaveLength(1)

  const contents = JSON.parse(await site.read(`${IOS}/Contents.json`)) as {
    readonly images: readonly Record<string, unknown>[]
  }
  expect(contents).toMatchObject({ info: { author: 'xcode', version: 1 } })
  const named = { idiom: 'universal', platform: 'ios', size: '1024x1024' }
  const luminosity = (value: string): object => ({
    appearances: [{ appearance: 'luminosity', value }],
  })
  expect(contents.images).toEqual([
    { ...named, filename: 'AppIcon.png' },
    { ...named, ...luminosity('dark'), filename: 'AppIcon-Dark.png' },
    { ...named, ...luminosity('tinted'), filename: 'AppIcon-Tinted.png' },
  ])
  expect(await look(site, `${IOS}/AppIcon.png`)).toMatchObject({
    size: '1024x1024 of 3',
    corner: [11, 61, 58],
    isLabelled: true,
  })
  expect(await look(site, `${IOS}/AppIcon-Dark.png`)).toMatchObject({
    size: '1024x1024 of 4',
    corner: [0, 0, 0, 0],
  })
  const tinted = await look(site, `${IOS}/AppIcon-Tinted.png`)
  expect(tinted).toMatchObject({ size: '1024x1024 of 3', corner: [0, 0, 0], isGrey: true })

  for (const [density, legacy, adaptive] of DENSITIES) {
    const at = (name: string): string => `${RES}/mipmap-${density}/${name}.png`
    expect(await look(site, at('ic_launcher'))).toMatchObject({
      size: `${legacy}x${legacy} of 3`,
      corner: [11, 61, 58],
    })
    expect(await look(site, at('ic_launcher_round'))).toMatchObject({
      size: `${legacy}x${legacy} of 4`,
      corner: [0, 0, 0, 0],
    })
    for (const name of ['ic_launcher_foreground', 'ic_launcher_monochrome']) {
      const layer = await look(site, at(name))
      const corner = name.endsWith('foreground') ? [0, 0, 0, 0] : [255, 255, 255, 0]
      expect(layer).toMatchObject({ size: `${adaptive}x${adaptive} of 4`, corner })
      // All of it lies within the 66 dp that no mask cuts off, and makes use of them.
      const safe = (adaptive * 33) / 108
      expect(layer.radius).toBeLessThanOrEqual(safe + 1)
      expect(layer.radius).toBeGreaterThan(safe * 0.9)
    }
    expect((await look(site, at('ic_launcher_monochrome'))).colours).toEqual(['255,255,255'])
  }
  for (const name of ['ic_launcher', 'ic_launcher_round']) {
    const xml = await site.read(`${RES}/mipmap-anydpi-v26/${name}.xml`)
    for (const layer of ['background', 'foreground', 'monochrome']) {
      const [, kind, drawable = ''] =
        new RegExp(`<${layer} android:drawable="@(\\w+)/(\\w+)"`).exec(xml) ?? []
      const files = kind === 'color' ? `values/${drawable}.xml` : `mipmap-xxxhdpi/${drawable}.png`
      expect((await site.bytes(`${RES}/${files}`)).length).toBeGreaterThan(0)
    }
  }
  expect(await site.read(`${RES}/values/ic_launcher_background.xml`)).toContain(
    '<color name="ic_launcher_background">#0B3D3A</color>',
  )
})

test('they are written once, in CI without a call, and what a person changed is never written over', async () => {
  const gemini = await startGemini()
  const site = await createSite({ 'logo.prompt.md': LOGO })
  expect((await runCommand(site.root, ICONS, { CI: 'true' })).output).toContain('MISSING_PICTURE')
  expect(await site.list('app-icons')).toEqual([])
  await runCommand(site.root, ICONS, keyed(gemini))
  const { report } = await runJson(site, ICONS, { CI: 'true' })
  expect(report).toMatchObject({ pictures: 1, written: [], removed: [], kept: [] })

  // For one platform, what was there for the other goes.
  const ios = ['emit', 'app-icons', 'logo', '--app-icons', 'ios']
  await runCommand(site.root, ios, { CI: 'true' })
  expect(await site.list('app-icons')).toEqual(['ios', 'manifest.json'])
  await site.write(`${IOS}/Contents.json`, '{}')
  const { code, output } = await runCommand(site.root, [...ios, '--background', '000000'])
  expect(`${code} ${output}`).toMatch(/^1 [^]*Contents\.json/)
  expect(await site.read(`${IOS}/Contents.json`)).toBe('{}')
  expect(gemini.requests).toHaveLength(1)
})

test('a picture with a background is cut square, and has no icons that need a shape', async () => {
  const gemini = await startGemini()
  const site = await createSite({ 'logo.prompt.md': promptFile('A fox', { aspectRatio: '16:9' }) })
  await runCommand(site.root, ICONS, keyed(gemini))
  const files = await site.list('app-icons', true)
  expect(files.filter((file) => /Dark|Tinted|monochrome/.test(file))).toEqual([])
  expect(JSON.parse(await site.read(`${IOS}/Contents.json`)).images).toHaveLength(1)
  expect(await site.read(`${RES}/mipmap-anydpi-v26/ic_launcher.xml`)).not.toContain('monochrome')
  const icon = await look(site, `${IOS}/AppIcon.png`)
  expect(icon).toMatchObject({ size: '1024x1024 of 3', margin: 0 })
})

test.each([
  [['--app-icons', 'ios,windows'], 'The platforms are ios and android'],
  [['--app-icons', 'ios', '--background', 'red'], 'six hexadecimal digits'],
  [['--app-icons', 'ios', '--widths', '400'], "cannot be used with option '--widths"],
  [['--app-icons', 'ios'], 'App icons are made of one picture, and 2 are meant'],
])('%s is refused before anything is drawn', async (flags, told) => {
  const gemini = await startGemini()
  const site = await createSite({ 'a.prompt.md': LOGO, 'b.prompt.md': LOGO })
  const { code, output } = await runCommand(
    site.root,
    ['emit', 'app-icons', ...flags],
    keyed(gemini),
  )
  expect(code).not.toBe(0)
  expect(output).toContain(told)
  expect([gemini.requests.length, await site.list('app-icons')]).toEqual([0, []])
})

test('a folder with pictures of emit is left alone', async () => {
  const gemini = await startGemini()
  const site = await createSite({ 'logo.prompt.md': LOGO })
  await runCommand(site.root, ['emit', 'app-icons', '--public-path', '/'], keyed(gemini))
  const before = await site.list('app-icons')
  const { output } = await runCommand(site.root, ICONS, keyed(gemini))
  expect(output).toContain('index.js is there, with pictures of its own')
  expect(await site.list('app-icons')).toEqual(before)
})

interface Look {
  /** `1024x1024 of 4` channels. */
  readonly size: string
  readonly corner: readonly number[]
  readonly isGrey: boolean
  readonly isLabelled: boolean
  /** Pixels between the centre and the farthest that can be seen. */
  readonly radius: number
  /** Pixels between the border and what can be seen. */
  readonly margin: number
  /** Of what can be seen, at most ten. */
  readonly colours: readonly string[]
}

/** What a PNG shows. */
async function look(site: Site, file: string): Promise<Look> {
  const image = sharp(await site.bytes(file))
  const { xmp, format } = await image.metadata()
  expect(format).toBe('png')
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  const colours = new Set<string>()
  let [margin, radius] = [width, 0]
  for (let at = 0; at < width * height; at += 1) {
    const pixel = data.subarray(at * channels, (at + 1) * channels)
    if (pixel[3] === 0) continue
    const [x, y] = [at % width, Math.floor(at / width)]
    margin = Math.min(margin, x, y, width - 1 - x, height - 1 - y)
    const [fromCentre, fromMiddle] = [x + 0.5 - width / 2, y + 0.5 - height / 2]
    if ((pixel[3] ?? 255) > 32) radius = Math.max(radius, Math.hypot(fromCentre, fromMiddle))
    if (colours.size < 10) colours.add([...pixel.subarray(0, 3)].join())
  }
  return {
    size: `${width}x${height} of ${channels}`,
    corner: [...data.subarray(0, channels)],
    isGrey: [...colours].every((colour) => new Set(colour.split(',')).size === 1),
    isLabelled: xmp?.toString().includes('trainedAlgorithmicMedia') ?? false,
    margin,
    radius,
    colours: [...colours],
  }
}
