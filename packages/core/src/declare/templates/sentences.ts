/**
 * A sentence around slots, without its full stop; none where one of the slots is absent or blank.
 */
export function say(
  words: TemplateStringsArray,
  ...slots: readonly (string | undefined)[]
): string | undefined {
  const texts = slots.map((slot) => withoutStop(oneLine(slot ?? '')))
  return texts.includes('') ? undefined : String.raw({ raw: words }, ...texts)
}

/** Text that the picture has to show letter for letter; none where the slot is absent or blank. */
export function quoted(slot: string | undefined): string | undefined {
  const text = oneLine(slot ?? '')
  if (text === '') return undefined
  return text.includes('"') ? `“${text}”` : `"${text}"`
}

/** One paragraph of the sentences that are there. */
export function paragraph(...sentences: readonly (string | undefined)[]): string {
  return sentences
    .filter((sentence) => sentence !== undefined)
    .map((sentence) => `${sentence}.`)
    .join(' ')
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, ' ').trim()
}

/** The sentence around a slot brings its own punctuation. Text of nothing else stays as it is. */
function withoutStop(text: string): string {
  return text.replace(/(?<=[^\s.,;:])[\s.,;:]+$/u, '')
}
