import type { Place } from '../kernel/place.ts'
import { SELECTING, writtenSelection } from './selection.ts'

/**
 * What tells declarations apart: for a prompt file its absolute path, with `?each=…&scene=…&turn=…` for one picture of several;
 * for one that is written in another file, that file's path with `#` and 16 hexadecimal digits of what it says.
 */
export type DeclarationId = string

const INLINE_ID = /#[0-9a-f]{16}$/
const SELECTED_ID = new RegExp(String.raw`(?<=\.prompt\.md)\?${SELECTING}[^?]*$`)

export function inlineId(file: string, digest: string): DeclarationId {
  return `${file}#${digest}`
}

/** The absolute path of the file in which a declaration is written. */
export function fileOfId(id: DeclarationId): string {
  if (isInlineId(id)) return id.slice(0, -17)
  const selection = selectionOfId(id)
  return selection === '' ? id : id.slice(0, -selection.length)
}

/** What selects one picture of several in a prompt file: `?each=Spanish`, or empty. */
export function selectionOfId(id: DeclarationId): string {
  // Nearly every id is a path.
  return id.includes('?') ? (SELECTED_ID.exec(id)?.[0] ?? '') : ''
}

/** Whether a declaration is written in another file than a prompt file. */
export function isInlineId(id: DeclarationId): boolean {
  return INLINE_ID.test(id)
}

/**
 * The id of a declaration from the root, as pages and agents know it: no address and no answer names a folder of the machine.
 */
export function shownId({
  id,
  place,
}: {
  readonly id: DeclarationId
  readonly place: Place
}): string {
  return place.path + id.slice(fileOfId(id).length)
}

/** Whether a file may declare others beside one. */
export function isOneOfSeveral(id: DeclarationId): boolean {
  return isInlineId(id) || selectionOfId(id) !== ''
}

export interface Setting {
  readonly value: unknown
  /** Where its key stands, or the key at the end of a path of keys and indices inside its value. */
  keyPlace(path?: readonly PropertyKey[]): Place
  /** Where its value stands, or the part of it behind a path of keys and indices. */
  valuePlace(path?: readonly PropertyKey[]): Place
}

/** What a person wrote: a prompt and its settings, not yet validated. */
export interface Declaration {
  readonly id: DeclarationId
  /** Absolute path of the file that declares it. */
  readonly file: string
  /** A short name for people and file names: `hero`, or `harbour-cover`. */
  readonly name: string
  /** As written; empty where a template makes the whole of it. */
  readonly prompt: string
  readonly place: Place
  /** Name → text beside the declaration, in frontmatter: what layers may show. @default none */
  readonly fields?: Readonly<Record<string, string>> | undefined
  /** Absolute paths of other files that have decided what it says. @default none */
  readonly sources?: readonly string[] | undefined
  /** Key → setting, in the order written. */
  readonly settings: ReadonlyMap<string, Setting>
}

/**
 * The place of a setting, or of the prompt where the setting is not written.
 * @param path Leads to what is meant inside of it. @default all of it
 * @param which Of its value, or of its key. @default its value
 */
export function settingPlace(
  { settings, place }: Declaration,
  key: string,
  path?: readonly PropertyKey[],
  which: 'keyPlace' | 'valuePlace' = 'valuePlace',
): Place {
  return settings.get(key)?.[which](path) ?? place
}

/**
 * What tells a declaration from others, for people: a prompt file's path from the root, with what selects it where
 * there are several, and of one that is declared inline the path with its name, `src/page.ts#page-a-leaf`.
 */
export function labelOf(declaration: {
  readonly id: DeclarationId
  readonly place: Place
  readonly name: string
}): string {
  const { id, place, name } = declaration
  return isInlineId(id) ? `${place.path}#${name}` : place.path + writtenSelection(selectionOfId(id))
}
