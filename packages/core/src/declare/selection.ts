import { renditionFormOf } from '../pixels/renditions/forms/names.ts'
import { splitMarker } from './marker.ts'
import { isPromptFile } from './source-files.ts'

/** Which picture of a prompt file is meant, where it holds several: `each=Spanish&turn=1`. */
export interface Selection {
  /** Whether all languages are meant, each with its picture. */
  readonly isByLanguage?: boolean | undefined
  /** One value of each list under `each`, in any order. Empty where there are none. */
  readonly each: readonly string[]
  /** The scene that it is; `undefined` for the picture itself. */
  readonly scene?: string | undefined
  /** The turn whose picture it is, as written; 0 stands for the prompt. `undefined` for the last. */
  readonly turn: string | undefined
}

const EACH = 'each'
const SCENE = 'scene'
const TURN = 'turn'
const BY = 'by'
const MARKS = [EACH, SCENE, TURN, BY, 'as'] as const

/** The variable of sets whose values are languages. */
export const LANGUAGE = 'language'

/** In a query: the pictures of all languages. What else `by` may say is another plugin's. */
const BY_LANGUAGE = `${BY}=${LANGUAGE}`

/** All pictures that the rest of a selection leaves open; a form as well. */
export const AS_SHEET = 'as=sheet'

/** How what selects a picture begins, as part of a regular expression. */
export const SELECTING: string = `(?:${MARKS.join('|')})=`

/** Between the values of `each`, as between those of rendition settings. */
const BETWEEN_VALUES = ';'

/** A query, with what selects a picture apart from the rest. */
export interface SplitQuery {
  /** What follows a prompt file's path in an id: `?each=Spanish&turn=1`, or empty. */
  readonly selection: string
  /** `?w=400`, or empty. */
  readonly query: string
}

/** Takes what selects a picture out of a query: `?each=Spanish&w=400`. */
export function splitSelection(query: string): SplitQuery {
  if (!MARKS.some((mark) => query.includes(mark))) return { selection: '', query }
  let each: readonly string[] = []
  let scene: string | undefined
  let turn: string | undefined
  let isByLanguage = false
  const rest: string[] = []
  for (const parameter of query.replace(/^\?/, '').split('&')) {
    const [name, ...values] = parameter.split('=')
    const value = values.join('=')
    if (name === EACH) each = value.split(BETWEEN_VALUES).map(decode)
    else if (name === SCENE) scene = decode(value)
    else if (name === TURN) turn = decode(value)
    else if (parameter === BY_LANGUAGE) isByLanguage = true
    else rest.push(parameter)
  }
  // With others' parameters, it is theirs.
  const isSheet =
    !isByLanguage &&
    rest.includes(AS_SHEET) &&
    renditionFormOf(new URLSearchParams(rest.join('&')), {})
  const selection = toSelection({ each, scene, turn, isByLanguage })
  return {
    selection: isSheet ? `${selection || '?'}${selection && '&'}${AS_SHEET}` : selection,
    query: rest.length > 0 ? `?${rest.join('&')}` : '',
  }
}

/** The same pictures have the same: values are sorted, and no character has a meaning to any tool. */
export function toSelection({ each, scene, turn, isByLanguage = false }: Selection): string {
  const parameters = [
    ...(each.length > 0
      ? [`${EACH}=${[...new Set(each.map(encode))].toSorted().join(BETWEEN_VALUES)}`]
      : []),
    ...(scene === undefined ? [] : [`${SCENE}=${encode(scene)}`]),
    ...(turn === undefined ? [] : [`${TURN}=${encode(turn)}`]),
    ...(isByLanguage ? [BY_LANGUAGE] : []),
  ]
  return parameters.length > 0 ? `?${parameters.join('&')}` : ''
}

/** What {@link toSelection} has written. */
export function parseSelection(selection: string): Selection {
  const parameters = new Map(
    selection
      .slice(1)
      .split('&')
      .map((one) => one.split('=') as [string, string]),
  )
  const each = parameters.get(EACH)
  const scene = parameters.get(SCENE)
  const turn = parameters.get(TURN)
  return {
    each: each === undefined ? [] : each.split(BETWEEN_VALUES).map(decode),
    scene: scene && decode(scene),
    turn: turn && decode(turn),
    ...(parameters.has(BY) && { isByLanguage: true }),
  }
}

/** Whether a selection is of all languages. */
export function isByLanguage(selection: string): boolean {
  // Nearly none is.
  return selection.endsWith(BY_LANGUAGE)
}

/**
 * The path of a prompt file as ids have it, for one that content names: `./poster.prompt.md?each=Spanish`, with the
 * marker or without. `undefined` for any other path.
 */
export function promptPathOf(written: string): string | undefined {
  if (isPromptFile(written)) return written
  const at = written.indexOf('?')
  if (at === -1 || !isPromptFile(written.slice(0, at))) return undefined
  const { selection, query } = splitSelection(splitMarker(written)?.query ?? written.slice(at))
  return query === '' ? written.slice(0, at) + selection : undefined
}

const ENCODED = /(?:%[\dA-Fa-f]{2}|~[\dA-F]{2})+/g

/**
 * Of a query as people write it, or as ids have it: what was read once may be read again. What encodes nothing stands
 * for itself.
 */
function decode(text: string): string {
  return text.replaceAll(ENCODED, (encoded) => {
    try {
      return decodeURIComponent(encoded.replaceAll('~', '%'))
    } catch {
      return encoded
    }
  })
}

const MEANT_BY_TOOLS = /[!'()*~]/g

function encodeSign(sign: string): string {
  return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`
}

function encode(value: string): string {
  return encodeURIComponent(value.normalize('NFC'))
    .replaceAll(MEANT_BY_TOOLS, encodeSign)
    .replaceAll('%', '~')
}

/** A selection as the query of an import says it, without the question mark: `each=New%20York`. */
export function queryOfSelection(selection: string): string {
  return selection.slice(1).replaceAll('~', '%')
}

/** A value as people write it in a query: only what has a meaning there is encoded. */
export function writtenValue(value: string): string {
  return value.replaceAll(/["#&]|[%~](?=[\dA-Fa-f]{2})/g, encodeSign)
}

/** A selection as people write it in a query: `?each=New York;front`. */
export function writtenSelection(selection: string): string {
  if (selection === '') return ''
  const { each, scene, turn, isByLanguage } = parseSelection(selection)
  const parameters = [
    ...(each.length > 0 ? [`${EACH}=${each.map(writtenValue).join(BETWEEN_VALUES)}`] : []),
    ...(scene === undefined ? [] : [`${SCENE}=${writtenValue(scene)}`]),
    ...(turn === undefined ? [] : [`${TURN}=${turn}`]),
    ...(isByLanguage ? [BY_LANGUAGE] : []),
  ]
  return `?${parameters.join('&')}`
}

/** The selection of a scene of the picture that another one selects. */
export function withScene(selection: string, scene: string): string {
  return toSelection({ ...selectionIn(selection), scene })
}

/** The selection of the picture whose scene another one selects; `undefined` where it selects none. */
export function withoutScene(selection: string): string | undefined {
  const { scene, ...rest } = selectionIn(selection)
  return scene === undefined ? undefined : toSelection(rest)
}

function selectionIn(selection: string): Selection {
  return selection === '' ? { each: [], turn: undefined } : parseSelection(selection)
}
