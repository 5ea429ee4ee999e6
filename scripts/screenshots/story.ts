import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { open, shoot, type Scheme } from './browser.ts'
import { copyExample, type Copy } from './project.ts'
import { storyPage, type Frame } from './story-page.ts'

const FILE = 'src/pictures/crossing.prompt.md'
const BEFORE = 'at sunrise. Coral and teal.'
const AFTER = 'on a clear night, under a half moon. Navy and gold.'

const promptFile = (words: string): string => `---
aspectRatio: 3:2
style: linocut
alt: A rope ferry crosses a wide river
---

A wooden rope ferry, halfway across a river,
${words}
`

/** Edit the prompt, see the picture, commit: done for real, in a copy of the blog. */
export async function storyShots(browser: Browser): Promise<void> {
  const copy = await copyExample('astro', 'slow-ferry')
  try {
    const page = 'src/pages/index.astro'
    const source = readFileSync(path.join(copy.root, page), 'utf8')
    const asked = "import crossing from '../pictures/crossing.prompt.md?gemini-image'\n"
    copy.write(page, source.replace('import PostCard', `${asked}import PostCard`))
    const first = await step(copy, BEFORE)
    const second = await step(copy, AFTER)
    for (const scheme of ['light', 'dark'] as const)
      await shootStory(browser, scheme, [first, second])
  } finally {
    await copy.close()
  }
}

/** Writes the prompt, generates, and commits. */
async function step(copy: Copy, words: string): Promise<Frame> {
  const before = new Set(pinnedIn(copy))
  copy.write(FILE, promptFile(words))
  await copy.run('generate', '--yes')
  const file = pinnedIn(copy).find((name) => !before.has(name))
  if (file === undefined) throw new Error('Nothing was generated.')
  const image = readFileSync(path.join(copy.root, '.gemini-image', file)).toString('base64')
  copy.git('add', '--all')
  const difference = copy.git('diff', '--cached', '--unified=1', '--', FILE)
  const changed = copy.git(
    'diff',
    '--cached',
    '--stat=60',
    '--',
    FILE,
    'gemini-image.lock',
    '.gemini-image',
  )
  copy.commit('Crossing')
  return { image: `data:image/jpeg;base64,${image}`, difference, changed }
}

function pinnedIn(copy: Copy): string[] {
  return readdirSync(path.join(copy.root, '.gemini-image'))
}

async function shootStory(
  browser: Browser,
  scheme: Scheme,
  frames: readonly [Frame, Frame],
): Promise<void> {
  const view = { width: 880, height: 560, scheme, density: 2 }
  const page = await open(browser, 'about:blank', view)
  await page.setContent(storyPage(FILE, promptFile(BEFORE), frames))
  const height = await page.evaluate(() => document.body.scrollHeight)
  await page.setViewportSize({ width: view.width, height })
  await shoot(page, `story-${scheme}`)
  await page.context().close()
}
