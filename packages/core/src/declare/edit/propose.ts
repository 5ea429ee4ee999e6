import { GeminiImageError, isGeminiImageError } from '../../kernel/errors/error.ts'
import { openFiles } from '../../kernel/files/files.ts'
import type { FileKindName } from '../../kernel/files/kinds.ts'
import { startOf } from '../../kernel/place.ts'
import { matchLanguage } from '../../kernel/language.ts'
import {
  fileOfId,
  isInlineId,
  selectionOfId,
  type Declaration,
  type DeclarationId,
} from '../declaration.ts'
import { isContentFile } from '../inline/content.ts'
import { EVERY_FIELD } from '../inline/data.ts'
import { findAsked } from '../inline/find.ts'
import { Source } from '../inline/source.ts'
import { parsePromptFile } from '../prompt-file.ts'
import { LANGUAGE, parseSelection } from '../selection.ts'
import { readEach } from '../settings.ts'
import { diffOf } from './diff.ts'
import { findWritten, promptFileAsWritten, type Written } from './written.ts'

/** What is to be changed in a declaration. */
export interface DeclarationChange {
  /** Settings by their names; `undefined` takes one out. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined
  readonly prompt?: string | undefined
  /** What to say in a turn that is added behind those that are there. */
  readonly turn?: string | undefined
}

/** An edit of a file that was not made yet. */
export interface ProposedEdit {
  /** Absolute path. */
  readonly file: string
  /** The file's text, without a byte order mark. */
  readonly before: string
  readonly after: string
  /** What differs, as a unified diff. */
  readonly diff: string
  /** What the declaration is called afterwards: an inline id stands for what it says. */
  readonly id: DeclarationId
  /** What it says afterwards; not validated. A picture of a set is one of what this declares. */
  readonly declaration: Declaration
}

/** What holds a project's root. */
interface Rooted {
  readonly options: { readonly root: string }
}

/**
 * An edit of the file that declares a picture, which changes nothing but what is asked: comments, quotes and line endings
 * stay as they are. Whether the values make sense is for the next plan to say.
 * @param id A picture of a set stands for its prompt file.
 * @throws {GeminiImageError} `UNKNOWN_PICTURE` where nothing declares it (any more), `NOT_EDITABLE` where it is written in
 *   a way that cannot be edited, or what is wrong with the file.
 */
export function proposeEdit(
  { options: { root } }: Rooted,
  id: DeclarationId,
  wanted: DeclarationChange,
): ProposedEdit {
  const file = fileOfId(id)
  const before = openFiles(root).readText(kindOf(id), file)
  if (before === undefined) throw unknown(id)
  const written = { text: before, id: isInlineId(id) ? id : file, file, root }
  const state = edited(written, inLanguageOf(id, wanted, written))
  const { text: after } = state
  const { path } = startOf(root, file)
  return {
    file,
    before,
    after,
    diff: diffOf(path, before, after),
    id: isInlineId(id) ? state.id : id,
    declaration: find(state).declaration,
  }
}

/**
 * A prompt file's text with settings written into it, as {@link proposeEdit} would write them. Nothing is read, and nothing
 * written.
 * @param file Absolute path.
 * @throws {GeminiImageError} `NOT_EDITABLE`, or what is wrong with the text.
 */
export function writeSettings(
  text: string,
  settings: Readonly<Record<string, unknown>>,
  { file, root }: { readonly file: string; readonly root: string },
): string {
  return edited({ text, id: file, file, root }, { settings }).text
}

/**
 * Makes an edit.
 * @throws {GeminiImageError} `SOURCE_CHANGED` where the file is not as it was when the edit was proposed; `WRITE_FAILED`.
 */
export async function applyEdit(
  { options: { root } }: Rooted,
  { file, before, after, id }: ProposedEdit,
): Promise<void> {
  const files = openFiles(root)
  const kind = kindOf(id)
  if (files.readText(kind, file) === undefined) throw changed(file, root)
  await files.edit(kind, file, (text) => {
    if (text !== before) throw changed(file, root)
    return after
  })
}

/** The same change, in which an alternative text is that of one picture's language where the file has one for each. */
function inLanguageOf(
  id: DeclarationId,
  wanted: DeclarationChange,
  state: State,
): DeclarationChange {
  const alt = wanted.settings?.['alt']
  if (typeof alt !== 'string' || isInlineId(id)) return wanted
  const { declaration } = find(state)
  const written = declaration.settings.get('alt')?.value
  if (typeof written !== 'object' || written === null) return wanted
  const listed = readEach(declaration)?.[LANGUAGE]
  const { each } = parseSelection(selectionOfId(id))
  // The languages of the site are listed elsewhere.
  const language = each.find((one) => !listed || listed.includes(one))
  if (language === undefined || (!listed && each.length > 1))
    throw notEditable(state, '"alt" has a text for each language.')
  const key = matchLanguage(language, Object.keys(written)) ?? language
  return { ...wanted, settings: { ...wanted.settings, alt: { ...written, [key]: alt } } }
}

function kindOf(id: DeclarationId): FileKindName {
  if (!isInlineId(id)) return 'prompt'
  return isContentFile(fileOfId(id)) ? 'content' : 'source'
}

/** A text while it is edited. */
interface State {
  readonly text: string
  readonly id: DeclarationId
  readonly file: string
  readonly root: string
}

function edited(before: State, { settings = {}, prompt, turn }: DeclarationChange): State {
  let state = before
  for (const [key, value] of Object.entries(settings)) state = change(state, key, value)
  if (prompt !== undefined) state = change(state, 'prompt', prompt)
  return turn === undefined ? state : addTurn(state, turn)
}

function change(state: State, key: string, value: unknown): State {
  const { declaration, written } = find(state)
  const values = valuesOf(declaration)
  if (isSame(key, values.get(key), value)) return state
  const wanted = new Map(values)
  if (value === undefined) wanted.delete(key)
  else wanted.set(key, value)
  return firstThatHolds(state, written.set(key, value), wanted, key)
}

function addTurn(state: State, turn: string): State {
  const { declaration, written } = find(state)
  const values = valuesOf(declaration)
  const before: unknown = values.get('turns')
  const turns = [...(Array.isArray(before) ? (before as readonly unknown[]) : []), turn]
  const wanted = new Map(values).set('turns', turns)
  const all = function* (): Generator<string> {
    yield* written.append('turns', turn)
    yield* written.set('turns', turns)
  }
  return firstThatHolds(state, all(), wanted, 'turns')
}

function firstThatHolds(
  state: State,
  texts: Iterable<string>,
  wanted: ReadonlyMap<string, unknown>,
  key: string,
): State {
  const before = readAll(state)
  for (const text of texts) {
    const next = holding({ ...state, text }, before, wanted)
    if (next) return next
  }
  throw notEditable(
    state,
    `"${key}" cannot be written here without changing what stands around it.`,
  )
}

/** The text with its declaration, if that says what is wanted, and every other what it said. */
function holding(
  state: State,
  before: readonly (Declaration | undefined)[],
  wanted: ReadonlyMap<string, unknown>,
): State | undefined {
  const after = readAll(state)
  if (after.length !== before.length) return undefined
  const index = before.findIndex((one) => one?.id === state.id)
  const isKept = after.every((one, at) => at === index || one?.id === before[at]?.id)
  const declaration = after[index]
  if (!isKept || !declaration || !isSameMap(valuesOf(declaration), wanted)) return undefined
  return { ...state, id: declaration.id }
}

/** All that a text declares, in order; `undefined` for what is wrong. */
function readAll({ text, file, root, id }: State): readonly (Declaration | undefined)[] {
  if (isInlineId(id)) {
    return findAsked(text, { file, root }, EVERY_FIELD).declarations.map((one) =>
      isGeminiImageError(one) ? undefined : one,
    )
  }
  try {
    return [parsePromptFile(text, file, root)]
  } catch {
    return []
  }
}

function find(state: State): { readonly declaration: Declaration; readonly written: Written } {
  const { text, id, file, root } = state
  if (!isInlineId(id)) {
    return {
      declaration: parsePromptFile(text, file, root),
      written: promptFileAsWritten(text),
    }
  }
  openFiles(root).assertForModels(kindOf(id), file, text)
  const declaration = readAll(state).find((one) => one?.id === id)
  if (!declaration) throw unknown(id)
  const [written, another] = findWritten(new Source(text, { file, root }), id)
  if (another) throw notEditable(state, 'Two declarations in this file say the very same.')
  if (!written) throw notEditable(state, 'It is not written as one piece that could be edited.')
  return { declaration, written }
}

function valuesOf({ prompt, settings }: Declaration): Map<string, unknown> {
  const said = [...settings].map(([key, { value }]) => [key, value] as const)
  return new Map<string, unknown>([['prompt', prompt], ...said])
}

function isSameMap(
  one: ReadonlyMap<string, unknown>,
  other: ReadonlyMap<string, unknown>,
): boolean {
  return (
    one.size === other.size &&
    [...one].every(([key, value]) => other.has(key) && isSame(key, value, other.get(key)))
  )
}

function isSame(key: string, a: unknown, b: unknown): boolean {
  const plain = (value: unknown): unknown =>
    key === 'prompt' && typeof value === 'string' ? plainPrompt(value) : value
  return JSON.stringify(plain(a)) === JSON.stringify(plain(b))
}

/** White space around a prompt and the kind of its line endings mean nothing. */
function plainPrompt(prompt: string): string {
  return prompt.replaceAll(/\r\n?/g, '\n').trim()
}

function unknown(id: DeclarationId): GeminiImageError {
  return new GeminiImageError({
    code: 'UNKNOWN_PICTURE',
    what: `Nothing declares ${id}.`,
    why: 'An edit of what it says makes another declaration of it.',
    fix: 'list what is declared: npx gemini-image plan',
  })
}

function notEditable({ file, root, ...state }: State, what: string): GeminiImageError {
  const declared = readAll({ file, root, ...state }).find((one) => one?.id === state.id)
  return new GeminiImageError({
    code: 'NOT_EDITABLE',
    what,
    why: 'Nothing was changed.',
    fix: 'edit it by hand.',
    place: declared?.place ?? startOf(root, file),
  })
}

function changed(file: string, root: string): GeminiImageError {
  return new GeminiImageError({
    code: 'SOURCE_CHANGED',
    what: 'The file was changed after this edit of it was proposed.',
    why: 'Nothing was written: what came since would be lost.',
    fix: 'look at the file, and propose the edit again.',
    place: startOf(root, file),
  })
}
