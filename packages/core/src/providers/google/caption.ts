import type { ReferenceImage } from '../reference-image.ts'
import { wireImage, type WireImage } from './replay.ts'

/** Reference images as they are sent: each behind the line that introduces it, where it has one. */
export async function captioned(
  references: readonly ReferenceImage[],
): Promise<readonly (string | WireImage)[]> {
  const each = references.map(async (reference, index) => {
    const caption = captionOf(reference, index)
    const image = await wireImage(reference)
    return caption === undefined ? [image] : [caption, image]
  })
  return (await Promise.all(each)).flat()
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
