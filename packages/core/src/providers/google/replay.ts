import type { Replay } from '../answer.ts'
import type { PastAnswer, PastImage } from '../provider.ts'

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

/** The picture that the next turn changes, as a picture of the user's; none where none is known. */
export async function lastPicture(history: readonly PastAnswer[]): Promise<readonly WireImage[]> {
  const last = history.at(-1)?.images.at(-1)
  return last ? [await wireImage(last)] : []
}

/** A picture or reference image, read and encoded. */
export async function wireImage(image: {
  readonly type: string
  bytes(): Promise<Uint8Array>
}): Promise<WireImage> {
  const bytes = await image.bytes()
  return { mimeType: image.type, data: Buffer.from(bytes).toString('base64') }
}
