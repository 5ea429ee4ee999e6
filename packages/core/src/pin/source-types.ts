import { storedImages, type LockEntry } from './lock-entry.ts'
import type { LockEntries } from './lockfile-text.ts'
import type { SourceType } from '../pixels/labels/xmp/packet.ts'

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
export function objectsOf(entry: LockEntry): string[] {
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
