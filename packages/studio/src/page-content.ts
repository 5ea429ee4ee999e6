import path from 'node:path'
import type { Plan, PlanRow, Project } from '@gemini-image/core'
import {
  formatDollars,
  promptOf,
  type LockEntry,
  type StoredImage,
} from '@gemini-image/core/internal'
import { toDetails } from './details.ts'
import type { Images } from './images.ts'
import { folderOf, toItems } from './items.ts'
import type { PictureChange, PictureDetails, ShownImage } from './protocol.ts'

/** A picture of another commit. */
export interface FormerFile {
  readonly image: StoredImage
  /** Its bytes; or, in a sentence, why they are not to be had. */
  read(): Promise<Uint8Array | string>
}

/** What has become of a declaration's picture. */
export interface ShownChange extends Pick<PictureChange, 'kind' | 'words'> {
  readonly before: FormerFile | undefined
}

/** A picture that nothing declares any more. */
export interface GonePicture {
  /** As people name what declared it; of a picture that nobody knows more of, its file. */
  readonly label: string
  readonly entry: LockEntry
  readonly change: ShownChange | undefined
}

/** All that is shown of declared pictures, in their order. @param changes By id, where there are any. */
export async function detailsOfRows(
  rows: readonly PlanRow[],
  { plan, project, images }: { plan: Plan; project: Project; images: Images },
  changes: ReadonlyMap<string, ShownChange>,
): Promise<readonly PictureDetails[]> {
  const all: PictureDetails[] = []
  for (const shown of await toItems(plan, project, images, new Set(rows))) {
    const details = await toDetails(shown, plan, project, images)
    const change = changes.get(shown.row.declared.id)
    all.push(change ? await changed(details, change, images) : details)
  }
  return all.map(withoutMachine)
}

/** What this machine lacks says nothing to whoever reads the page elsewhere, and nothing can be done there. */
function withoutMachine(details: PictureDetails): PictureDetails {
  const why = details.state === 'missing' ? undefined : details.why
  return { ...details, why, can: unable('This page was written down once.') }
}

function unable(why: string): PictureDetails['can'] {
  return { generate: why, edit: why, pick: why, adopt: why, delete: why }
}

/** What a branch had before is what it is compared with; what came in between is nobody's business. */
async function changed(
  details: PictureDetails,
  { before, ...change }: ShownChange,
  images: Images,
): Promise<PictureDetails> {
  return { ...details, former: [], change: { ...change, ...(await showBefore(before, images)) } }
}

/** A picture that nothing declares, with what the lockfile knows of it. */
export async function detailsOfGone(
  { label, entry, change }: GonePicture,
  project: Project,
  images: Images,
): Promise<PictureDetails> {
  const shown = await showBefore(change?.before, images)
  const image = change ? shown.before : images.show(entry, project)
  const [name = label] = path.basename(label).split('.')
  return {
    ...NOTHING,
    id: label,
    fingerprint: '',
    name,
    label,
    place: label,
    folder: folderOf(label),
    prompt: promptOf(entry) ?? '',
    model: entry.model,
    price: formatDollars(entry.cost),
    image,
    width: entry.width,
    height: entry.height,
    created: entry.created,
    blur: entry.look?.color,
    can: unable('Nothing declares it any more.'),
    ...(change && { change: { kind: change.kind, words: change.words, ...shown } }),
  }
}

const NOTHING = {
  kind: 'prompt file',
  state: 'removed',
  isUnused: false,
  alt: undefined,
  variants: 1,
  turns: [],
  settings: {},
  choices: [],
  former: [],
  references: [],
  referredBy: [],
  usedIn: [],
  againPrice: '',
  turnPrice: '',
  altPrice: '',
} as const satisfies Partial<PictureDetails>

async function showBefore(
  before: FormerFile | undefined,
  images: Images,
): Promise<Pick<PictureChange, 'before' | 'whyNotBefore'>> {
  if (!before) return { before: undefined }
  const bytes = await before.read()
  if (typeof bytes === 'string') return { before: undefined, whyNotBefore: bytes }
  const { object, width, height } = before.image
  images.showOther(object, async () => bytes)
  const shown: ShownImage = { key: object, width, height }
  return { before: shown }
}
