import { GeminiImageError } from '../kernel/errors/error.ts'
import type { Place } from '../kernel/place.ts'
import { withTurns } from './added-turns.ts'
import { settingPlace, type Declaration, type DeclarationId } from './declaration.ts'
import { AS_SHEET } from './selection.ts'
import { countPictures, MOST_PICTURES, readSheet, type Settings } from './settings.ts'
import type { SheetItem } from './sheet-settings.ts'

/** What `as=sheet` puts together. */
export interface Sheet {
  /** How its file is named. */
  readonly name: string
  /** The name of each frame, and the picture in it; never empty. */
  readonly pictures: readonly { readonly frame: string; readonly id: DeclarationId }[]
}

/** Whether a selection means several pictures: those of a sheet. What is read from it else is what they share. */
export function selectsSheet(selection: string): boolean {
  return selection.endsWith(AS_SHEET)
}

/** The variable that stands for what a picture of a sheet shows; as a list of a set, the names of its pictures. */
export const SHEET = 'sheet'

/** What is asked for after the first picture of a sheet. It is part of fingerprints: it never changes. */
function nextPrompt({ prompt }: SheetItem): string {
  return `The next picture of the same series: ${prompt}\n\nKeep style, colours, light, scale and point of view as they are, and whatever else these words do not change.`
}

/**
 * The declaration of a picture of a sheet. The first is what the prompt gives; each other one is a further turn of it, so
 * that all of them are in its likeness.
 * @param selected Which pictures of the file are meant: its name is one of them.
 */
export function withItem(declaration: Declaration, selected: readonly string[]): Declaration {
  const items = readSheet(declaration) ?? []
  const index = items.findIndex(({ name }) => selected.includes(name))
  const item = items[index]
  if (!item || index === 0) return declaration
  const at = (): Place => placeOfItem(declaration, item.name)
  return withTurns(declaration, [{ prompt: nextPrompt(item), at }])
}

/** The place of a picture of a sheet. */
export function placeOfItem(declaration: Declaration, name: string): Place {
  const items = readSheet(declaration) ?? []
  return Array.isArray(declaration.settings.get(SHEET)?.value)
    ? settingPlace(declaration, SHEET, [items.findIndex((item) => item.name === name)])
    : settingPlace(declaration, SHEET, [name], 'keyPlace')
}

/** The lists of a set: those under `each`, and the names of a sheet's pictures. */
export function listsOf({
  each = {},
  sheet,
}: Pick<Settings, 'each' | 'sheet'>): Readonly<Record<string, readonly string[]>> {
  return sheet ? { ...each, [SHEET]: sheet.map(({ name }) => name) } : each
}

/**
 * Makes sure that each picture of a file can be told from the others.
 * @throws {GeminiImageError} `INVALID_VALUE`.
 */
export function assertDistinct(
  declaration: Declaration,
  { each = {}, sheet }: Pick<Settings, 'each' | 'sheet'>,
): void {
  if (!sheet) return
  const values = new Set(Object.values(each).flat())
  const twice = sheet.find(({ name }) => values.has(name))
  if (twice)
    throw invalid(
      `"${twice.name}" is a picture of the sheet, and a value under "each".`,
      'give one of them another name: an import selects by it.',
      placeOfItem(declaration, twice.name),
    )
  if (Object.hasOwn(each, SHEET))
    throw invalid(
      `"${SHEET}" is a list under "each", and a setting of its own.`,
      `rename the list, or take one of them out.`,
      settingPlace(declaration, 'each', [SHEET], 'keyPlace'),
    )
  const count = countPictures(listsOf({ each, sheet }))
  if (count > MOST_PICTURES)
    throw invalid(
      `${declaration.place.path} declares ${count} pictures.`,
      `a file has at most ${MOST_PICTURES}: write several.`,
      settingPlace(declaration, SHEET, []),
    )
}

function invalid(what: string, fix: string, place: Place): GeminiImageError {
  return new GeminiImageError({ code: 'INVALID_VALUE', what, fix, place })
}

/** What the variable stands for in all that is sent: the first picture, from which the others go on. */
export function sharedValues({ sheet }: Pick<Settings, 'sheet'>): Readonly<Record<string, string>> {
  const [first] = sheet ?? []
  return first ? { [SHEET]: first.prompt } : {}
}

/** What a picture of a sheet shows, in words. */
export function wordsOf({ sheet = [] }: Pick<Settings, 'sheet'>, name: string): string {
  return sheet.find((item) => item.name === name)?.prompt ?? name
}
