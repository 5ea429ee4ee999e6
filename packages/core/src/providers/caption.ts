import type { ReferenceImage } from '../reference/reference-image.ts'

/**
 * The line that introduces a reference image, so that the prompt can call it by its label;
 * `undefined` for one that has neither label nor role.
 */
export function captionOf({ as, label }: ReferenceImage, index: number): string | undefined {
  if (as === undefined && label === undefined) return undefined
  const name = label === undefined ? `Image ${index + 1}` : `Image ${index + 1}, "${label}"`
  return as === undefined ? `${name}:` : `${name} (${ROLES[as]}):`
}

const ROLES = {
  object: 'an object to be shown as it is',
  character: 'a character to be shown as they are',
  style: 'the style to draw in, not what to draw',
} as const
