import { openLockfile, type Lockfile } from './lockfile.ts'
import type { LockEntry } from './lock-entry.ts'
import type { LockEntries } from './lockfile-text.ts'
import { objectsOf, sourceTypes } from './source-types.ts'
import type { LabelFacts } from '../pixels/labels/xmp/packet.ts'

/** Object → what its label says, as the lockfile stands. */
export interface Labels {
  /**
   * All of them, by SHA-256 in hex. Reads the lockfile again only when it has changed.
   * @throws {GeminiImageError} `CORRUPT_LOCKFILE`.
   */
  read(): Promise<ReadonlyMap<string, LabelFacts>>
}

/** What labels say beyond the digital source type, the model and the date. */
export interface LabelSettings {
  /** Whether the prompt is part of them. */
  readonly prompt: boolean
}

/** A project whose pictures are labelled. */
export interface LabelledProject {
  /** Absolute path. */
  readonly root: string
  /** Absolute path of the lockfile. */
  readonly lockfile: string
  readonly labels: LabelSettings
}

/**
 * Opens the labels of a project's pictures; its lockfile need not exist.
 * @param lockfile The project's own, where it is open already.
 */
export function openLabels(
  { root, lockfile: file, labels }: LabelledProject,
  lockfile: Lockfile = openLockfile(root, file),
): Labels {
  let known: { entries: LockEntries; facts: ReadonlyMap<string, LabelFacts> } | undefined
  return {
    read: async () => {
      const { entries } = await lockfile.read()
      if (known?.entries !== entries) known = { entries, facts: labelFacts(entries, labels) }
      return known.facts
    },
  }
}

/** What the label of every pinned picture says, by SHA-256 in hex. */
export function labelFacts(
  entries: LockEntries,
  { prompt: withPrompt }: LabelSettings,
): ReadonlyMap<string, LabelFacts> {
  const types = sourceTypes(entries.values())
  const facts = new Map<string, LabelFacts>()
  for (const entry of entries.values()) {
    const { model, created } = entry
    const prompt = withPrompt ? promptOf(entry) : undefined
    for (const object of objectsOf(entry)) {
      const sourceType = types.get(object)
      if (!sourceType || facts.has(object)) continue
      facts.set(object, { sourceType, model, created, ...(prompt !== undefined && { prompt }) })
    }
  }
  return facts
}

/** All that the model was told, a paragraph a turn; `undefined` where an entry does not say. */
export function promptOf({ request }: Pick<LockEntry, 'request'>): string | undefined {
  const turns: unknown = request?.['turns']
  const asked = [request, ...(Array.isArray(turns) ? (turns as unknown[]) : [])]
  const prompts = asked.flatMap((one) => {
    const { prompt } = Object(one) as { prompt?: unknown }
    return typeof prompt === 'string' ? [prompt] : []
  })
  return prompts.length > 0 ? prompts.join('\n\n') : undefined
}
