import { formatPlace } from '../kernel/place.ts'
import type { Declared } from './declared.ts'
import type { PlanRow } from './plan.ts'

/** What is no error and yet should be known, a paragraph each. */
export function advise(rows: readonly PlanRow[], today: Date): string[] {
  const missing = rows.filter(({ state }) => state !== 'cached').map(({ declared }) => declared)
  return [adviseStale(rows), ...adviseShutdown(missing, today.toISOString().slice(0, 10))].filter(
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

/** Google announces dates, but the server decides; a date is never a reason to refuse. */
function adviseShutdown(missing: readonly Declared[], today: string): string[] {
  const models = new Map(missing.map(({ model }) => [model.id, model]))
  return [...models.values()]
    .filter(({ shutdown }) => shutdown !== undefined && shutdown <= today)
    .map(
      ({ id, shutdown, successor }) =>
        `Google announced the shutdown of ${id} for ${shutdown}; its successor is ${successor}.`,
    )
}
