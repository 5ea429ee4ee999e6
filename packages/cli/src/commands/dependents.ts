import { plan, type Plan, type PlanRow, type Project } from '@gemini-image/core'
import { history, labelOf, type Declared } from '@gemini-image/core/internal'

/** Says how to go back to what a picture was; empty where that was not kept. */
export async function tellWayBack(
  { declared, entry: before }: PlanRow,
  project: Project,
  now: Plan,
): Promise<string> {
  if (!before) return ''
  const past = await history(project, declared.id, now)
  const { number = 0 } = past.find(({ object }) => object === before.object) ?? {}
  return number === 0 ? '' : `To go back: npx gemini-image pick ${declared.name} --former ${number}`
}

/** The declarations that refer to these pictures, also by way of others, without these themselves. */
export function dependentsOf(rows: readonly PlanRow[], { rows: all }: Plan): readonly Declared[] {
  const ids = new Set(rows.map(({ declared }) => declared.id))
  const found: Declared[] = []
  for (const id of ids) {
    for (const { declared } of all) {
      const refers = declared.spec.references.some(({ target }) => target === id)
      if (!refers || ids.has(declared.id)) continue
      ids.add(declared.id)
      found.push(declared)
    }
  }
  return found
}

/** Which of these are missing by now, for people. */
export async function missingNow(
  affected: readonly Declared[],
  project: Project,
): Promise<readonly string[]> {
  if (affected.length === 0) return []
  const { rows } = await plan(project)
  const missing = rows.filter(({ state }) => state === 'missing')
  const ids = new Set(missing.map(({ declared }) => declared.id))
  return affected.filter(({ id }) => ids.has(id)).map(labelOf)
}

/** Says which pictures are missing because what they refer to is another picture now; empty where none is. */
export function tellDependents(missing: readonly string[]): string {
  const { length } = missing
  if (length === 0) return ''
  const noun = length === 1 ? 'picture that refers' : 'pictures that refer'
  const [are, them] = length === 1 ? ['is', 'it'] : ['are', 'them']
  const list = missing.map((one) => `  ${one}`).join('\n')
  return `${length} ${noun} to what was drawn anew ${are} missing now; "npx gemini-image generate" draws ${them}:\n${list}`
}
