import { storedImages, type LockEntry } from './lock-entry.ts'
import type { LockEntries } from './lockfile-text.ts'
import type { SourceType, LabelFacts } from '../pixels/labels/xmp/packet.ts'
import { openLockfile, type Lockfile } from './lockfile.ts'

/**
 * The source type of every object that a lockfile pins, by SHA-256 in hex.
 *
 * A picture is a composite when it was drawn from an image that is no generated object, or from a
 * composite. A reference for style only shows up in no picture, and turns change what the model
 * itself has drawn. An entry that does not say what was asked counts as drawn by the model alone.
 */
export function sourceTypes(entries: Iterable<LockEntry>): ReadonlyMap<string, SourceType> {
  const drawn = [...entries].map((entry) => ({ objects: objectsOf(entry), shown: shownBy(entry) }))
  const types = new Map<string, SourceType>(
    drawn.flatMap(({ objects }) =>
      objects.map((object) => [object, 'trainedAlgorithmicMedia'] as const),
    ),
  )
  /** Image → the objects of the pictures that show it. */
  const users = new Map<string, string[]>()
  for (const { objects, shown } of drawn) {
    for (const image of shown) {
      const known = users.get(image)
      if (known) known.push(...objects)
      else users.set(image, [...objects])
    }
  }
  const open = [...users.keys()].filter((image) => !types.has(image))
  for (const image of open) {
    for (const object of users.get(image) ?? []) {
      if (types.get(object) === 'compositeWithTrainedAlgorithmicMedia') continue
      types.set(object, 'compositeWithTrainedAlgorithmicMedia')
      open.push(object)
    }
  }
  return types
}

/**
 * The source type of a picture by what was asked for, whether it is pinned yet or not.
 * @param typesOf Gives those of all that is pinned.
 */
export function sourceTypeOf(
  { request }: Pick<LockEntry, 'request'>,
  entries: LockEntries,
  typesOf: TypesOf = (all) => sourceTypes(all.values()),
): SourceType {
  const shown = shownBy({ request })
  if (shown.length === 0) return 'trainedAlgorithmicMedia'
  const types = typesOf(entries)
  return shown.every((image) => types.get(image) === 'trainedAlgorithmicMedia')
    ? 'trainedAlgorithmicMedia'
    : 'compositeWithTrainedAlgorithmicMedia'
}

/** Gives the source type of every object that is pinned. */
export type TypesOf = (entries: LockEntries) => ReadonlyMap<string, SourceType>

/** The same, worked out once for each state of a lockfile. */
export function rememberTypes(): TypesOf {
  let known: { entries: LockEntries; types: ReadonlyMap<string, SourceType> } | undefined
  return (entries) => {
    if (known?.entries !== entries) known = { entries, types: sourceTypes(entries.values()) }
    return known.types
  }
}

/** SHA-256 of every picture of an entry, in hex. */
function objectsOf(entry: LockEntry): string[] {
  return [...new Set(storedImages(entry).map(({ object }) => object))]
}

/** SHA-256 of the references that may show up in the picture. What is not of the known shape is passed over. */
function shownBy({ request }: Pick<LockEntry, 'request'>): string[] {
  const references: unknown = request?.['references']
  if (!Array.isArray(references)) return []
  return references.flatMap((reference: unknown) => {
    const { sha256, as } = Object(reference) as { sha256?: unknown; as?: unknown }
    return typeof sha256 === 'string' && as !== 'style' ? [sha256] : []
  })
}

/** Object → what its label says, as the lockfile stands. */
interface Labels {
  /**
   * All of them, by SHA-256 in hex. Reads the lockfile again only when it has changed.
   * @throws {GeminiImageError} `CORRUPT_LOCKFILE`.
   */
  read(): Promise<ReadonlyMap<string, LabelFacts>>
}

/** What labels say beyond the digital source type, the model and the date. */
interface LabelSettings {
  readonly prompt: boolean
}

interface LabelledProject {
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
