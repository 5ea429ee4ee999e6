import path from 'node:path'
import {
  estimateSteps,
  formatDollars,
  formatEstimate,
  formatPlace,
  imagesOf,
  variantsOf,
  type HostEngine,
  type LockEntries,
  type PlanRow,
} from '@gemini-image/core'
import { withSlashes } from '../content/with-slashes.ts'
import type { PictureItem, VariantItem } from './protocol.ts'

/** Stored pictures and stand-ins carry 12 digits of what they are. */
const DIGITS = /\.([0-9a-f]{12})\./

/** The pictures of a project that a page shows, by the names of the files that it loads. */
export async function itemsOf(
  engine: HostEngine,
  files: readonly string[],
): Promise<PictureItem[]> {
  const shown = new Set(files.flatMap((file) => DIGITS.exec(file)?.[1] ?? []))
  const [{ rows }, entries] = await Promise.all([engine.plan(), engine.pinned()])
  return rows.filter((row) => isShown(row, shown)).map((row) => toItem(row, entries, engine))
}

function isShown({ declared, entry }: PlanRow, shown: ReadonlySet<string>): boolean {
  const objects = entry ? imagesOf(entry).map(({ object }) => object) : []
  return [...objects, declared.fingerprint].some((hash) => shown.has(hash.slice(0, 12)))
}

function toItem(row: PlanRow, entries: LockEntries, engine: HostEngine): PictureItem {
  const { declared, entry, estimate, state } = row
  const { place, spec } = declared
  const isThere = state !== 'missing' && entry !== undefined
  return {
    id: declared.id,
    name: declared.name,
    prompt: spec.prompt,
    alt: spec.alt,
    model: isThere ? entry.model : declared.model.id,
    state,
    price: isThere ? formatDollars(entry.cost) : formatEstimate(estimate),
    redrawPrice: formatEstimate(estimateSteps([declared])),
    place: formatPlace(place),
    location: `${place.file}:${place.line}:${place.column}`,
    src: isThere ? addressOf(entry.file, engine) : undefined,
    variants: variantsIn(row, entries, engine),
  }
}

function variantsIn(
  { declared }: PlanRow,
  entries: LockEntries,
  engine: HostEngine,
): readonly VariantItem[] {
  if (declared.spec.variants < 2) return []
  const references = declared.result.request.references ?? []
  return variantsOf(declared, references).map(({ variant, fingerprint }) => {
    const entry = entries.get(fingerprint)
    const src = entry && addressOf(entry.file, engine)
    return { number: variant, isPicked: declared.spec.pick === variant, src }
  })
}

/** How a dev server hands out a file of the project. */
function addressOf(file: string, { options }: HostEngine): string {
  return `/@fs/${withSlashes(path.join(options.storeDir, file)).replace(/^\//, '')}`
}
