import path from 'node:path'
import type { Plan, PlanRow } from '@gemini-image/core'
import {
  estimateSteps,
  stepsOf,
  formatDollars,
  formatEstimate,
  formatPlace,
  imagesOf,
  shownBy,
  variantsOf,
  type LockEntries,
  type LockEntry,
} from '@gemini-image/core/internal'
import { withSlashes } from '../content/with-slashes.ts'
import type { PictureItem, VariantItem } from './protocol.ts'

/** Stored pictures and stand-ins carry 12 digits of what they are. */
const DIGITS = /\.([0-9a-f]{12})\./

/** The pictures of a project that a page shows, by the names of the files that it loads. */
export function itemsOf(
  { rows, pinned }: Plan,
  storeDir: string,
  files: readonly string[],
): PictureItem[] {
  const shown = new Set(files.flatMap((file) => DIGITS.exec(file)?.[1] ?? []))
  return rows.filter((row) => isShown(row, shown)).map((row) => toItem(row, pinned, storeDir))
}

function isShown({ declared, entry }: PlanRow, shown: ReadonlySet<string>): boolean {
  const objects = entry ? imagesOf(entry).map(({ object }) => object) : []
  return [...objects, declared.fingerprint].some((hash) => shown.has(hash.slice(0, 12)))
}

function toItem(row: PlanRow, entries: LockEntries, storeDir: string): PictureItem {
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
    price: isThere ? paidFor(entry) : formatEstimate(estimate),
    redrawPrice: formatEstimate(estimateSteps(stepsOf(declared))),
    place: formatPlace(place),
    location: `${place.file}:${place.line}:${place.column}`,
    src: isThere ? addressOf(entry.file, storeDir) : undefined,
    variants: variantsIn(row, entries, storeDir),
  }
}

function paidFor({ cost, adopted }: LockEntry): string {
  return adopted === undefined ? formatDollars(cost) : 'adopted'
}

function variantsIn(
  { declared }: PlanRow,
  entries: LockEntries,
  storeDir: string,
): readonly VariantItem[] {
  if (declared.spec.variants < 2) return []
  const references = shownBy(declared.result.request)
  return variantsOf(declared, references).map(({ variant, fingerprint }) => {
    const entry = entries.get(fingerprint)
    const src = entry && addressOf(entry.file, storeDir)
    return { number: variant, isPicked: declared.spec.pick === variant, src }
  })
}

/** How a dev server hands out a file of the project. */
function addressOf(file: string, storeDir: string): string {
  return `/@fs/${withSlashes(path.join(storeDir, file)).replace(/^\//, '')}`
}
