import { readFile } from 'node:fs/promises'
import { formatLockfile, formatRecord } from '@gemini-image/core/internal'
import { fontPath } from '../layers/site.ts'
import { importing, prompting, thrownBy, type Stage } from '../errors/stage.ts'
import { png } from '../references/images.ts'

/** A kind of file, as a project comes by it. */
export interface Kind {
  /** Its path from the root. */
  readonly file: string
  /** What it holds where nothing is wrong. */
  good(): Promise<string | Uint8Array> | string | Uint8Array
  /** Sets up what names the file; the file itself is there. */
  prepare?(stage: Stage): Promise<void>
  /** Does what reads it. */
  use(stage: Stage): Promise<unknown>
  /** Larger than its kind may be, in bytes. */
  readonly tooLarge: number
}

const SCENE = 'scene.prompt.md'

/** A prompt file that names the file of the kind, and a module that imports it. */
function named(settings: string): NonNullable<Kind['prepare']> {
  return async ({ site }) => {
    await site.write('main.js', importing('scene'))
    await site.write(SCENE, prompting(settings))
  }
}

const prepare = async (stage: Stage): Promise<unknown> => {
  const driver = stage.driver()
  const { generated } = await driver.prepare()
  await driver.verify()
  return generated
}

/** Every kind of file that data names, or that a repository holds for us. */
export const KINDS = {
  'a prompt file': {
    file: 'scene.prompt.md',
    good: () => prompting('alt: ""'),
    // Also one that no scan finds, as where a bundler asks.
    use: (stage) => stage.driver().image(stage.site.path(SCENE)),
    tooLarge: 1_000_001,
  },
  'a style file': {
    file: 'brand.style.md',
    good: () => 'In ink.',
    prepare: named('style: ./brand.style.md'),
    use: prepare,
    tooLarge: 1_000_001,
  },
  'a reference': {
    file: 'friend.png',
    good: () => png(),
    prepare: named('references: [./friend.png]'),
    use: prepare,
    tooLarge: 100_000_001,
  },
  'a font': {
    file: 'letters.woff',
    good: () => readFile(fontPath('latin')),
    prepare: named('layers: [{ text: A friend, font: ./letters.woff }]'),
    use: prepare,
    tooLarge: 100_000_001,
  },
  'an image of a layer': {
    file: 'logo.png',
    good: () => png(),
    prepare: named('layers: [{ image: ./logo.png }]'),
    use: prepare,
    tooLarge: 100_000_001,
  },
  'the lockfile': {
    file: 'gemini-image.lock',
    good: () => formatLockfile(new Map()),
    prepare: named('alt: ""'),
    use: prepare,
    tooLarge: 256_000_001,
  },
  'the record of batch jobs': {
    file: 'gemini-image.batch',
    good: () => formatRecord({ jobs: new Map(), requests: new Map() }),
    prepare: named('alt: ""'),
    use: prepare,
    tooLarge: 256_000_001,
  },
  'the ledger': {
    file: 'gemini-image.ledger',
    good: () => '',
    prepare: named('alt: ""'),
    // Without a cap for a month, a build does without.
    use: async (stage) => {
      const driver = stage.driver({ options: { monthlyBudget: 1 } })
      const { generated } = await driver.prepare()
      return generated
    },
    tooLarge: 256_000_001,
  },
} satisfies Record<string, Kind>

export type KindName = keyof typeof KINDS

/** What an error says of itself, and `fine` where there is none. */
export async function outcomeOf(work: () => Promise<unknown>): Promise<string> {
  let isFine = false
  const error = await thrownBy(async () => {
    await work()
    isFine = true
    throw new Error('fine')
  })
  return isFine ? 'fine' : String((error as { code?: unknown }).code)
}
