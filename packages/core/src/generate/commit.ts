import type { AnswerPart, Grounding, ProviderResult, ResultPart } from '../providers/provider.ts'
import {
  type BlurPreview,
  type Pixels,
  extensionOf,
  extensionOfBytes,
  inspectImage,
  type ImageFacts,
} from '../pixels/image.ts'
import path from 'node:path'
import { formatPlace } from '../kernel/place.ts'
import { GeminiImageError } from '../kernel/errors/error.ts'
import { promptOf, sourceTypeOf } from '../pin/labels.ts'
import { withLabel } from '../pixels/labels/file-label.ts'
import type { LabelFacts, SourceType } from '../pixels/labels/xmp/packet.ts'
import {
  inPlaceOf,
  withFormer,
  lockEntrySchema,
  storedImages,
  type LockEntry,
  type StoredImage,
} from '../pin/lock-entry.ts'
import { openFiles } from '../kernel/files/files.ts'
import type { LockEntries } from '../pin/lockfile-text.ts'
import { formatDollars } from '../kernel/dollars.ts'
import { DEFAULT_PROVIDER } from '../providers/built-in.ts'
import { badAnswer } from '../providers/refusal.ts'
import { blurPreviewOf } from '../pixels/blur-preview.ts'
import type { Declared } from '../plan/declared.ts'
import type { PlanContext } from '../plan/plan.ts'
import type { Step } from '../plan/step.ts'
import { keepUnreadable } from './unreadable.ts'

/** What a picture is committed with. */
export interface CommitContext extends Pick<
  PlanContext,
  'options' | 'store' | 'lockfile' | 'backgroundRemover'
> {
  readonly step: Pick<Step, 'fingerprint' | 'variant' | 'label'> & {
    readonly request: LockEntry['request']
  }
  readonly declared: Pick<Declared, 'name' | 'place'>
  /** What is pinned by now. */
  readonly pinned: LockEntries
  /** The pixel size that was asked for. */
  readonly pixels: Pixels
  /** What was looked up for the texts that the picture was drawn from. @default nothing */
  readonly grounding?: Grounding | undefined
  /** How it came about, where that follows from the pictures that a turn goes on from. @default its request tells */
  readonly digitalSourceType?: SourceType | undefined
  /** When the answer came, where that is known: an ISO 8601 date and time. @default now */
  readonly answered?: string | undefined
  /** Whether a person has asked for another result than the pinned one, which is kept then. @default false */
  readonly isAskedAnew?: boolean | undefined
}

/**
 * Stores the pictures of an answer, labelled, and pins them: all of them, or none where one cannot be decoded.
 * @param result With the tokens that are booked.
 * @param cost What is booked for it, in US dollars.
 * @throws {GeminiImageError} `BAD_ANSWER`, with the files in which its pictures are kept, or `WRITE_FAILED`.
 */
export async function commitAnswer(
  result: ProviderResult,
  cost: number,
  context: CommitContext,
): Promise<LockEntry> {
  const { step, declared, lockfile, digitalSourceType } = context
  const former = context.pinned.get(step.fingerprint)
  const created = context.answered ?? timestamp()
  const label = labelFor(step, { model: result.model, created }, context)
  const { before, drawn } = await decodeAll(result, cost, context)
  const images: StoredImage[] = []
  for (const picture of before) images.push(await storeImage(picture, label, context))
  const { own, look, original } = await storeShown(drawn, label, context)
  warnIfDifferent(original ?? own, context)
  images.push(own)
  const parts = partsOf(result)
  const grounding = result.grounding ?? context.grounding
  const entry: LockEntry = {
    ...own,
    ...(original && { original }),
    look,
    model: result.model,
    ...providerOf(context.options),
    cost,
    tokens: result.tokens ?? NO_TOKENS,
    created,
    ...(images.length > 1 && { images }),
    ...(parts.length > 1 && { parts }),
    ...(grounding && { grounding }),
    ...(result.replay && { replay: result.replay }),
    ...(former && { redrawn: (former.redrawn ?? 0) + 1 }),
    from: declared.place.path,
    ...(step.request && { request: step.request }),
    ...(digitalSourceType && { digitalSourceType }),
  }
  // A provider of one's own may give anything; what is pinned must read again.
  if (!lockEntrySchema.safeParse(entry).success) {
    throw await unusable('The answer cannot be pinned.', [...before, drawn], cost, context)
  }
  if (result.thoughts) await storeThoughts(result.thoughts, context)
  const { store, isAskedAnew = false } = context
  // What was lost cannot be gone back to.
  const isThere = former !== undefined && storedImages(former).every(({ file }) => store.has(file))
  const isKept = (isAskedAnew && isThere) || former?.adopted !== undefined
  const replaced = inPlaceOf(former, entry, isKept)
  const pinned = await withOthers(replaced, result, label, context)
  await lockfile.add(step.fingerprint, pinned)
  return pinned
}

/** What a result says of who answered: nothing of the default. */
export function providerOf({
  definition: { id },
}: CommitContext['options']): Pick<LockEntry, 'provider'> {
  return id === DEFAULT_PROVIDER.id ? {} : { provider: id }
}

export const NO_TOKENS = { input: 0, image: 0, text: 0 } as const

/** A picture as it is shown, and as it came where something was cut out of it. */
interface Shown extends Pick<LockEntry, 'original' | 'look'> {
  readonly own: StoredImage
}

async function storeShown(
  picture: WholePicture,
  label: LabelFacts,
  context: CommitContext,
): Promise<Shown> {
  const original = await storeImage(picture, label, context)
  const cut = await cutOutOf(picture.bytes, context)
  if (!cut) return { own: original, look: picture.look }
  return { own: await storeImage(cut, label, context), original, look: cut.look }
}

/**
 * An entry with the pictures that came beside its own: nobody pays extra for them, and a person may like one better.
 * One that cannot be decoded is passed over.
 */
async function withOthers(
  entry: LockEntry,
  { others = [] }: ProviderResult,
  label: LabelFacts,
  context: CommitContext,
): Promise<LockEntry> {
  const { model, created, from, request, digitalSourceType } = entry
  const kept: LockEntry[] = []
  for (const part of others) {
    const picture = 'text' in part ? undefined : await decode(part)
    if (!picture) continue
    const { own, ...shown } = await storeShown(picture, label, context)
    kept.push({
      ...own,
      ...shown,
      model,
      cost: 0,
      tokens: NO_TOKENS,
      created,
      from,
      request,
      ...(digitalSourceType && { digitalSourceType }),
    })
  }
  const before = entry.former ?? []
  const all = withFormer(entry, [...kept, ...before])
  const news = (all.former?.length ?? 0) - before.length
  if (news === 0) return entry
  const { declared, step, options } = context
  const came = news === 1 ? 'another picture' : `${news} other pictures`
  options.logger.info(
    `${placeOfStep(declared, step)}: ${came} came along, for nothing: "npx gemini-image explain ${declared.name}" lists what is kept`,
  )
  return all
}

type Picture = Exclude<ResultPart, { text: string }>

/** A picture that was decoded to its last byte. */
interface WholePicture extends Picture {
  readonly facts: ImageFacts
  readonly look: BlurPreview
}

/** The pictures of an answer; the last is what was asked for. */
async function decodeAll(
  { parts, others = [] }: ProviderResult,
  cost: number,
  context: CommitContext,
): Promise<{ readonly before: readonly WholePicture[]; readonly drawn: WholePicture }> {
  const pictures = parts.filter((part): part is Picture => !('text' in part))
  const decoded = await Promise.all(pictures.map(decode))
  const whole = decoded.flatMap((one) => one ?? [])
  const drawn = whole.at(-1)
  if (pictures.length === 0) throw badAnswer('there is no picture in it')
  if (!drawn || whole.length < pictures.length) {
    const what =
      'The picture in the answer cannot be decoded: it is not a whole JPEG, PNG or WebP file.'
    const beside = others.filter((part): part is Picture => !('text' in part))
    throw await unusable(what, [...beside, ...pictures], cost, context)
  }
  return { before: whole.slice(0, -1), drawn }
}

async function decode(picture: Picture): Promise<WholePicture | undefined> {
  const facts = await inspectImage(picture.bytes)
  const look = facts && (await blurPreviewOf(picture.bytes))
  return look && { ...picture, facts, look }
}

/** Half a picture is never pinned. All pictures of the answer are kept, for a person to look at. */
async function unusable(
  what: string,
  pictures: readonly Picture[],
  cost: number,
  { options, step }: CommitContext,
): Promise<GeminiImageError> {
  const unread = await Promise.all(
    pictures.map(async ({ bytes }) => ({
      content: bytes,
      extension: await extensionOfBytes(bytes),
    })),
  )
  const kept = await keepUnreadable(options.cacheDir, step.fingerprint, unread)
  return new GeminiImageError({
    code: 'BAD_ANSWER',
    what,
    why: `${kept} ${formatDollars(cost)} is booked for it.`,
    fix: 'look at the files, and run again: that asks for the picture anew, and pays for it again.',
  })
}

function partsOf({ parts }: ProviderResult): readonly AnswerPart[] {
  let image = 0
  return parts.map((part) => ('text' in part ? { text: part.text } : { image: image++ }))
}

/**
 * The subject of a picture, where that is to be cut out and can be. What is paid for is never lost: where it
 * cannot, the picture is used as it came, with a warning.
 */
async function cutOutOf(
  bytes: Uint8Array,
  { step, declared, options, backgroundRemover }: CommitContext,
): Promise<WholePicture | undefined> {
  const key = keyOf(step.request)
  if (key === undefined) return undefined
  const { png, doubts } = await backgroundRemover.cutOut(bytes, key).catch((error: unknown) => ({
    png: undefined,
    doubts: [`its subject could not be cut out (${String(error)}); it is used as it came`],
  }))
  for (const doubt of doubts) options.logger.warn(`${placeOfStep(declared, step)}: ${doubt}`)
  return png && decode({ bytes: png })
}

/** The colour that a request asks for behind a subject; `undefined` where that is not to be cut out. */
function keyOf(request: CommitContext['step']['request']): string | undefined {
  const { key } = Object(request?.['transparent']) as { key?: unknown }
  return typeof key === 'string' ? key : undefined
}

/** Now, as what is pinned says it: an ISO 8601 date and time, UTC, to the second. */
export function timestamp(): string {
  return `${new Date().toISOString().slice(0, 19)}Z`
}

/** What the label of a picture is to say before it is pinned. */
function labelFor(
  { request }: CommitContext['step'],
  { model, created }: Pick<LabelFacts, 'model' | 'created'>,
  { options, pinned, digitalSourceType }: CommitContext,
): LabelFacts {
  const prompt = options.labels.prompt ? promptOf({ request }) : undefined
  const sourceType = sourceTypeOf({ request, digitalSourceType }, pinned)
  // A provider of one's own may name no model; what cannot be pinned is refused below.
  return { sourceType, model: String(model), created, prompt }
}

async function storeImage(
  { bytes, claimedType, facts }: WholePicture,
  label: LabelFacts,
  { store, declared, step, options }: CommitContext,
): Promise<StoredImage> {
  if (claimedType !== undefined && claimedType !== facts.type) {
    options.logger.warn(
      `${placeOfStep(declared, step)}: the model says ${claimedType} and sent ${facts.type}; it is stored as what it is`,
    )
  }
  const name = step.variant > 1 ? `${declared.name}-${step.variant}` : declared.name
  const labelled = withLabel(bytes, facts.type, label)
  return { ...(await store.put(labelled, name, extensionOf(facts.type))), ...facts }
}

function warnIfDifferent(
  { width, height }: StoredImage,
  { declared, step, pixels, options }: CommitContext,
): void {
  if (width === pixels.width && height === pixels.height) return
  options.logger.warn(
    `${placeOfStep(declared, step)}: the model sent ${width}×${height} pixels where ${pixels.width}×${pixels.height} were asked for; it is used as it is`,
  )
}

/**
 * Interim pictures and texts lie in a folder of their own, for looking at. Nothing reads them.
 * @returns the folder.
 */
export async function storeThoughts(
  thoughts: readonly ResultPart[],
  {
    store,
    declared,
    step,
    options,
  }: Pick<CommitContext, 'store' | 'declared' | 'step' | 'options'>,
): Promise<string> {
  const name = `${declared.name}.${step.fingerprint.slice(0, 12)}`
  const folder = path.join(store.dir, 'thoughts', name)
  for (const [index, thought] of thoughts.entries()) {
    const number = String(index + 1).padStart(2, '0')
    const isText = 'text' in thought
    const type = isText ? undefined : (await inspectImage(thought.bytes))?.type
    if (!isText && !type) continue
    const file = path.join(folder, `${number}.${type ? extensionOf(type) : 'md'}`)
    const content = isText ? `${thought.text}\n` : thought.bytes
    await openFiles(options.root).write('object', file, content)
  }
  return folder
}

export function placeOfStep(
  { place }: CommitContext['declared'],
  { label }: CommitContext['step'],
): string {
  return formatPlace(place) + (label && ` (${label})`)
}
