import { DEFAULT_PROVIDER } from '../providers/built-in.ts'
import type { ProviderDefinition } from '../providers/definition.ts'
import type { LineUp } from '../providers/models/line-up.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import type { PlanRow } from './plan.ts'
import { formatPlace } from '../kernel/place.ts'
import type { Declared } from './declared.ts'

/** A picture whose model has moved on, or is about to end. */
export interface Outdated {
  readonly row: PlanRow
  /**
   * - `moved`: its alias stands for another model now.
   * - `ending`: its provider has announced the end of the model that its declaration names.
   */
  readonly why: 'moved' | 'ending'
  /** The model that drew it, or would. */
  readonly model: string
  /** The model that would generate it; for one that ends, its successor. */
  readonly next: string | undefined
  /** The announced end, as a date. */
  readonly shutdown?: string | undefined
}

/** An end that is further away than this many days is nobody's worry yet. */
const NEAR = 90

/**
 * The pinned pictures that could be upgraded. Neither kind is ever changed by itself.
 * @param lineUp The models that declarations may name.
 */
export function findOutdated(
  rows: readonly PlanRow[],
  today: Date,
  lineUp: LineUp = DEFAULT_PROVIDER.catalogue,
): readonly Outdated[] {
  const soon = new Date(today.getTime() + NEAR * 86_400_000).toISOString().slice(0, 10)
  return rows.flatMap((row): Outdated[] => {
    const { entry, state, declared } = row
    const { spec, model } = declared
    if (!entry || entry.adopted !== undefined || state === 'missing') return []
    const isAlias = spec.model !== model.id
    if (isAlias && rowOf(entry.model, lineUp) !== model.id) {
      return [{ row, why: 'moved', model: entry.model, next: model.id }]
    }
    const { shutdown, successor } = model
    if (shutdown === undefined || shutdown > soon) return []
    return [{ row, why: 'ending', model: model.id, next: successor, shutdown }]
  })
}

/**
 * The model of the line-up that an answer names. A server may name a version (`…-image-001`), and the
 * name of one model may begin with that of another.
 */
function rowOf(answered: string, { models, aliases }: LineUp): string {
  const named = [...models.map(({ id }) => id), ...aliases.flatMap(({ candidates }) => candidates)]
  const ids = named.filter((id) => `${answered}-`.startsWith(`${id}-`))
  return ids.toSorted((a, b) => b.length - a.length)[0] ?? answered
}

/** What is no error and yet should be known, a paragraph each. */
export function advise(
  rows: readonly PlanRow[],
  { definition }: Pick<ResolvedOptions, 'definition'>,
  today: Date,
): string[] {
  const missing = rows.filter(({ state }) => state !== 'pinned').map(({ declared }) => declared)
  const day = today.toISOString().slice(0, 10)
  return [adviseStale(rows), ...adviseShutdown(missing, definition, day)].filter(
    (line) => line !== undefined,
  )
}

function adviseStale(rows: readonly PlanRow[]): string | undefined {
  const stale = rows.filter(({ state }) => state === 'stale')
  if (stale.length === 0) return undefined
  const places = stale
    .map(({ declared, entry }) => `\n  ${formatPlace(declared.place)}  drawn ${entry?.created}`)
    .join('')
  return `${stale.length === 1 ? '1 picture is' : `${stale.length} pictures are`} older than "fresh" says; a build in "auto" mode with an API key draws them anew:${places}`
}

/** Providers announce dates, but the server decides; a date is never a reason to refuse. */
function adviseShutdown(
  missing: readonly Declared[],
  { words }: ProviderDefinition,
  today: string,
): string[] {
  const models = new Map(missing.map(({ model }) => [model.id, model]))
  return [...models.values()]
    .filter(({ shutdown }) => shutdown !== undefined && shutdown <= today)
    .map(
      ({ id, shutdown, successor }) =>
        `${words.company} announced the shutdown of ${id} for ${shutdown}; its successor is ${successor}.`,
    )
}
