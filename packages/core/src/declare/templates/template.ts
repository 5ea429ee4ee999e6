/** A place in a template that an author fills with words. */
export interface Slot {
  /** What belongs here, with an example. */
  readonly describe: string
  /** Whether the template makes no sense without it. */
  readonly required: boolean
}

/** A slot for each key of `Slots`, required exactly where the key is. */
type SlotTable<Slots> = {
  readonly [Key in keyof Slots]-?: Slot & {
    readonly required: {} extends Pick<Slots, Key> ? false : true
  }
}

export function required(describe: string): Slot & { readonly required: true } {
  return { describe, required: true }
}

export function optional(describe: string): Slot & { readonly required: false } {
  return { describe, required: false }
}

/** A prompt with slots, for one way of generating or editing a picture. */
export interface Template<Slots> {
  readonly purpose: string
  readonly slots: SlotTable<Slots>
  /** How many reference images have to come with the prompt. */
  readonly leastReferences: number
  /** Whether the prompt asks for facts that the model has to look up on the web. */
  readonly needsGrounding: boolean
  write(slots: Slots): string
}

/** A template for each key of `Table`, whose values are the slots. */
export type TemplatesOf<Table> = { readonly [Name in keyof Table]: Template<Table[Name]> }

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
