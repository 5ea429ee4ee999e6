import { openLockfile, type Lockfile } from './lockfile.ts'
import type { LockEntry } from './lock-entry.ts'
import type { LockEntries } from './lockfile-text.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
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

/**
 * Opens the labels of a project's pictures; its lockfile need not exist.
 * @param lockfile The project's own, where it is open already.
 */
export function openLabels(
  { root, lockfile: file, labels }: Pick<ResolvedOptions, 'root' | 'lockfile' | 'labels'>,
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
  { prompt: withPrompt }: ResolvedOptions['labels'],
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
