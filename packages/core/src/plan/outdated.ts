import { BUILT_IN, type LineUp } from '../providers/models/line-up.ts'
import type { PlanRow } from './plan.ts'

/** A picture whose model has moved on, or is about to end. */
export interface Outdated {
  readonly row: PlanRow
  /**
   * - `moved`: its alias stands for another model now.
   * - `ending`: Google has announced the end of the model that its declaration names.
   */
  readonly why: 'moved' | 'ending'
  /** The model that drew it, or would. */
  readonly model: string
  /** The model that would draw it; for one that ends, its successor. */
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
  lineUp: LineUp = BUILT_IN,
): readonly Outdated[] {
  const soon = new Date(today.getTime() + NEAR * 86_400_000).toISOString().slice(0, 10)
  return rows.flatMap((row): Outdated[] => {
    const { entry, state, declared } = row
    const { spec, model } = declared
    if (!entry || state === 'missing') return []
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
 * The model of the line-up that an answer names. Google may name a version (`…-image-001`), and the
 * name of one model may begin with that of another.
 */
function rowOf(answered: string, { models, aliases }: LineUp): string {
  const named = [...models.map(({ id }) => id), ...aliases.flatMap(({ candidates }) => candidates)]
  const ids = named.filter((id) => `${answered}-`.startsWith(`${id}-`))
  return ids.toSorted((a, b) => b.length - a.length)[0] ?? answered
}
