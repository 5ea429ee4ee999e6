import { expect } from 'vitest'
import { openPage, watchLayout } from './browser.ts'

export const NIGHT = 'The same harbour at night.'
/** What a scene says that only has another shape. */
export const PHONE = 'The same picture, composed anew for this format.'

/** What shows it: in few sizes, since each is encoded. */
export const HERO = './hero.prompt.md?widths=400;1200&formats=avif;webp&as=picture&gemini-image'

/** A page for a phone and for a desk, by day and by night. */
export function pictureOf(scheme: string): string {
  return `---
alt: Boats
aspectRatio: 16:9
scenes:
  phone: { aspectRatio: 9:16, media: '(max-width: 600px)' }
  dark: { prompt: The same harbour at night., scheme: ${scheme} }
  late: { from: phone, prompt: The same harbour at night., scheme: ${scheme} }
---

A harbour
`
}

interface Visit {
  readonly width: 390 | 1440
  readonly scheme: 'light' | 'dark'
  /** What stands behind the address. */
  readonly hash?: string
}

/** What a browser loads and shows of the page. */
async function visit(address: string, { width, scheme, hash = '' }: Visit): Promise<unknown> {
  const page = await openPage('about:blank')
  await page.setViewportSize({ width, height: 3000 })
  await page.emulateMedia({ colorScheme: scheme })
  const loaded: string[] = []
  page.on('request', (request) => {
    if (request.resourceType() === 'image' && !request.url().startsWith('data:'))
      loaded.push(request.url())
  })
  const shifts = await watchLayout(page)
  await page.goto(address + hash)
  await page.locator('#below').waitFor()
  const image = page.locator('img:visible')
  await image.evaluate((element: HTMLImageElement) => element.decode())
  await page.waitForLoadState('networkidle')
  const box = await image.boundingBox()
  const ratio = Math.round(((box?.width ?? 0) / (box?.height ?? 1)) * 100) / 100
  const names = loaded.map((url) => /\/(hero[a-z-]*)-\d+[.-][\w-]+\.avif$/.exec(url)?.[1] ?? url)
  return { loaded: names, ratio, shifts: await shifts() }
}

const [WIDE, TALL] = [1.79, 0.56]
const EXPECTED = [
  [{ width: 1440, scheme: 'light' }, '', WIDE],
  [{ width: 1440, scheme: 'dark' }, '-dark', WIDE],
  [{ width: 390, scheme: 'light' }, '-phone', TALL],
  [{ width: 390, scheme: 'dark' }, '-late', TALL],
] as const

/**
 * Makes sure that a page loads one file each time, in its own shape, and that nothing moves.
 * @param picture The name of the picture whose scenes they are.
 */
export async function expectScenes(
  address: string,
  isByClass: boolean,
  picture = 'hero',
): Promise<void> {
  for (const [seen, scene, ratio] of EXPECTED) {
    const name = picture + scene
    const { width, scheme } = seen
    // What the reader's system prefers is none of the page's business then.
    const other = scheme === 'dark' ? 'light' : 'dark'
    const asked: Visit = isByClass ? { width, scheme: other, hash: `#${scheme}` } : seen
    const shown = await visit(address, asked)
    expect([seen, shown]).toEqual([seen, { loaded: [name], ratio, shifts: [] }])
  }
}
