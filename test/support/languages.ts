import { expect } from 'vitest'
import { openPage } from './browser.ts'

/** A set of pictures in English and German, with texts in French as well. */
export const POSTER = `---
each: { language: [en, de] }
aspectRatio: 16:9
alt: { en: A poster, de: Ein Plakat, fr: Une affiche }
---

A poster in {{language}}
`

/** What shows it: in one size, since each is encoded. */
export const BY_LANGUAGE =
  './poster.prompt.md?gemini-image&widths=400&formats=webp&as=picture&by=language'

/** What a browser loads of a page, and what it says of its first picture. */
export async function visitLanguage(address: string): Promise<unknown> {
  const page = await openPage('about:blank')
  const loaded: string[] = []
  page.on('request', (request) => {
    const url = request.url()
    if (request.resourceType() === 'image' && !url.startsWith('data:')) loaded.push(url)
  })
  await page.goto(address)
  await page.locator('#below').waitFor()
  const image = page.locator('img').first()
  await image.evaluate((element: HTMLImageElement) => element.decode())
  await page.waitForLoadState('networkidle')
  const alt = await image.getAttribute('alt')
  const names = loaded
    .filter((url) => !url.endsWith('favicon.ico'))
    .map((url) => /\/(poster[a-z-]*)-\d+[.-][\w-]+\.webp(?:\?no-inline)?$/.exec(url)?.[1] ?? url)
  return { loaded: names, alt }
}

/** Makes sure that pages load the picture of their language, and no other. @param addressOf Of a language. */
export async function expectLanguages(addressOf: (language: string) => string): Promise<void> {
  const expected = [
    ['en', 'poster-en', 'A poster'],
    ['de', 'poster-de', 'Ein Plakat'],
    ['fr', 'poster-en', 'Une affiche'],
  ] as const
  for (const [language, name, alt] of expected) {
    const shown = await visitLanguage(addressOf(language))
    expect([language, shown]).toEqual([language, { loaded: [name], alt }])
  }
}
