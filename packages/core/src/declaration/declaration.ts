import type { Place } from './place.ts'

/** One setting as a person wrote it. */
export interface Setting {
  readonly value: unknown
  /** Where its key stands. */
  readonly keyPlace: Place
  /** Where its value stands. */
  readonly valuePlace: Place
}

/** What a person wrote: a prompt and its settings, not yet judged. */
export interface Declaration {
  /** Absolute path of the file that declares it. */
  readonly file: string
  /** A short name for people and file names, from the file's name: `hero`. */
  readonly name: string
  readonly prompt: string
  /** Where the prompt begins. */
  readonly place: Place
  /** Key → setting, in the order written. */
  readonly settings: ReadonlyMap<string, Setting>
}
