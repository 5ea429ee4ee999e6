import { selectionOfId, type DeclarationId, type Declaration } from '../declare/declaration.ts'
import { selectsSheet, type Sheet } from '../declare/sheets.ts'
import { joinErrors, oursOrThrow, type GeminiImageError } from '../kernel/errors/error.ts'
import { Declarations } from '../plan/declarations.ts'
import type { Declared } from '../plan/declared.ts'
import { LostImages } from '../plan/lost-images.ts'
import { makePlan, readPinnedState, toRow, type Plan, type Selection } from '../plan/plan.ts'
import { withTeam } from '../team/team-store.ts'
import type { Project } from './project.ts'

/**
 * Holds what the source declares against the lockfile. Spends nothing, writes nothing.
 * @example
 * ```ts
 * const { rows } = await plan(project)
 * const missing = rows.filter(({ state }) => state === 'missing')
 * ```
 * @throws {GeminiImageError} `CORRUPT_LOCKFILE`.
 */
export function plan(project: Project): Promise<Plan> {
  return withTeam(project.team, () => makePlan(project, 'look'))
}

/**
 * Plans, and fetches the pinned pictures that are lost here from the shared store.
 * @throws {GeminiImageError} `CORRUPT_LOCKFILE`, `CORRUPT_OBJECT` or what the store throws.
 */
export async function fetchPlan(project: Project): Promise<Plan> {
  const made = await withTeam(project.team, () => makePlan(project, 'fetch'))
  if (made.unreached.length > 0) throw joinErrors(made.unreached)
  return made
}

/**
 * Plans the pictures of all prompt files, whether something asks for them or not, and no others. What is lost here is
 * fetched as in {@link fetchPlan}; {@link preparePlan} tells what could not be reached.
 * @throws {GeminiImageError} `CORRUPT_LOCKFILE`.
 */
export function planPromptFiles(project: Project): Promise<Plan> {
  return withTeam(project.team, () => makePlan(project, 'fetch', 'prompt files'))
}

/** Some declarations as they stand now, and what is wrong with others. */
interface PartialPlan extends Selection {
  readonly problems: readonly GeminiImageError[]
}

/**
 * Plans single declarations, without a scan. Pinned pictures that are lost here are fetched from the shared store.
 * @param written Declarations that were read already, by id.
 * @throws {GeminiImageError} `CORRUPT_LOCKFILE`, or what the store throws.
 */
export function planOf(
  project: Project,
  ids: readonly DeclarationId[],
  written: ReadonlyMap<DeclarationId, Declaration> = new Map(),
): Promise<PartialPlan> {
  return withTeam(project.team, async () => {
    const lost = project.team && new LostImages(project.team, 'fetch')
    let declarations = new Declarations(project, await readPinnedState(project))
    for (;;) {
      const found = await planWith(declarations, ids, written)
      const all = found.rows.flatMap(({ declared }) => [declared, ...declared.waitsFor])
      const rows = all.map((declared) => toRow(declared, declarations.pinnedState))
      const reached = await lost?.find(rows, declarations.pinnedState)
      if (reached && reached.problems.length > 0 && project.options.mode !== 'placeholder') {
        throw joinErrors(reached.problems)
      }
      if (!reached || reached.found.length === 0) return found
      declarations = declarations.at(await readPinnedState(project))
    }
  })
}

/**
 * The pictures that the id of a sheet means, as its file stands now; `undefined` for that of a picture.
 * @throws {GeminiImageError} what is wrong with the file.
 */
export async function sheetOf(project: Project, id: DeclarationId): Promise<Sheet | undefined> {
  if (!selectsSheet(selectionOfId(id))) return undefined
  return new Declarations(project, await readPinnedState(project)).sheetOf(id)
}

async function planWith(
  declarations: Declarations,
  ids: readonly DeclarationId[],
  written: ReadonlyMap<DeclarationId, Declaration>,
): Promise<PartialPlan> {
  const read = async (id: DeclarationId): Promise<Declared> => {
    const known = written.get(id)
    if (known) declarations.validate(id, known)
    return declarations.declare(id)
  }
  const single = ids.flatMap((id) =>
    selectsSheet(selectionOfId(id)) ? declarations.sheetOf(id).pictures.map((one) => one.id) : id,
  )
  const outcomes = await Promise.allSettled([...new Set(single)].map(read))
  const problems: GeminiImageError[] = []
  const rows = outcomes.flatMap((outcome) => {
    if (outcome.status === 'fulfilled') return toRow(outcome.value, declarations.pinnedState)
    problems.push(oursOrThrow(outcome.reason))
    return []
  })
  return { rows, declarations, problems }
}
