import { sha256 } from '../kernel/hash.ts'
import { formatOf } from '../pixels/image.ts'
import { storedImages, type LockEntry, type StoredImage } from './lock-entry.ts'

/** What the lockfile pins for a step whose answer is text alone. The text itself lies there, for people to read. */
export interface PinnedText extends Pick<
  LockEntry,
  | 'model'
  | 'provider'
  | 'cost'
  | 'tokens'
  | 'created'
  | 'grounding'
  | 'replay'
  | 'redrawn'
  | 'from'
  | 'request'
> {
  readonly text: string
  /** Texts in whose place a person asked for another, the newest first. They have none of their own. */
  readonly former?: readonly PinnedText[] | undefined
}

/** What is pinned for a fingerprint, whatever its step asks for. */
export type PinnedResult = LockEntry | PinnedText

/** Whether a value of the lockfile is a text: pictures name an object. */
export function isPinnedText(value: object): value is PinnedText {
  return !('object' in value) && 'text' in value
}

/** Whether a person put a result in the place of what its fingerprint's request generates. */
export function isAdopted(result: PinnedResult): boolean {
  return !isPinnedText(result) && result.adopted !== undefined
}

/** Every picture that must be in the store before a result is whole: a text has none. */
export function imagesIn(result: PinnedResult): readonly StoredImage[] {
  return isPinnedText(result) ? [] : storedImages(result)
}

/** SHA-256 of what is pinned, in hex. */
export function digestOf(result: PinnedResult): string {
  return isPinnedText(result) ? sha256(Buffer.from(result.text)) : result.object
}

/** `1024×1024 JPEG`, or how long a text is. */
export function describeResult(result: PinnedResult): string {
  return isPinnedText(result)
    ? `text of ${result.text.length} characters`
    : `${result.width}×${result.height} ${formatOf(result.type)}`
}

/** `2 pictures`, `1 picture and 1 text`. */
export function countResults(results: readonly PinnedResult[]): string {
  const texts = results.filter(isPinnedText).length
  return countKinds(results.length - texts, texts)
}

/** The same of what is not pinned yet. */
export function countKinds(pictures: number, texts: number): string {
  const count = (number: number, noun: string): string =>
    `${number} ${number === 1 ? noun : `${noun}s`}`
  if (texts === 0) return count(pictures, 'picture')
  return `${pictures > 0 ? `${count(pictures, 'picture')} and ` : ''}${count(texts, 'text')}`
}

/** What people are told that a result is. */
export function nameOfResult(result: PinnedResult): string {
  return isPinnedText(result) ? 'a text' : result.file
}
