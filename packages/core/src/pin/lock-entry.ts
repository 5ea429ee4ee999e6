import { z } from 'zod'
import {
  COLOR,
  IMAGE_TYPES,
  type ImageType,
  type BlurPreview,
  type Pixels,
} from '../pixels/image.ts'
import type { SourceType } from '../pixels/labels/xmp/packet.ts'
import type { AnswerPart, Grounding, Replay } from '../providers/provider.ts'

export const SHA_256: RegExp = /^[0-9a-f]{64}$/

/** A plain name of a picture: an entry can never point out of the store. */
const FILE_NAME: RegExp = /^[a-z0-9][a-z0-9.-]*\.(?:jpg|png|webp)$/

/** A term of IPTC's, of which there may be more by now: {@link SourceType}. */
const TERM = /^[A-Za-z]+$/

/** An object by its name and what it must hold. */
export interface StoredObject {
  /** Its name in the store: `hero.0123456789ab.jpg`. */
  readonly file: string
  /** SHA-256 of its bytes, in hex. */
  readonly object: string
}

/** A picture in the store. Type and size are read from its bytes. */
export interface StoredImage extends StoredObject, Pixels {
  readonly type: ImageType
}

/** Stands for the model of a picture that a person made, or found. */
export const ADOPTED = 'adopted'

/** What the lockfile pins for one fingerprint. */
export interface LockEntry extends StoredImage {
  /** The model that answered; {@link ADOPTED} where none did. */
  readonly model: string
  /** The provider that answered, by its id. @default the default one */
  readonly provider?: string | undefined
  /** What the call cost, in US dollars: from the provider's own token count, or the most that was estimated where it gave none. */
  readonly cost: number
  readonly tokens: { readonly input: number; readonly image: number; readonly text: number }
  /** When the picture was committed: an ISO 8601 date and time, UTC, to the second. */
  readonly created: string
  /** What the model drew, where the entry's own picture was cut out of it. */
  readonly original?: StoredImage | undefined
  /** All pictures of the answer in order, where it holds several. The entry's own is the last. */
  readonly images?: readonly StoredImage[] | undefined
  /** Text and pictures in order, where text came along or there are several pictures. */
  readonly parts?: readonly AnswerPart[] | undefined
  readonly grounding?: Grounding | undefined
  /** Of the entry's own picture. */
  readonly look?: BlurPreview | undefined
  readonly replay?: Replay | undefined
  /** How often it was generated anew on purpose; of two results, the one with more stays. @default 0 */
  readonly redrawn?: number | undefined
  /** What declared it when it was generated: a path from the root. Nothing depends on it. */
  readonly from?: string | undefined
  /** What was asked, so that people can see what has changed since. Only AI labels depend on it. */
  readonly request?: Readonly<Record<string, unknown>> | undefined
  /**
   * What a person put here in the place of what this request generates: the name of a file, or the fingerprint of the
   * earlier request that generated it, which {@link LockEntry.request} holds then.
   */
  readonly adopted?: string | undefined
  /** How it came about, where {@link LockEntry.request} does not tell. */
  readonly digitalSourceType?: SourceType | undefined
  /** What was pinned before, the newest first. They have none of their own. */
  readonly former?: readonly LockEntry[] | undefined
}

export interface PinnedPicture {
  readonly fingerprint: string
  readonly entry: LockEntry
}

const imageShape = {
  file: z.string().regex(FILE_NAME),
  object: z.string().regex(SHA_256),
  type: z.enum(IMAGE_TYPES),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
}

const OWN = Object.keys(imageShape) as (keyof typeof imageShape)[]

const source = z.object({
  url: z.string(),
  title: z.string().optional(),
  imageUrl: z.string().optional(),
})

const citation = z.looseObject({
  start: z.int().nonnegative(),
  end: z.int().nonnegative(),
  sources: z.array(z.int().nonnegative()),
})

/** What a blur preview must hold. Whatever else it holds is kept. */
export const blurPreviewSchema: z.ZodType<BlurPreview> = z.looseObject({
  color: z.string().regex(COLOR),
  thumbhash: z.base64(),
})

/** What is pinned of every answer. */
const ANSWER_SHAPE = {
  model: z.string(),
  provider: z.string().optional(),
  cost: z.number().nonnegative(),
  tokens: z.object({
    input: z.number().int().nonnegative(),
    image: z.number().int().nonnegative(),
    text: z.number().int().nonnegative(),
  }),
  created: z.string(),
  grounding: z
    .looseObject({
      searchSuggestions: z.string().optional(),
      sources: z.array(source),
      queries: z.array(z.string()),
      citations: z.array(citation).optional(),
    })
    .optional(),
  replay: z
    .looseObject({ api: z.string(), items: z.array(z.unknown()), id: z.string().optional() })
    .optional(),
  redrawn: z.int().nonnegative().optional(),
  from: z.string().optional(),
  request: z.looseObject({}).optional(),
}

const resultSchema = z.object({
  ...imageShape,
  ...ANSWER_SHAPE,
  original: z.object(imageShape).optional(),
  images: z.array(z.object(imageShape)).optional(),
  parts: z
    .array(
      z
        .looseObject({ text: z.string().optional(), image: z.int().nonnegative().optional() })
        .refine((part) => Object.keys(part).length > 0),
    )
    .optional(),
  look: blurPreviewSchema.optional(),
  adopted: z.string().optional(),
  digitalSourceType: z.string().regex(TERM).optional(),
})

/** What a pinned result must hold. Whatever else it holds is kept. */
export const lockEntrySchema: z.ZodType<unknown> = resultSchema
  .extend({ former: z.array(resultSchema.refine(namesItsOwn)).optional() })
  .refine(namesItsOwn)

/** A text longer than this, in characters, is none for a picture: a model answers with 32,768 tokens at most. */
const MOST_TEXT = 150_000

const textSchema = z.object({ text: z.string().min(1).max(MOST_TEXT), ...ANSWER_SHAPE })

/** What a pinned text must hold. Whatever else it holds is kept. */
export const pinnedTextSchema: z.ZodType<unknown> = textSchema.extend({
  former: z.array(textSchema).optional(),
})

/** Whether its own picture is the last of all that it names, and its parts name no others. */
function namesItsOwn(entry: z.infer<typeof resultSchema>): boolean {
  const images = entry.images ?? [entry]
  const last = images.at(-1)
  const isOwn = OWN.every((key) => last?.[key] === entry[key])
  return isOwn && (entry.parts ?? []).every(({ image = 0 }) => image < images.length)
}

/** Every picture of an entry that can be shown, in the order of the answer. */
export function imagesOf(entry: LockEntry): readonly StoredImage[] {
  return entry.images ?? [entry]
}

/** The pictures of the answer as the model generated them, in order: with a background, where one was removed. */
export function generatedImages(entry: LockEntry): readonly StoredImage[] {
  const images = imagesOf(entry)
  return entry.original ? [...images.slice(0, -1), entry.original] : images
}

/** Every picture of an entry that must be in the store before the entry is whole. */
export function storedImages(entry: LockEntry): readonly StoredImage[] {
  return entry.original ? [...imagesOf(entry), entry.original] : imagesOf(entry)
}

/** A result that may have others behind it: a picture, or a text. */
export interface Result<One> {
  readonly created: string
  readonly redrawn?: number | undefined
  readonly former?: readonly One[] | undefined
  /** SHA-256 of the picture, in hex. */
  readonly object?: string
  readonly text?: string
}

/** The result of an entry, and then those before it, the newest first. */
export function resultsOf<One extends Result<One>>({
  former = [],
  ...result
}: One): readonly One[] {
  return [result as unknown as One, ...former]
}

/** What tells a result from others. */
export function contentOf({ object, text = '' }: Pick<Result<unknown>, 'object' | 'text'>): string {
  return object ?? text
}

/** Every picture of an entry that the store keeps, those of former results as well. */
export function keptImages(entry: LockEntry): readonly StoredImage[] {
  return entry.former ? resultsOf(entry).flatMap(storedImages) : storedImages(entry)
}

/** An entry as a lockfile holds it. */
export function toLine(entry: object): string {
  return JSON.stringify(entry)
}

/** A result with others behind it, each once, the newest first. */
export function withFormer<One extends Result<One>>(entry: One, others: readonly One[]): One {
  const [result = entry] = resultsOf(entry)
  const identity = (one: One): string => `${one.created} ${contentOf(one)}`
  // In whatever order they come, the same one of two that differ in nothing else.
  const all = others
    .flatMap((one) => resultsOf(one))
    .toSorted((a, b) => (toLine(a) < toLine(b) ? -1 : 1))
  const former = new Map(all.map((one) => [identity(one), one]))
  former.delete(identity(result))
  const order = [...former.values()].toSorted(newestFirst)
  return order.length > 0 ? { ...result, former: order } : result
}

/** Times are whole seconds; of two in one second, the one that was asked for anew more often came later. */
function newestFirst<One extends Result<One>>(a: One, b: One): number {
  if (a.created !== b.created) return a.created < b.created ? 1 : -1
  const again = (b.redrawn ?? 0) - (a.redrawn ?? 0)
  return again === 0 ? (contentOf(a) < contentOf(b) ? 1 : -1) : again
}

/**
 * A new result in the place of what was pinned.
 * @param isAskedAnew Whether a person wants another one: what was pinned stays behind it until it is pruned.
 */
export function inPlaceOf<One extends Result<One>>(
  before: One | undefined,
  result: One,
  isAskedAnew: boolean,
): One {
  if (!before) return result
  return withFormer(result, isAskedAnew ? [before] : (before.former ?? []))
}

type Check = (value: unknown) => boolean

const isText: Check = (value) => typeof value === 'string'
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0
const isPositive: Check = (value) => Number.isSafeInteger(value) && (value as number) > 0
const isObject: Check = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const BASE64 = /^[A-Za-z\d+/]+={0,2}$/

/** What most entries hold, and nothing else. */
const REQUIRED: ReadonlyMap<string, Check> = new Map<keyof LockEntry, Check>([
  ['file', (value) => isText(value) && FILE_NAME.test(value as string)],
  ['object', (value) => isText(value) && SHA_256.test(value as string)],
  ['type', (value) => IMAGE_TYPES.some((type) => type === value)],
  ['width', isPositive],
  ['height', isPositive],
  ['model', isText],
  ['cost', (value) => Number.isFinite(value) && (value as number) >= 0],
  ['tokens', isTokens],
  ['created', isText],
])
const OPTIONAL: ReadonlyMap<string, Check> = new Map<keyof LockEntry, Check>([
  ['redrawn', isCount],
  ['provider', isText],
  ['from', isText],
  ['request', isObject],
  ['look', isBlurPreview],
  ['replay', isReplay],
  ['adopted', isText],
  ['digitalSourceType', (value) => isText(value) && TERM.test(value as string)],
])

/**
 * Whether a value is a pinned result as most are: one picture, nothing looked up. It says yes only
 * where the schema does, in a tenth of the time; a lockfile may hold ten thousand.
 */
export function isPlainEntry(value: unknown): boolean {
  if (!isObject(value)) return false
  const fields = value as Readonly<Record<string, unknown>>
  let found = 0
  // What JSON has made has no other keys than its own.
  for (const key in fields) {
    const required = REQUIRED.get(key)
    if (!(required ?? OPTIONAL.get(key))?.(fields[key])) return false
    if (required) found += 1
  }
  return found === REQUIRED.size
}

function isBlurPreview(value: unknown): boolean {
  const { color, thumbhash } = (value ?? {}) as Record<string, unknown>
  return (
    isText(color) &&
    COLOR.test(color as string) &&
    isText(thumbhash) &&
    BASE64.test(thumbhash as string)
  )
}

function isReplay(value: unknown): boolean {
  const { api, items, id } = (value ?? {}) as Record<string, unknown>
  return isText(api) && Array.isArray(items) && (id === undefined || isText(id))
}

function isTokens(value: unknown): boolean {
  const { input, image, text } = (value ?? {}) as Record<string, unknown>
  return isCount(input) && isCount(image) && isCount(text)
}
