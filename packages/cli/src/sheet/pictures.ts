import type { GeminiImageError, Plan, PlanRow } from '@gemini-image/core'
import {
  formatPlace,
  imagesOf,
  whyWithheld,
  type Declared,
  type Estimate,
  type LockEntries,
  type LockEntry,
  type Step,
  type StoredImage,
  type Withheld,
} from '@gemini-image/core/internal'

/**
 * How a picture of the sheet stands. `lost`: pinned, and its object is not in the store. `broken`: its
 * declaration or its object has a mistake.
 */
export type SheetState =
  | 'broken'
  | 'lost'
  | 'missing'
  | 'pending'
  | 'refused'
  | 'stale'
  | 'pinned'
  | 'unused'

/** A stored picture, with what tells it from others of the same declaration. */
export interface SheetImage {
  readonly image: StoredImage
  /** `variant 2`; empty for the picture that the site shows. */
  readonly label: string
}

/** A picture of the sheet, before anything of it was read from the store. */
export interface SheetPicture {
  readonly state: SheetState
  readonly name: string
  /** `src/hero.prompt.md:5:1`; `undefined` where nothing declares it. */
  readonly place: string | undefined
  /** What was asked for, turns included; `undefined` where it is not known. */
  readonly prompt: string | undefined
  readonly model: string | undefined
  /** `16:9 1K`. */
  readonly asked: string | undefined
  /** US dollars. */
  readonly paid: number | undefined
  /** US dollars. */
  readonly estimate: Estimate | undefined
  /** Alternative text, or that there is none; `undefined` where nothing declares the picture. */
  readonly alt:
    | { readonly text: string | undefined; readonly draft: string | undefined }
    | undefined
  /** The picture itself first. */
  readonly images: readonly SheetImage[]
  /** What is wrong with it. */
  readonly problem: string | undefined
}

const UNKNOWN = {
  place: undefined,
  prompt: undefined,
  model: undefined,
  asked: undefined,
  paid: undefined,
  estimate: undefined,
  alt: undefined,
  images: [],
  problem: undefined,
} as const

/**
 * All pictures of a project: what is broken, what is declared, and in the end what nothing uses.
 * @param withheld What no live call is made for.
 */
export function sheetPictures(
  plan: Plan,
  pinned: LockEntries,
  withheld: Withheld,
): readonly SheetPicture[] {
  return [
    ...[...plan.problems, ...plan.unusedProblems].map(fromProblem),
    ...plan.rows.map((row) => fromRow(row, stateOf(row, withheld), pinned)),
    ...plan.unusedRows.map((row) => fromRow(row, 'unused', pinned)),
    ...[...plan.unusedEntries.values()].map(fromEntry),
  ]
}

function stateOf(row: PlanRow, withheld: Withheld): SheetState {
  const { state, entry } = row
  if (state === 'cached') return 'pinned'
  return whyWithheld(row, withheld) ?? (state === 'missing' && entry ? 'lost' : state)
}

function fromProblem({ message, place }: GeminiImageError): SheetPicture {
  return {
    ...UNKNOWN,
    state: 'broken',
    name: place?.path ?? 'A declaration',
    place: place && formatPlace(place),
    problem: message,
  }
}

function fromRow(
  { declared, entry, missing, estimate }: PlanRow,
  state: SheetState,
  pinned: LockEntries,
): SheetPicture {
  const { spec, place, model } = declared
  return {
    state,
    name: declared.name,
    place: formatPlace(place),
    prompt: [spec.prompt, ...spec.turns.map(({ prompt }) => prompt)].join('\n\n'),
    model: entry?.model ?? model.id,
    asked: `${spec.aspectRatio} ${spec.size}`,
    paid: entry?.adopted === undefined ? entry?.cost : undefined,
    estimate: missing.length > 0 ? estimate : undefined,
    alt: { text: spec.alt, draft: spec.altDraft },
    images: [
      ...(entry ? ofEntry(entry, '') : []),
      ...others(declared, pinned),
      ...formerOnes(entry),
    ],
    problem: undefined,
  }
}

function fromEntry(entry: LockEntry): SheetPicture {
  const prompt = (entry.request as { readonly prompt?: unknown } | undefined)?.prompt
  return {
    ...UNKNOWN,
    state: 'unused',
    name: entry.file,
    ...(typeof prompt === 'string' && { prompt }),
    model: entry.model,
    paid: entry.adopted === undefined ? entry.cost : undefined,
    images: ofEntry(entry, ''),
  }
}

/** The last picture of an answer is the result. */
function ofEntry(entry: LockEntry, label: string): readonly SheetImage[] {
  const images = imagesOf(entry).toReversed()
  return images.map((image, index) => ({
    image,
    label:
      index === 0 ? label : [label, `picture ${images.length - index}`].filter(Boolean).join(', '),
  }))
}

/** What was there before a person asked for another one. */
function formerOnes(entry: LockEntry | undefined): readonly SheetImage[] {
  return (entry?.former ?? []).flatMap((one, index) => ofEntry(one, `former ${index + 1}`))
}

/** What else was drawn: variants to choose from, and what turns have changed. */
function others({ variants, result }: Declared, pinned: LockEntries): readonly SheetImage[] {
  const steps = new Set<Step>(variants)
  for (let step = result.after; step; step = step.after) steps.add(step)
  steps.delete(result)
  return [...steps].flatMap(({ fingerprint, label }) => {
    const entry = pinned.get(fingerprint)
    return entry ? ofEntry(entry, label || 'first step') : []
  })
}
