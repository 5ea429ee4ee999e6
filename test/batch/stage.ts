import { resolveOptions, type Logger } from '@gemini-image/core/internal'
import { setStage, type Stage, type StageRun } from '../errors/stage.ts'
import type { FakeGeminiOptions } from '../fake-gemini/server.ts'
import { keyed } from '../support/vite.ts'
import { type BatchSignals, type Batches, driveBatches } from '../support/driver.ts'

/** What one run on batch jobs differs by. */
export interface BatchRun extends StageRun, BatchSignals {}

/** A site beside a fake Google, and the batch jobs between them. */
export interface BatchStage extends Stage {
  /** Batch jobs as a run of their own would open them. */
  batches(run?: BatchRun): Batches
  /** Absolute paths of prompt files. */
  files(...names: readonly string[]): string[]
  /** How often a route of the server was called. */
  count(route: string): number
  /** Fingerprints in the lockfile. */
  pinned(): Promise<string[]>
  /** The record; empty where there is none. */
  record(): Promise<string>
}

/** Sets a stage with prompt files, name → text; all of it is gone when the test ends. */
export async function setBatchStage(
  prompts: Readonly<Record<string, string>>,
  fake?: FakeGeminiOptions,
): Promise<BatchStage> {
  const files = Object.entries(prompts).map(([name, text]) => [`${name}.prompt.md`, text])
  const stage = await setStage(Object.fromEntries(files), fake)
  const { site, gemini, log } = stage
  const note = (line: string): void => void log.push(line)
  const logger: Logger = { info: note, warn: note }
  return {
    ...stage,
    batches: ({ options, env = keyed(gemini), ...signals } = {}) =>
      driveBatches(
        resolveOptions({ retryDelay: 5, ...options }, { hostRoot: site.root, env, logger }),
        signals,
      ),
    files: (...names) => names.map((name) => site.path(`${name}.prompt.md`)),
    count: (route) => gemini.requests.filter((request) => request.route === route).length,
    pinned: async () => {
      const text = await site.read('gemini-image.lock').catch(() => '')
      return [...text.matchAll(/^ {2}([0-9a-f]{64}): /gm)].map(([, print = '']) => print)
    },
    record: () => site.read('gemini-image.batch').catch(() => ''),
  }
}

/** A prompt file: settings, and a prompt. */
export function prompt(text: string, settings = 'alt: ""'): string {
  return `---\n${settings}\n---\n${text}\n`
}
