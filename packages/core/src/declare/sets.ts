import path from 'node:path'
import { GeminiImageError } from '../kernel/errors/error.ts'
import type { Place } from '../kernel/place.ts'
import { didYouMean, listWords } from '../kernel/suggest.ts'
import { isInlineId, selectionOfId, settingPlace, type Declaration } from './declaration.ts'
import { toSlug } from './prompt-file.ts'
import { drawnScenes, sceneOf } from './scenes.ts'
import {
  LANGUAGE,
  parseSelection,
  toSelection,
  withScene,
  writtenSelection,
  writtenValue,
  type Selection,
} from './selection.ts'
import { readEach, readSheet, type Settings } from './settings.ts'
import {
  assertDistinct,
  listsOf,
  placeOfItem,
  SHEET,
  withItem,
  wordsOf,
  type Sheet,
} from './sheets.ts'

/**
 * The pictures that a prompt file declares, as selections: one for each combination of the values under `each`, each
 * with the scenes that are drawn. A file without such lists declares one, and is its own selection.
 */
export function selectionsOf(declaration: Declaration): readonly string[] {
  const scenes = drawnScenes(declaration)
  return membersOf(declaration).flatMap((one) => [
    one,
    ...scenes.map((scene) => withScene(one, scene)),
  ])
}

function membersOf(declaration: Declaration): readonly string[] {
  return combinationsOf(declaration).map((each) => toSelection({ each, turn: undefined }))
}

/** A value of each list; one without any where there are none. */
function combinationsOf(declaration: Declaration): readonly (readonly string[])[] {
  return Object.values(writtenLists(declaration)).reduce<readonly (readonly string[])[]>(
    (before, values) => before.flatMap((one) => values.map((value) => [...one, value])),
    [[]],
  )
}

function writtenLists(declaration: Declaration): Lists {
  return listsOf({ each: readEach(declaration), sheet: readSheet(declaration) })
}

/**
 * The pictures of a prompt file that a selection leaves open.
 * @param written As ids have it, with the mark of a sheet.
 */
export function sheetOf(declaration: Declaration, written: string): Sheet {
  const { each, scene, turn } = parseSelection(written)
  const { name } = select(declaration, toSelection({ each, turn }))
  const wanted = combinationsOf(declaration).filter((one) =>
    each.every((value) => one.includes(value)),
  )
  const pictures = (wanted.length > 0 ? wanted : [each]).map((values) => {
    const open = values.filter((value) => !each.includes(value))
    const frame = open.length > 0 ? open.join('/') : name
    return { frame, id: declaration.id + toSelection({ each: values, scene, turn }) }
  })
  return { name: scene === undefined ? name : toSlug(`${name} ${scene}`), pictures }
}

/** A prompt file's declaration, as the one of a picture in it. @throws {GeminiImageError} `NOT_IN_SET` for a scene that is none. */
export function select(declaration: Declaration, written: string): Declaration {
  const { each, scene, turn } = parseSelection(written)
  const parts = [
    ...inOrder(each, declaration),
    ...(scene === undefined ? [] : [scene]),
    ...(turn === undefined ? [] : [`turn ${turn}`]),
  ]
  const ofItem = withItem(declaration, each)
  const selected = scene === undefined ? ofItem : sceneOf(ofItem, scene)
  const settings = new Map(selected.settings)
  // Scenes are shown in the place of the last turn's picture.
  if (turn !== undefined) settings.delete('scenes')
  return {
    ...selected,
    settings,
    id: declaration.id + written,
    name: toSlug([declaration.name, ...parts].join(' ')),
  }
}

/** As the file lists them; what it does not list comes last. */
function inOrder(values: readonly string[], declaration: Declaration): readonly string[] {
  const listed = Object.values(writtenLists(declaration)).flat()
  const rank = (value: string): number => listed.indexOf(value) >>> 0
  return values.toSorted((one, other) => rank(one) - rank(other))
}

/** Where the picture that is meant is declared: its first value, or else the prompt. */
export function placeOfSelected(declaration: Declaration): Place {
  const { each, scene } = selectionOf(declaration)
  // A scene is the last of its turns.
  const turns: unknown = declaration.settings.get('turns')?.value
  if (scene !== undefined && Array.isArray(turns))
    return settingPlace(declaration, 'turns', [turns.length - 1])
  const item = readSheet(declaration)?.find(({ name }) => each.includes(name))
  if (item) return placeOfItem(declaration, item.name)
  for (const [key, values] of Object.entries(readEach(declaration) ?? {})) {
    const index = values.findIndex((value) => each.includes(value))
    if (index !== -1) return settingPlace(declaration, 'each', [key, index])
  }
  return declaration.place
}

function selectionOf({ id }: Declaration): Selection {
  return parseSelection(selectionOfId(id))
}

/**
 * The variables of the picture that is meant: name → value.
 * @throws {GeminiImageError} `NOT_IN_SET` where it is none of those that are declared, or does not say which.
 */
export function valuesOf(
  declaration: Declaration,
  settings: Pick<Settings, 'each' | 'sheet'>,
): Readonly<Record<string, string>> {
  assertDistinct(declaration, settings)
  const each = listsOf(settings)
  const lists = Object.entries(each)
  const meant = selectionOf(declaration).each
  if (lists.length === 0 && meant.length === 0) return {}
  if (isInlineId(declaration.id)) throw notInAFile(declaration)
  const known = new Set(lists.flatMap(([, list]) => list))
  const strange = meant.find((value) => !known.has(value))
  if (strange !== undefined) throw noSuchValue(declaration, strange, each)
  const values: Record<string, string> = {}
  for (const [key, list] of lists) {
    const found = list.filter((value) => meant.includes(value))
    if (found.length !== 1) throw notSelected(declaration, each, key)
    const [value = ''] = found
    values[key] = key === SHEET && settings.sheet ? wordsOf(settings, value) : value
  }
  return values
}

/**
 * The turns of the picture that is meant, counted from 0 for the prompt.
 * @throws {GeminiImageError} `NOT_IN_SET` where there is no such turn.
 */
export function turnsOf<Turn>(declaration: Declaration, turns: readonly Turn[]): readonly Turn[] {
  const { turn } = selectionOf(declaration)
  if (turn === undefined) return turns
  const count = Number(turn)
  if (/^(?:0|[1-9]\d*)$/.test(turn) && count <= turns.length) return turns.slice(0, count)
  throw new GeminiImageError({
    code: 'NOT_IN_SET',
    what: `There is no turn "${turn}" in ${declaration.place.path}.`,
    fix: `write turn=${turns.length === 0 ? '0, the prompt' : `… with a number from 0, the prompt, to ${turns.length}`}; or leave it out, for the last.`,
    place: settingPlace(declaration, 'turns'),
  })
}

type Lists = NonNullable<Settings['each']>

/** The setting that has a list. */
function settingWith(declaration: Declaration, key: string): Place {
  return settingPlace(
    declaration,
    key === SHEET && declaration.settings.has(SHEET) ? SHEET : 'each',
  )
}

function notSelected(declaration: Declaration, each: Lists, key: string): GeminiImageError {
  const example = Object.values(each).flatMap(([first = '']) => first)
  const written = writtenSelection(toSelection({ each: example, turn: undefined }))
  const many = selectionOf(declaration).each.filter((value) => each[key]?.includes(value))
  const what =
    many.length > 1
      ? `${listWords(many)} are values of one list, and a picture has one of them.`
      : `${declaration.place.path} declares several pictures, and "${key}" is not said.`
  return new GeminiImageError({
    code: 'NOT_IN_SET',
    what,
    fix: `name one value of each list where it is used: "./${path.basename(declaration.file)}${written}&gemini-image"; or write "as=sheet" for all of them. The values of "${key}" are ${listWords((each[key] ?? []).map(writtenValue))}.${key === LANGUAGE ? ' For the one in the language of the page, write "?gemini-image&as=picture&by=language".' : ''}`,
    place: settingWith(declaration, key),
  })
}

function noSuchValue(declaration: Declaration, value: string, each: Lists): GeminiImageError {
  const known = Object.values(each).flat()
  const isPattern = value.includes('*')
  const are =
    known.length > 0
      ? `${isPattern ? 'Write each value out where it is used: a build does not know what a variable holds. ' : ''}Its values are ${listWords(known.map(writtenValue))}.`
      : 'It declares one picture: leave "each=…" out, or list the values under "each" or "sheet".'
  return new GeminiImageError({
    code: 'NOT_IN_SET',
    what: `There is no picture "${value}" in ${declaration.place.path}.`,
    fix: `${isPattern ? '' : didYouMean(value, known)}${are}`,
    place: settingWith(declaration, Object.keys(each)[0] ?? ''),
  })
}

function notInAFile(declaration: Declaration): GeminiImageError {
  return new GeminiImageError({
    code: 'UNSUPPORTED_SETTING',
    what: 'Several pictures are declared here, and one is shown.',
    fix: 'declare them in a prompt file, and import each of them with "?each=…&gemini-image".',
    place: settingWith(declaration, SHEET),
  })
}
