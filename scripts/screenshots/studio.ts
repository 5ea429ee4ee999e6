import { readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { open, shoot, type View } from './browser.ts'
import { copyExample, type Copy } from './project.ts'

const CROSSING = 'src/pictures/crossing.prompt.md'

/** A picture, refined twice. */
const TURNS = `---
aspectRatio: 3:2
style: linocut
alt: The rope ferry in dense fog, with the glow of one lantern
turns:
  - 'The same ferry on a clear night: a half moon, stars, and a lantern at each end.'
  - Now in dense fog at daybreak, with one lantern on a pole.
---

A flat wooden rope ferry with a small cabin and one standing passenger, halfway across a wide, slow
river at sunrise. Low hills and a line of poplars behind. Coral, ochre and deep teal.
`

const NEW = `---
aspectRatio: 16:9
style: linocut
alt: The ferry ashore, beside a frozen river with bare willows
---

The ferry hauled ashore beside a frozen river with bare willows, under a white winter sun.
`

const WIDE: View = { width: 1440, height: 900, scheme: 'light' }
const NARROW: View = { width: 390, height: 844, scheme: 'light', density: 2 }
const NARROW_WIDTH = 585

/** The studio beside a blog: on a branch that adds a picture, refines another, and edits a prompt. */
export async function studioShots(browser: Browser): Promise<void> {
  const copy = await copyExample('astro', 'slow-ferry')
  try {
    await edit(copy)
    const address = await copy.studio()
    for (const scheme of ['light', 'dark'] as const) {
      await gallery(browser, address, { ...WIDE, scheme }, `studio-${scheme}`)
      await gallery(browser, address, { ...NARROW, scheme }, `studio-narrow-${scheme}`)
      await picture(browser, address, { ...WIDE, scheme }, scheme)
    }
    await review(browser, copy)
  } finally {
    await copy.close()
  }
}

async function edit(copy: Copy): Promise<void> {
  copy.git('checkout', '--quiet', '-b', 'autumn')
  copy.write(CROSSING, TURNS)
  const page = 'src/pages/index.astro'
  const asked = `import crossing from '../pictures/crossing.prompt.md?gemini-image'
import winterQuarters from '../pictures/winter-quarters.prompt.md?gemini-image'
`
  const source = readFileSync(path.join(copy.root, page), 'utf8')
  copy.write(page, source.replace('import PostCard', `${asked}import PostCard`))
  await copy.run('generate', '--yes', 'src/pictures/crossing.prompt.md')
  copy.write('src/pictures/winter-quarters.prompt.md', NEW)
}

function replace(copy: Copy, file: string, from: string, to: string): void {
  const text = readFileSync(path.join(copy.root, file), 'utf8')
  if (!text.includes(from)) throw new Error(`${file} does not say "${from}".`)
  copy.write(file, text.replace(from, to))
}

async function gallery(browser: Browser, url: string, view: View, name: string): Promise<void> {
  const page = await open(browser, url, view)
  await page.locator('.card').first().waitFor()
  await pictures(page)
  await shoot(page, name, view.width < 500 ? NARROW_WIDTH : undefined)
  await page.context().close()
}

/** Waits until no picture in sight is a blur preview any more. */
async function pictures(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle')
}

async function picture(browser: Browser, url: string, view: View, scheme: string): Promise<void> {
  const page = await open(browser, url, view)
  await page.getByRole('link', { name: 'crossing', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'crossing' }).waitFor()
  await pictures(page)
  await shoot(page, `studio-picture-${scheme}`)
  await page.getByRole('button', { name: 'Side by side' }).click()
  await pictures(page)
  await shoot(page, `studio-sides-${scheme}`)
  await page.context().close()
}

/** On another branch, the picture of one post has changed. */
async function review(browser: Browser, copy: Copy): Promise<void> {
  copy.git('checkout', '--quiet', '--force', 'main')
  copy.git('clean', '--quiet', '--force', '-d')
  copy.git('checkout', '--quiet', '-b', 'night')
  replace(
    copy,
    'src/posts/fog.md',
    'in dense fog on a still river, only its outline',
    'on a still river under a half moon, its outline',
  )
  await copy.run('generate', '--yes')
  copy.commit('Night')
  await copy.run('studio', '--build', 'review')
  const url = pathToFileURL(path.join(copy.root, 'review/index.html')).href
  for (const scheme of ['light', 'dark'] as const) {
    const page = await open(browser, url, { ...WIDE, height: 640, scheme })
    await pictures(page)
    await shoot(page, `review-${scheme}`)
    await page.context().close()
  }
}
