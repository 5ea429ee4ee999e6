/** A place in a template that an author fills with words. */
export interface Slot {
  /** What belongs here, with an example. */
  readonly describe: string
  /** Whether the template makes no sense without it. */
  readonly required: boolean
}

/** A slot for each key of `Slots`, required exactly where the key is. */
export type SlotTable<Slots> = {
  readonly [Key in keyof Slots]-?: Slot & {
    readonly required: {} extends Pick<Slots, Key> ? false : true
  }
}

/** A prompt with slots, for one way of generating or editing a picture. */
export interface Template<Slots> {
  /** What the template is for. */
  readonly purpose: string
  /** The slots, by the name an author writes. */
  readonly slots: SlotTable<Slots>
  /** How many reference images have to come with the prompt. */
  readonly leastReferences: number
  /** Whether the prompt asks for facts that the model has to look up on the web. */
  readonly needsGrounding: boolean
  /** Writes the prompt. */
  write(slots: Slots): string
}

/** A template for each key of `Table`, whose values are the slots. */
export type TemplatesOf<Table> = { readonly [Name in keyof Table]: Template<Table[Name]> }
