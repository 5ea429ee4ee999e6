import type { Locator, Page } from 'playwright-core'
import { expect, vi } from 'vitest'
import type { FakeGemini } from '../fake-gemini/server.ts'
import { promptFile, type Site } from '../support/site.ts'

/** What a designer's day begins with: a page that shows a picture, and a prompt file that nothing shows. */
export const PROMPTS: Readonly<Record<string, string>> = {
  'src/hero.prompt.md': promptFile('A lighthouse at dusk', { alt: 'A lighthouse' }),
  'src/old.prompt.md': promptFile('An idea of last year'),
}

const HERO = 'src/hero.prompt.md'

/** How the studio under test differs. */
export interface Day {
  readonly site: Site
  readonly gemini: FakeGemini
  /** Whether the server generates by itself what is missing, as dev servers do. */
  readonly isDev: boolean
  /** A picture of the designer's own: a PNG file. */
  readonly own: Uint8Array
}

/**
 * The day of a designer: the first picture, four variants, one picked, "warmer", back, a picture of one's own, its words, and
 * what is no longer needed is deleted. Every call is paid for once.
 */
export async function designersDay(page: Page, day: Day): Promise<void> {
  const { site, gemini } = day
  await firstPicture(page, day)
  expect(gemini.requests).toHaveLength(1)
  await page.getByRole('link', { name: 'hero' }).click()

  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await dialogOf(page).getByLabel('Variants').fill('4')
  await dialogOf(page).getByRole('button', { name: 'Review the change' }).click()
  await dialogOf(page).getByText('+variants: 4').waitFor()
  await dialogOf(page)
    .getByRole('button', { name: /^Write and generate \(\$0\.1/ })
    .dblclick()
  await vi.waitFor(() => expect(gemini.requests).toHaveLength(4), 20_000)
  expect(await site.read(HERO)).toContain('variants: 4')

  await page.getByRole('button', { name: 'Side by side' }).click()
  await page.getByRole('button', { name: 'Pick variant 3' }).click()
  await vi.waitFor(async () => expect(await site.read(HERO)).toContain('pick: 3'), 20_000)
  await page.getByRole('button', { name: 'One', exact: true }).click()

  await page.getByLabel('Say what to change').fill('Warmer light')
  await page.keyboard.press('Enter')
  await dialogOf(page)
    .getByRole('button', { name: /^Write and generate/ })
    .click()
  await vi.waitFor(() => expect(gemini.requests).toHaveLength(5), 20_000)
  expect(await site.read(HERO)).toContain('Warmer light')
  await goBack(page)

  await page.getByLabel('Adopt a file').setInputFiles({
    name: 'mine.png',
    mimeType: 'image/png',
    buffer: Buffer.from(day.own),
  })
  await dialogOf(page).getByRole('button', { name: 'Adopt this file' }).click()
  await page.getByText('A person, not a model').waitFor()

  await page.getByRole('button', { name: 'Rewrite' }).click()
  await page.getByLabel('Alternative text', { exact: true }).fill('A lighthouse in warm light')
  await page.getByRole('button', { name: 'Review', exact: true }).click()
  await dialogOf(page).getByRole('button', { name: 'Write', exact: true }).click()
  await vi.waitFor(async () => expect(await site.read(HERO)).toContain('in warm light'), 20_000)

  await page.getByRole('link', { name: 'Pictures' }).click()
  await page.getByRole('link', { name: 'old' }).click()
  await page.getByRole('button', { name: 'Delete…' }).click()
  await dialogOf(page).getByRole('button', { name: 'Delete src/old.prompt.md' }).click()
  await vi.waitFor(
    async () => expect(await site.list('src')).not.toContain('old.prompt.md'),
    20_000,
  )
  // Nothing was asked for but what a button had said.
  expect(gemini.requests).toHaveLength(5)
}

async function firstPicture(page: Page, { isDev, gemini }: Day): Promise<void> {
  if (!isDev) {
    await page.getByRole('button', { name: /^Generate 1 missing \(\$0\.03/ }).click()
    await dialogOf(page)
      .getByRole('button', { name: /^Generate for/ })
      .dblclick()
  }
  await vi.waitFor(() => expect(gemini.requests).toHaveLength(1), 30_000)
  await page.getByRole('listitem').filter({ hasText: 'hero' }).getByText('Pinned').waitFor()
}

/** Back to the picture before the last change, which had no warm light. */
async function goBack(page: Page): Promise<void> {
  const strip = page.getByRole('list', { name: 'Variants, turns and earlier pictures' })
  await strip.getByRole('button', { name: 'Now', pressed: true }).waitFor()
  await strip.getByRole('button', { name: 'Variant 3' }).click()
  const back = page.getByRole('button', { name: 'Go back to this one' })
  await back.click()
  await back.waitFor({ state: 'detached' })
}

function dialogOf(page: Page): Locator {
  return page.getByRole('dialog')
}
