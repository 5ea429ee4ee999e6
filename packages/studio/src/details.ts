import path from 'node:path'
import type { Plan, PlanRow, Project } from '@gemini-image/core'
import {
  chainOf,
  estimateSteps,
  formatDollars,
  formatEstimate,
  history,
  imagesOf,
  inspectImage,
  labelOf,
  planDrafts,
  shownBy,
  shownId,
  stepsOf,
  variantsOf,
  type Declared,
  type Estimate,
  type LockEntry,
  type PastPicture,
} from '@gemini-image/core/internal'
import { abilitiesOf } from './abilities.ts'
import type { Images } from './images.ts'
import type { Shown } from './items.ts'
import type {
  Choice,
  FormerPicture,
  PictureDetails,
  ShownImage,
  ShownReference,
} from './protocol.ts'
import { usedIn } from './used-in.ts'

/** All that the page shows of one picture. */
export async function toDetails(
  { row, item }: Shown,
  plan: Plan,
  project: Project,
  images: Images,
): Promise<PictureDetails> {
  const { declared, entry } = row
  const imageOf = (one: LockEntry | undefined): ShownImage | undefined => {
    const own = one && imagesOf(one).at(-1)
    return own && images.show(own, project)
  }
  const past = await history(project, declared.id, plan)
  return {
    ...item,
    turns: turnsOf(declared, (fingerprint) => imageOf(plan.pinned.get(fingerprint))),
    settings: settingsOf(declared, plan),
    choices: choicesOf(declared, (fingerprint) => imageOf(plan.pinned.get(fingerprint))),
    former: past.filter(({ isCurrent }) => !isCurrent).map((one) => toFormer(one, project, images)),
    references: await referencesOf(declared, plan, images, imageOf),
    referredBy: referredBy(declared, plan),
    usedIn: usedIn(declared, plan, project.options.root),
    againPrice: formatEstimate(estimateSteps(stepsOf(declared))),
    turnPrice: formatEstimate(estimateSteps([declared.result])),
    altPrice: formatEstimate(await estimateAlt(declared, project)),
    created: entry?.created,
    can: abilitiesOf(row, project),
  }
}

/** What a model may take to describe a picture. */
async function estimateAlt({ id, spec }: Declared, project: Project): Promise<Estimate> {
  const [model] = project.options.definition.catalogue.textModels
  if (!model || spec.alt !== undefined) return { least: 0, most: 0 }
  return (await planDrafts(project, [id], { model })).estimate
}

type ImageOf = (fingerprint: string) => ShownImage | undefined

function turnsOf({ result, spec }: Declared, imageOf: ImageOf): PictureDetails['turns'] {
  const steps = chainOf(result).slice(-spec.turns.length)
  return spec.turns.map(({ prompt }, index) => {
    const step = steps[index]
    return { prompt, image: step && imageOf(step.fingerprint) }
  })
}

function choicesOf(declared: Declared, imageOf: ImageOf): readonly Choice[] {
  const { variants, pick = 1 } = declared.spec
  if (variants < 2) return []
  return variantsOf(declared, shownBy(declared.result.request)).map(({ variant, fingerprint }) => ({
    number: variant,
    isPicked: pick === variant,
    image: imageOf(fingerprint),
  }))
}

function settingsOf({ id }: Declared, { declarations }: Plan): PictureDetails['settings'] {
  const { settings } = declarations.read(id)
  return Object.fromEntries([...settings].map(([key, { value }]) => [key, value]))
}

function toFormer(
  { object, file, width, height, model, created, cost, prompt, isStored }: PastPicture,
  project: Project,
  images: Images,
): FormerPicture {
  const stored = { object, file: path.basename(file), width, height }
  return {
    key: object,
    image: images.show(stored, project),
    model,
    created,
    price: formatDollars(cost),
    prompt,
    whyNot: isStored ? undefined : 'Its file is not in the store.',
  }
}

async function referencesOf(
  { spec, references, refersTo }: Declared,
  { pinned }: Plan,
  images: Images,
  imageOf: (entry: LockEntry | undefined) => ShownImage | undefined,
): Promise<readonly ShownReference[]> {
  const known = new Map(refersTo.map((other) => [other.id, other]))
  const shown = spec.references.map(async ({ target, label }, index) => {
    const other = known.get(target)
    if (other) {
      const image = imageOf(pinned.get(other.fingerprint))
      return { label: label ?? labelOf(other), id: shownId(other), image }
    }
    const reference = references[index]
    const image = reference && (await showReference(reference, images))
    return { label: label ?? path.basename(target), id: undefined, image }
  })
  return Promise.all(shown)
}

async function showReference(
  { sha256, bytes }: Declared['references'][number],
  images: Images,
): Promise<ShownImage | undefined> {
  const facts = await bytes().then(inspectImage, () => undefined)
  if (!facts) return undefined
  images.showOther(sha256, bytes)
  return { key: sha256, width: facts.width, height: facts.height }
}

function referredBy(declared: Declared, plan: Plan): PictureDetails['referredBy'] {
  const all: readonly PlanRow[] = [...plan.rows, ...plan.unusedRows]
  return all
    .filter((row) => row.declared.refersTo.some(({ id }) => id === declared.id))
    .map((row) => ({ id: shownId(row.declared), label: labelOf(row.declared) }))
}
