import type { DeclarationId, FormName } from '@gemini-image/core/internal'
import {
  fileOfId,
  inlineId,
  renditionFormOf,
  splitSelection,
  TEXT,
  type HostOptions,
} from '@gemini-image/core/host'
import type { PictureForm } from '../picture-module.ts'

/** What the query of a specifier asks for, besides what is another plugin's. */
export interface Ask {
  readonly form: PictureForm
  /** The declaration inside the named file; `undefined` where the file is one. */
  readonly inline: string | undefined
  /** Which picture of the file is meant, where it declares several: `?each=Spanish`, or empty. */
  readonly selection: string
  /**
   * The rest of the query: rendition settings, where the form is one of ours; otherwise what is another
   * plugin's. `?w=400`, or empty.
   */
  readonly query: string
}

const INLINE = 'declared'
const AS = 'as'

/** Matches specifiers of inline declarations, for the filters of hooks. */
export const INLINE_SPECIFIER: RegExp = /[?&]gemini-image&declared=[0-9a-f]{16}/

/** The forms of a project's own. */
export type OwnForms = Pick<HostOptions, 'forms'>

/**
 * Takes our own parameters out of a query from which the marker was taken.
 * @param options Those of the project whose picture is asked for.
 */
export function readAsk(written: string, { forms }: OwnForms): Ask {
  if (written === '') return { form: 'asset', inline: undefined, selection: '', query: '' }
  const { selection, query } = splitSelection(written)
  const parameters = new URLSearchParams(query)
  const inline = parameters.get(INLINE) ?? undefined
  parameters.delete(INLINE)
  const isObject = parameters.get(AS) === 'object'
  const form = isObject ? 'object' : (renditionFormOf(parameters, forms) ?? 'asset')
  if (form === 'asset' && inline === undefined) return { form, inline, selection, query }
  const ours = (parameter: string): boolean =>
    parameter === `${AS}=${form}` || parameter === `${INLINE}=${inline}`
  const rest = query
    .slice(1)
    .split('&')
    .filter((parameter) => !ours(parameter))
  return {
    form,
    inline,
    selection,
    query: rest.length > 0 ? `?${rest.join('&')}` : '',
  }
}

/** The declaration that is asked for of a file. */
export function declarationIn(
  file: string,
  { inline, selection }: Pick<Ask, 'inline' | 'selection'>,
): DeclarationId {
  return inline === undefined ? file + selection : inlineId(file, inline)
}

/** A query without the texts of the page that the layers of a picture show. */
export function withoutTexts(query: string): string {
  if (!query.includes(TEXT)) return query
  const rest = query
    .slice(1)
    .split('&')
    .filter((parameter) => !parameter.startsWith(TEXT))
  return rest.length > 0 ? `?${rest.join('&')}` : ''
}

/** Whether a form is made of renditions. */
export function isRendition(form: PictureForm): boolean {
  return form !== 'asset' && form !== 'object'
}

/** Whether a form is one file. */
export async function isOneFile(form: FormName, { forms }: OwnForms): Promise<boolean> {
  const { formOf } = await import('@gemini-image/core/internal')
  return formOf(form, forms).isOneFile
}

/**
 * Whether a file of a form may be part of a script: of several, a browser takes one. Rendering loads the registry as well.
 */
export async function mayBeInlined(form: FormName, { forms }: OwnForms): Promise<boolean> {
  const { formOf } = await import('@gemini-image/core/internal')
  const { isOneFile: isOne, isLinked = false } = formOf(form, forms)
  return isOne && !isLinked
}

/** What imports an inline declaration's picture: the file that declares it, with our marker. */
export function inlineSpecifier(
  id: DeclarationId,
  importPath?: string,
  { form, query }: Pick<Ask, 'form' | 'query'> = { form: 'object', query: '' },
): string {
  const file = fileOfId(id)
  const digest = id.slice(file.length + 1)
  const marked = `${importPath ?? file.replaceAll('\\', '/')}?gemini-image&${INLINE}=${digest}`
  return `${marked}${query.replace('?', '&')}&${AS}=${form}`
}
