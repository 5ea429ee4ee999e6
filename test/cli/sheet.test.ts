import { parse, type DefaultTreeAdapterMap } from 'parse5'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { promptFile, type Site } from '../support/site.ts'
import { buildSite, keyed } from '../support/vite.ts'
import { drawn, entryOf, plain, runJson, siteOf } from './stage.ts'

type Node = DefaultTreeAdapterMap['node']

/** All elements of a name, in the order of the page. */
function elements(node: Node, name: string): DefaultTreeAdapterMap['element'][] {
  const own = 'tagName' in node && node.tagName === name ? [node] : []
  const children = 'childNodes' in node ? node.childNodes : []
  return [...own, ...children.flatMap((child) => elements(child, name))]
}

function textOf(node: Node): string {
  if ('value' in node) return node.value
  return 'childNodes' in node ? node.childNodes.map(textOf).join(' ').replaceAll(/\s+/g, ' ') : ''
}

function attribute(element: DefaultTreeAdapterMap['element'] | undefined, name: string): string {
  return element?.attrs.find((one) => one.name === name)?.value ?? ''
}

/** A picture of the sheet. */
interface Card {
  readonly name: string
  readonly text: string
  /** What the filter goes by. */
  readonly is: string
  /** Of its first picture. */
  readonly src: string
  readonly alt: string
}

/** The cards of a sheet that was just written. */
async function sheetOf(site: Site): Promise<readonly Card[]> {
  const { code, output } = await runCommand(site.root, ['sheet'])
  expect(`${code} ${output}`).toMatch(/^0 /)
  const page = parse(await site.read('gemini-image-sheet.html'))
  return elements(page, 'article').map((card) => {
    const [image] = elements(card, 'img')
    const [src, alt] = [attribute(image, 'src'), attribute(image, 'alt')]
    const name = elements(card, 'h2').map(textOf).join('')
    return { name, text: textOf(card), is: attribute(card, 'data-is'), src, alt }
  })
}

describe('a sheet', () => {
  test('shows each picture small, with its prompt, place, price, size and text', async () => {
    const gemini = await startGemini()
    const site = await siteOf({
      hero: promptFile('A harbour at\ndawn', { alt: 'Boats', aspectRatio: '16:9', size: '4K' }),
      ...plain('quay'),
    })
    await drawn(site, gemini)
    const [hero, quay] = await sheetOf(site)
    const { cost } = await entryOf(site, 'src/hero.prompt.md')
    for (const part of [
      'src/hero.prompt.md:7:1',
      'A harbour at dawn',
      'Boats',
      'gemini-nano-banana-2.1',
      '16:9 4K',
      '5504 × 3072',
      `$${cost.toFixed(4)}`,
      'pinned',
    ]) {
      expect(hero?.text).toContain(part)
    }
    expect(hero).toMatchObject({ is: 'pinned', alt: 'Boats' })
    expect(quay?.text).toContain('src/quay.prompt.md:5:1')
    const [, data = ''] = /^data:image\/webp;base64,(.+)$/.exec(hero?.src ?? '') ?? []
    const facts = await sharp(Buffer.from(data, 'base64')).metadata()
    expect(`${facts.format} ${facts.width}x${facts.height}`).toBe('webp 480x268')
  })

  test('tells what is broken, lost, missing, without text, and what nothing uses', async () => {
    const gemini = await startGemini()
    const names = ['corrupt', 'lost', 'gone', 'bare', 'draft']
    const site = await drawn(
      await siteOf({
        ...plain(...names.slice(0, 3)),
        bare: 'bare',
        draft: '---\naltDraft: A draft\n---\ndraft',
        variants: promptFile('variants', { variants: '2' }),
      }),
      gemini,
    )
    const [corrupt, lost] = await Promise.all(
      ['corrupt', 'lost'].map((name) => entryOf(site, `src/${name}.prompt.md`)),
    )
    await site.write(`.gemini-image/${corrupt?.file}`, 'Not a picture')
    await site.remove(`.gemini-image/${lost?.file}`)
    await site.remove('src/gone.prompt.md')
    await site.write('src/bad.prompt.md', promptFile('bad', { size: '9K' }))
    await site.write('src/idea.prompt.md', 'An idea')
    const asked = ['corrupt', 'lost', 'bare', 'draft', 'variants', 'bad', 'new']
    const imports = asked.map((name) => `import './${name}.prompt.md?gemini-image'\n`)
    await site.write('src/main.js', imports.join(''))
    await site.write('src/new.prompt.md', promptFile('new'))
    const cards = await sheetOf(site)
    const found = Object.fromEntries(cards.map((card) => [card.name, card]))
    const standing = cards.map(({ name, is, src }) => [name, is, src !== ''])
    expect(standing.toSorted()).toEqual([
      ['bare', 'pinned no-alt', true],
      ['corrupt', 'broken', false],
      ['draft', 'pinned no-alt', true],
      [expect.stringMatching(/^gone\.\w{12}\.jpg$/), 'unused', true],
      ['idea', 'unused', false],
      ['lost', 'lost', false],
      ['new', 'missing', false],
      ['src/bad.prompt.md', 'broken', false],
      ['variants', 'pinned', true],
    ])
    expect(found['corrupt']?.text).toContain('CORRUPT_OBJECT')
    expect(found['src/bad.prompt.md']?.text).toContain('UNSUPPORTED_SIZE at src/bad.prompt.md:3:7')
    expect(found['draft']?.text).toMatch(/missing .*Draft: A draft/)
    expect(found['variants']?.text).toMatch(/Also drawn .*variant 2 of 2/)
  })

  test('shows whatever a prompt holds as text, and asks for no picture that it speaks of', async () => {
    const gemini = await startGemini()
    const nasty = `</p></article><script>alert(1)</script><img src=x onerror=alert(2)> & "'\`
import './never.prompt.md?gemini-image' url(./never.prompt.md?gemini-image)`
    const site = await siteOf(
      { hero: promptFile(nasty, { alt: `'" onload="alert(3)'` }) },
      { 'src/never.prompt.md': promptFile('Never') },
    )
    await drawn(site, gemini)
    gemini.reset()
    const [card, ...others] = await sheetOf(site)
    expect(others.map(({ is }) => is)).toEqual(['unused'])
    expect(card?.text).toContain('<script>alert(1)</script><img src=x onerror=alert(2)> & "\'`')
    expect(card?.alt).toBe('" onload="alert(3)')
    const page = parse(await site.read('gemini-image-sheet.html'))
    expect(elements(page, 'script')).toHaveLength(1)
    // The sheet lies among the sources of the project.
    await buildSite(site, { env: keyed(gemini) })
    expect(gemini.requests).toEqual([])
  })

  test('is written where it is wanted, the same every time, and says so', async () => {
    const gemini = await startGemini()
    const site = await drawn(await siteOf(plain('one')), gemini)
    const { code, report } = await runJson(site, ['sheet', '--out', 'docs/all.html'])
    expect(code).toBe(0)
    expect(report).toEqual({
      file: site.path('docs/all.html'),
      pictures: 1,
      states: { pinned: 1 },
    })
    const first = await site.read('docs/all.html')
    await runJson(site, ['sheet', '--out', 'docs/all.html'])
    expect(await site.read('docs/all.html')).toBe(first)
  })

  test('of a project without pictures says that there are none', async () => {
    const site = await siteOf({})
    expect(await sheetOf(site)).toEqual([])
    expect(await site.read('gemini-image-sheet.html')).toContain('No picture.')
  })
})
