import type { Browser } from 'playwright-core'
import { digestOf } from './inputs.ts'

/** Pictures that are taken in one go. */
export interface Shots {
  /** Their names, without `.webp`. */
  readonly names: readonly string[]
  /** Files that decide what is to be seen, as globs from the root. */
  readonly inputs: readonly string[]
  take(browser: Browser): Promise<void>
}

const BLOG = [
  'examples/astro/gemini-image.lock',
  'examples/astro/gemini-image.config.ts',
  'examples/astro/src/**',
]
const STUDIO = ['studio', 'studio-narrow', 'studio-picture', 'studio-sides', 'review']

/** All pictures of README.md and docs/. */
export const SHOTS: readonly Shots[] = [
  {
    names: STUDIO.flatMap((name) => [`${name}-light`, `${name}-dark`]),
    // The scripts behind what is drawn change more often than what is to be seen.
    inputs: [
      'packages/studio/src/page/*.tsx',
      'packages/studio/src/page/styles/*.css',
      'scripts/screenshots/studio.ts',
      ...BLOG,
    ],
    take: async (browser) => (await import('./studio.ts')).studioShots(browser),
  },
  {
    names: ['story-light', 'story-dark'],
    inputs: [
      'scripts/screenshots/story.ts',
      'scripts/screenshots/story-page.ts',
      'examples/astro/gemini-image.config.ts',
    ],
    take: async (browser) => (await import('./story.ts')).storyShots(browser),
  },
  {
    names: ['site'],
    inputs: ['scripts/screenshots/site.ts', ...BLOG],
    take: async (browser) => (await import('./site.ts')).siteShots(browser),
  },
]

/** Picture → digest of what it is made of now. */
export function currentInputs(): Readonly<Record<string, string>> {
  const entries = SHOTS.flatMap(({ names, inputs }) => {
    const digest = digestOf(inputs)
    return names.map((name) => [name, digest] as const)
  })
  return Object.fromEntries(entries)
}
