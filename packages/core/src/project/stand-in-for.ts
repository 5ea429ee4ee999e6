import {
  fileOfId,
  isInlineId,
  type Declaration,
  type DeclarationId,
} from '../declare/declaration.ts'
import { selectionsOf } from '../declare/sets.ts'
import type { StandIn } from '../pictures/stand-in.ts'
import { storedImages, type LockEntry } from '../pin/lock-entry.ts'
import type { Declarations } from '../plan/declarations.ts'
import type { Declared } from '../plan/declared.ts'
import { formerOf, sharesFile } from '../plan/explain.ts'
import { pictureOf } from '../plan/pinned-state.ts'
import type { PlanRow } from '../plan/plan.ts'
import { planOf } from './plan.ts'
import type { Project } from './project.ts'
import { callFor, whyMissing, type WhyMissing } from './why-missing.ts'

/** A declaration as it stands now. */
export interface Found {
  readonly declarations: Declarations
  readonly declared: Declared
  readonly row: PlanRow
  /** What is pinned for it, if its objects are there and sound. */
  readonly entry: LockEntry | undefined
}

/**
 * Why people see something in the place of pictures, by id; none for those whose picture they see.
 * @param inline As in `preview`.
 */
export async function whyShown(
  project: Project,
  ids: readonly DeclarationId[],
  inline?: ReadonlyMap<DeclarationId, Declaration>,
): Promise<ReadonlyMap<DeclarationId, WhyMissing>> {
  const { rows, declarations } = await planOf(project, ids, inline)
  const isShown = ({ declared }: PlanRow): boolean =>
    pictureOf(declared.result, declarations.pinnedState) !== undefined &&
    !callFor(declared, project)
  return whyMissing(
    project,
    rows.filter((row) => !isShown(row)),
  )
}

/** What people see in the place of a picture now; `undefined` where they see the picture itself. */
export async function standInFor(
  project: Project,
  found: Found,
  inline: ReadonlyMap<DeclarationId, Declaration> = new Map(),
): Promise<StandIn | undefined> {
  const { declared, entry, row } = found
  if (entry && !callFor(declared, project)) return undefined
  const reason = (await whyMissing(project, [row])).get(declared.id)
  if (!reason) return undefined
  // Whoever asks while a call is under way is told the same.
  const why = reason.progress ? { ...reason, text: reason.label } : reason
  const former = isOnItsWay(why) ? (entry ?? (await formerIn(found, inline))) : undefined
  return { why, former: former && (await isThere(project, former)) ? former : undefined }
}

function isOnItsWay({ kind }: WhyMissing): boolean {
  return kind === 'generating' || kind === 'waiting'
}

/** The picture before an edit. */
async function formerIn(
  { declared, declarations }: Found,
  inline: ReadonlyMap<DeclarationId, Declaration>,
): Promise<LockEntry | undefined> {
  const { entries } = declarations.pinnedState.lock
  const former = formerOf(declared, entries)
  if (!former || !sharesFile(declared)) return former?.entry
  // What the others of its file show was never this picture.
  const others = await Promise.allSettled(
    beside(declared.id, declarations, inline).map((id) => declarations.declare(id)),
  )
  const known = others.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
  return formerOf(declared, entries, known)?.entry
}

/** What else its file declares. */
function beside(
  id: DeclarationId,
  declarations: Declarations,
  inline: ReadonlyMap<DeclarationId, Declaration>,
): readonly DeclarationId[] {
  const file = fileOfId(id)
  const all = isInlineId(id)
    ? [...inline.keys()].filter((one) => fileOfId(one) === file)
    : selectionsOf(declarations.read(file)).map((selection) => file + selection)
  return all.filter((one) => one !== id)
}

/** What is lost or corrupt is told where it is asked for; here it is not worth an error. */
async function isThere({ store }: Project, entry: LockEntry): Promise<boolean> {
  const checks = storedImages(entry).map((image) => store.verify(image))
  const states = await Promise.all(checks).catch(() => [])
  return states.length > 0 && states.every((state) => state === 'sound')
}
