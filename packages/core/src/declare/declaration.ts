import type { DeclarationId } from './declaration-id.ts'
import type { Place } from '../kernel/place.ts'

/** One setting as a person wrote it. */
export interface Setting {
  readonly value: unknown
  /** Where its key stands, or the key at the end of a path of keys and indices inside its value. */
  keyPlace(path?: readonly PropertyKey[]): Place
  /** Where its value stands, or the part of it behind a path of keys and indices. */
  valuePlace(path?: readonly PropertyKey[]): Place
}

/** What a person wrote: a prompt and its settings, not yet judged. */
export interface Declaration {
  readonly id: DeclarationId
  /** Absolute path of the file that declares it. */
  readonly file: string
  /** A short name for people and file names: `hero`, or `harbour-cover`. */
  readonly name: string
  /** As written; empty where a template makes the whole of it. */
  readonly prompt: string
  /** Where the prompt begins. */
  readonly place: Place
  /** Key → setting, in the order written. */
  readonly settings: ReadonlyMap<string, Setting>
}

/** The place of a setting's value, or of the prompt where the setting is not written. */
export function settingPlace(
  { settings, place }: Declaration,
  key: string,
  path?: readonly PropertyKey[],
): Place {
  return settings.get(key)?.valuePlace(path) ?? place
}
