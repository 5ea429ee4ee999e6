import type { Options } from '@gemini-image/core'
import {
  DEFAULT_PROVIDER,
  estimateCost,
  findModel,
  resolveOptions,
  type Logger,
  type ModelRow,
} from '@gemini-image/core/internal'
import type { FakeGemini, FakeGeminiOptions } from '../fake-gemini/server.ts'
import { startGemini } from '../support/gemini.ts'
import { createSite, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { withAlt } from '../support/with-alt.ts'
import { type Driver, drive } from '../support/driver.ts'
import type { Prepared } from '@gemini-image/core'

/** The model of the tests of answers and failures. */
export const MODEL = findModel('nano-banana', DEFAULT_PROVIDER.catalogue) as ModelRow

/** What one picture of it costs at most, in US dollars. @param characters Of its prompt. */
export function mostFor(characters: number): number {
  const call = { size: '1K', characters, images: 0, withText: false, grounded: false }
  return estimateCost(MODEL, call).most
}

/** Options of the driver under test, and the environment around it. */
export interface StageRun {
  readonly options?: Options
  readonly env?: Readonly<Record<string, string>>
}

/** A site beside a fake Google, and the driver between them. */
export interface Stage {
  readonly site: Site
  readonly gemini: FakeGemini
  /** Every line that any of its drivers logged. */
  readonly log: string[]
  /** A driver as a build of its own would open it. */
  driver(run?: StageRun): Driver
  /** One build's worth of work. */
  prepare(run?: StageRun): Promise<Prepared>
  /** The same, where it is to fail: what was thrown. */
  fail(run?: StageRun): Promise<unknown>
}

/** Sets a stage with a site of these files; all of it is gone when the test ends. */
export async function setStage(
  files: Readonly<Record<string, string>> = {},
  fake?: FakeGeminiOptions,
): Promise<Stage> {
  const [site, gemini] = await Promise.all([
    createSite(files),
    startGemini({ batch: { polls: 1 }, ...fake }),
  ])
  const log: string[] = []
  const note = (line: string): void => void log.push(line)
  const logger: Logger = { info: note, warn: note }
  const driver = ({ options, env }: StageRun = {}): Driver =>
    drive(
      resolveOptions(
        { retryDelay: 5, ...options },
        { hostRoot: site.root, env: env ?? keyed(gemini), logger },
      ),
    )
  const prepare = async (run?: StageRun): Promise<Prepared> => driver(run).prepare()
  return { site, gemini, log, driver, prepare, fail: (run) => thrownBy(() => prepare(run)) }
}

/** What a piece of work throws; it is an error that it does not. */
export async function thrownBy(work: () => unknown): Promise<unknown> {
  let result: unknown
  try {
    result = await work()
  } catch (error) {
    return error
  }
  throw new Error(`It was to fail, but it gave ${JSON.stringify(result)}`)
}

/** A module that asks for the pictures of prompt files in the same folder. */
export function importing(...names: readonly string[]): string {
  return names.map((name) => `import './${name}.prompt.md?gemini-image'\n`).join('')
}

/**
 * A prompt file: settings as YAML lines, and a prompt. Settings that say nothing of alternative text get
 * an empty one in the end, so that their own lines stay where they are.
 */
export function prompting(settings: string, prompt = 'A lighthouse'): string {
  return withAlt(`---\n${settings}\n---\n${prompt}\n`)
}

/** What a run leaves in a site: the names at its root that were not put there. */
export async function leftIn(site: Site): Promise<string[]> {
  const names = await site.list('.')
  return names.filter((name) => ['.gemini-image', 'gemini-image.lock'].includes(name))
}
