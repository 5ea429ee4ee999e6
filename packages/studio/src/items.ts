import path from 'node:path'
import type { Plan, PlanRow, Project } from '@gemini-image/core'
import { isInlineId } from '@gemini-image/core/host'
import {
  ADOPTED,
  decisionOn,
  estimateRow,
  formatDollars,
  formatEstimate,
  formatPlace,
  imagesOf,
  isContentFile,
  judgedOf,
  labelOf,
  readDecisions,
  shownId,
  whyMissing,
  type Decision,
  type Judged,
  type WhyMissing,
} from '@gemini-image/core/internal'
import type { Images } from './images.ts'
import type { PictureItem, PictureState } from './protocol.ts'

/** A row of a plan with what the studio says of it. */
export interface Shown {
  readonly row: PlanRow
  readonly item: PictureItem
}

/**
 * Declared pictures: what the source asks for first, in its order, then what nothing asks for.
 * @param wanted Of these rows alone. @default all
 */
export async function toItems(
  plan: Plan,
  project: Project,
  images: Images,
  wanted?: ReadonlySet<PlanRow>,
): Promise<readonly Shown[]> {
  const isWanted = (row: PlanRow): boolean => wanted?.has(row) ?? true
  const rows = plan.rows.filter(isWanted)
  const unusedRows = plan.unusedRows.filter(isWanted)
  const reasons = await whyMissing(project, [...rows, ...unusedRows])
  const decisions = readDecisions(project.options)
  const show = (row: PlanRow, isUnused: boolean): Shown => ({
    row,
    item: toItem(row, {
      project,
      images,
      isUnused,
      why: reasons.get(row.declared.id),
      decisions,
    }),
  })
  return [...rows.map((row) => show(row, false)), ...unusedRows.map((row) => show(row, true))]
}

interface Around {
  readonly project: Project
  readonly images: Images
  readonly isUnused: boolean
  readonly why: WhyMissing | undefined
  readonly decisions: readonly Decision[]
}

function toItem(row: PlanRow, { project, images, isUnused, why, decisions }: Around): PictureItem {
  const { declared, entry, state } = row
  const { id, name, place, spec, pixels, model } = declared
  const own = entry && imagesOf(entry).at(-1)
  const image = own && images.show(own, project)
  return {
    id: shownId(declared),
    fingerprint: declared.fingerprint,
    name,
    label: labelOf(declared),
    place: formatPlace(place),
    folder: folderOf(place.path),
    kind: kindOf(id, place.path),
    state: stateOf(row, why),
    why: why?.text,
    progress: why?.progress,
    isUnused,
    prompt: spec.prompt,
    alt: spec.alt,
    model: entry?.model ?? model.id,
    price: entry ? formatDollars(entry.cost) : formatEstimate(estimateRow(row)),
    image,
    width: image?.width ?? pixels.width,
    height: image?.height ?? pixels.height,
    variants: spec.variants,
    blur: entry?.look?.color,
    decision:
      own && state === 'pinned' ? shownDecision(judgedOf(declared, own), decisions) : undefined,
  }
}

function shownDecision(judged: Judged, decisions: readonly Decision[]): PictureItem['decision'] {
  const found = decisionOn(judged, decisions)
  return found && { verdict: found.verdict, word: found.word, date: found.date }
}

/** The folder of a file, from the root; empty at the root. */
export function folderOf(file: string): string {
  const folder = path.posix.dirname(file)
  return folder === '.' ? '' : folder
}

function stateOf({ state, entry }: PlanRow, why: WhyMissing | undefined): PictureState {
  if (why?.kind === 'generating' || why?.kind === 'pending' || why?.kind === 'refused') {
    return why.kind
  }
  if (state !== 'pinned') return state
  // One that was generated for an earlier request is adopted as well, and a model made it.
  return entry?.model === ADOPTED ? 'adopted' : 'pinned'
}

function kindOf(id: string, file: string): PictureItem['kind'] {
  if (!isInlineId(id)) return 'prompt file'
  if (/\.(?:md|mdx|markdown)$/.test(file)) return 'frontmatter'
  return isContentFile(file) ? 'data file' : 'macro'
}
