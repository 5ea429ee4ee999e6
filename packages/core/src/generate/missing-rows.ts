import type { DeclarationId } from '../declare/declaration.ts'
import type { ReferenceSpec } from '../declare/reference.ts'
import { oursOrThrow, valuesOf } from '../kernel/errors/error.ts'
import type { Declarations } from '../plan/declarations.ts'
import type { Declared } from '../plan/declared.ts'
import { toRow, type PlanRow, type PlanContext } from '../plan/plan.ts'

/** What is missing of declarations and of those that they wait for, each once. */
export async function missingRows(
  ids: readonly DeclarationId[],
  declarations: Declarations,
): Promise<readonly PlanRow[]> {
  const reached = new Set<Declared>()
  for (const id of ids) reached.add(await declarations.declare(id))
  // A set goes on to what is added while it is walked through.
  for (const { waitsFor } of reached) for (const other of waitsFor) reached.add(other)
  const rows = [...reached].map((declared) => toRow(declared, declarations.pinnedState))
  return rows.filter(({ state }) => state !== 'pinned')
}

/** Fetches and pins the remote images that are new, and says whether there were any. */
export async function pinRemotes(
  rows: readonly PlanRow[],
  { remotes, lockfile }: Pick<PlanContext, 'remotes' | 'lockfile'>,
): Promise<boolean> {
  const specs = rows.flatMap(({ declared }) => declared.waitsForRemotes)
  const unique = [...new Map(specs.map((spec) => [spec.target, spec])).values()]
  const pin = async ({ target, place }: ReferenceSpec): Promise<void> => {
    try {
      await lockfile.pin(target, await remotes.fetch(target))
    } catch (error) {
      throw oursOrThrow(error).at(place)
    }
  }
  return valuesOf(await Promise.allSettled(unique.map(pin))).length > 0
}
