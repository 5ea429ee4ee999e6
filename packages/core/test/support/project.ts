import { hash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import type { Options } from '../../src/options/options.ts'
import { resolveOptions } from '../../src/options/resolve-options.ts'
import type {
  Provider,
  ProviderContext,
  ProviderJob,
  ProviderResult,
} from '../../src/providers/provider.ts'
import { drive, type Driver } from './driver.ts'
import { tempDir } from './temp-dir.ts'

/** A provider that draws in this process, and remembers what it was asked for. */
export interface Painter extends Provider {
  /** The prompts of all calls, in order. */
  readonly asked: string[]
  /** How many calls were under way at once, at most. */
  readonly busiest: number
}

/** What a {@link Painter} does instead of its usual picture; `undefined` for the usual one. */
export type Whim = (
  job: ProviderJob,
  context: ProviderContext,
) => Promise<ProviderResult | undefined> | ProviderResult | undefined

/** A painter of small pictures, a colour of its own for each prompt. */
export function painter(whim: Whim = () => undefined): Painter {
  const asked: string[] = []
  let [busy, busiest] = [0, 0]
  const generate: Provider['generate'] = async (job, context) => {
    asked.push(job.request.prompt)
    busy += 1
    busiest = Math.max(busiest, busy)
    try {
      return (await whim(job, context)) ?? (await paint(job.request.prompt))
    } finally {
      busy -= 1
    }
  }
  return {
    name: 'painter',
    asked,
    generate,
    get busiest() {
      return busiest
    },
  }
}

/** A small PNG with what a picture of Nano Banana 2.1 at 1K costs. */
export async function paint(
  prompt: string,
  { width, height }: { readonly width: number; readonly height: number } = { width: 8, height: 8 },
): Promise<ProviderResult> {
  const background = `#${hash('sha256', prompt).slice(0, 6)}`
  const canvas = sharp({ create: { width, height, channels: 3, background } })
  const bytes = await canvas.png().toBuffer()
  return { parts: [{ bytes }], model: 'painted', tokens: { input: 2, image: 1120, text: 0 } }
}

/** A project on disk. */
export interface TestProject {
  readonly root: string
  readonly store: string
  readonly lockfile: string
  /** Every line that any of its engines logged. */
  readonly log: string[]
  /** Absolute path of a file. */
  file(name: string): string
  write(name: string, text: string): Promise<void>
  driver(options: Options): Driver
}

/** A prompt file with alternative text; its prompt stands in line 4, without further settings. */
export function promptFile(prompt: string, settings = ''): string {
  return `---\nalt: A picture\n${settings}---\n${prompt}\n`
}

/**
 * A project whose `main.js` imports every one of `prompts`: name → the prompt file's text, or the words
 * of a prompt alone.
 */
export async function project(prompts: Readonly<Record<string, string>>): Promise<TestProject> {
  const root = await tempDir()
  const log: string[] = []
  const note = (line: string): void => void log.push(line)
  const logger = { info: note, warn: note }
  const file = (name: string): string => path.join(root, name)
  const write = async (name: string, text: string): Promise<void> => {
    await mkdir(path.dirname(file(name)), { recursive: true })
    await writeFile(file(name), text)
  }
  await write('package.json', '{}')
  for (const [name, text] of Object.entries(prompts)) {
    await write(`${name}.prompt.md`, text.startsWith('---') ? text : promptFile(text))
  }
  const imports = Object.keys(prompts).map((name) => `import './${name}.prompt.md?gemini-image'`)
  await write('main.js', imports.join('\n'))
  return {
    root,
    store: file('.gemini-image'),
    lockfile: file('gemini-image.lock'),
    log,
    file,
    write,
    driver: (options) => drive(resolveOptions(options, { hostRoot: root, env: {}, logger })),
  }
}
