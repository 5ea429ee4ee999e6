import type {
  ProviderJob,
  ProviderResult,
  Replay,
  PastAnswer,
  PastImage,
  ReferenceImage,
} from '../provider.ts'
import { imageMarker, piecesOf } from '../image-markers.ts'
import type { ImageRequest } from '../request.ts'

/** One of Google's APIs: how a job is asked, and how its answer reads. */
export interface Transport {
  /** What comes behind the API version in the address, without a leading slash. */
  path(job: ProviderJob): string
  /** The request's JSON. Reads the bytes of images. */
  body(job: ProviderJob): Promise<object>
  /**
   * @throws {PictureRefusal} `BLOCKED`, `NO_IMAGE` or `NO_TEXT`, with Google's own reason.
   * @throws {GeminiImageError} `BAD_ANSWER` where it is no such answer at all.
   */
  read(json: unknown, job: ProviderJob): ProviderResult
  /**
   * The job to ask instead after a 404, where it is not the model that is unknown: an earlier
   * answer that the server has forgotten.
   */
  withoutServerState?(job: ProviderJob): ProviderJob | undefined
}

/** A picture's bytes as they go over the wire. */
export interface WireImage {
  readonly mimeType: string
  /** Base64. */
  readonly data: string
}

/** Stands in a {@link Replay} where a picture was. */
const PICTURE = '$image'

/** The mark that stands in the place of a picture's bytes. */
export function pictureMark(number: number): { readonly $image: number } {
  return { [PICTURE]: number }
}

/** The items of an answer that an API can go on from, or `undefined` where it is another API's. */
export function replayFor(api: string, { replay }: PastAnswer): Replay | undefined {
  return replay?.api === api ? replay : undefined
}

/** Puts the pictures back into what was kept of an answer. */
export async function expandItem(
  item: unknown,
  images: readonly PastImage[],
  toWire: (image: WireImage) => object,
): Promise<unknown> {
  if (Array.isArray(item)) {
    return Promise.all(item.map((one) => expandItem(one, images, toWire)))
  }
  if (typeof item !== 'object' || item === null) return item
  const { [PICTURE]: number, ...rest } = item as Record<string, unknown>
  const image = typeof number === 'number' ? images[number] : undefined
  if (image) return { ...toWire(await wireImage(image)), ...rest }
  const entries = Object.entries(rest).map(async ([key, value]): Promise<[string, unknown]> => [
    key,
    await expandItem(value, images, toWire),
  ])
  return Object.fromEntries(await Promise.all(entries))
}

/** A question, behind the text that was answered to the one before it. */
export interface Exchange {
  readonly before: string | undefined
  readonly asked: readonly (string | WireImage)[]
}

/**
 * What is asked since the last picture, which is shown as a picture of the user's: a picture of the model's own is
 * refused without its signature. What went before is not sent, since all of it is in the picture.
 */
export async function sincePicture(job: ProviderJob): Promise<readonly Exchange[]> {
  const { request, history } = job
  const turns = request.turns?.length ?? 0
  const last = history.findLastIndex(({ images }) => images.length > 0)
  const first = last === -1 ? turns - 1 : last
  const picture = history[first]?.images.at(-1)
  const shown = picture ? [await wireImage(picture)] : []
  const numbers = Array.from({ length: turns - first }, (_, index) => first + index)
  const exchanges = numbers.map(async (index): Promise<Exchange> => {
    const isFirst = index === first
    return {
      before: isFirst ? undefined : history[index]?.text,
      asked: await spoken(job, index + 1, isFirst ? shown : []),
    }
  })
  return Promise.all(exchanges)
}

/** A picture or reference image, read and encoded. */
async function wireImage(image: {
  readonly type: string
  bytes(): Promise<Uint8Array>
}): Promise<WireImage> {
  const bytes = await image.bytes()
  return { mimeType: image.type, data: Buffer.from(bytes).toString('base64') }
}

/** What a user says in one turn. */
interface Said {
  /** The words, with an image wherever they name one. */
  readonly pieces: readonly (string | ReferenceImage)[]
  /** The images that they do not name. */
  readonly others: readonly ReferenceImage[]
}

/** All that the user says, the prompt first. */
function saidIn({ request, references }: Asking): readonly Said[] {
  const prompts = [request.prompt, ...(request.turns ?? []).map(({ prompt }) => prompt)]
  return prompts.map((prompt, turn) => {
    const own = references.filter((one) => one.turn === turn)
    const pieces = piecesOf(prompt).map((piece) => {
      if (typeof piece === 'string') return piece
      return own.find(({ label }) => label === piece.label) ?? imageMarker(piece.label)
    })
    return { pieces, others: own.filter((one) => !pieces.includes(one)) }
  })
}

type Asking = Pick<ProviderJob, 'request' | 'references'>

/**
 * What the user says in a turn as it is sent: an image stands where the words name it. What they do not name stands
 * behind them, each behind the line that introduces it, where it has one.
 * @param turn From 1; 0 for the prompt.
 * @param between What stands between the words and the images that they do not name.
 */
export async function spoken(
  asking: Asking,
  turn: number,
  between: readonly WireImage[] = [],
): Promise<readonly (string | WireImage)[]> {
  const said = saidIn(asking)
  const order = said.flatMap(({ pieces, others }) => [...pieces.filter(isImage), ...others])
  const { pieces = [], others = [] } = said[turn] ?? {}
  const show = async (image: ReferenceImage): Promise<readonly (string | WireImage)[]> => {
    // The words around a picture say what it is; what it is there for, they may not.
    const isIntroduced = image.as !== undefined || others.includes(image)
    const caption = isIntroduced ? captionOf(image, order.indexOf(image)) : undefined
    const shown = await wireImage(image)
    return caption === undefined ? [shown] : [caption, shown]
  }
  const words = await Promise.all(pieces.map((one) => (isImage(one) ? show(one) : [one])))
  const rest = await Promise.all(others.map(show))
  return [...words.flat(), ...between, ...rest.flat()]
}

function isImage(piece: string | ReferenceImage): piece is ReferenceImage {
  return typeof piece !== 'string'
}

/**
 * The line that introduces a reference image, so that the prompt can call it by its label;
 * `undefined` for one that has neither label nor role.
 */
function captionOf({ as, label }: ReferenceImage, index: number): string | undefined {
  if (as === undefined && label === undefined) return undefined
  const name = label === undefined ? `Image ${index + 1}` : `Image ${index + 1}, "${label}"`
  return as === undefined ? `${name}:` : `${name} (${ROLES[as]}):`
}

const ROLES = {
  object: 'an object to be shown as it is',
  character: 'a character to be shown as they are',
  style: 'the style to draw in, not what to draw',
} as const

const INT32 = 2 ** 32

/** The seed to send: each variant has one of its own, so that they differ and can be generated again. */
export function seedOf({ seed, variant = 1 }: ImageRequest): number | undefined {
  if (seed === undefined) return undefined
  const next = seed + variant - 1
  return next > 0x7fffffff ? next - INT32 : next
}
