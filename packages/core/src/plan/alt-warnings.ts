import { fileOfId, isInlineId, type DeclarationId } from '../declare/declaration.ts'
import { formatPlace, type Place } from '../kernel/place.ts'
import type { Declared } from './declared.ts'

/** A declaration, as far as its alternative text goes. */
export interface Captioned {
  readonly id: DeclarationId
  readonly place: Place
  /** Alternative text as declared; `undefined` where none was. */
  readonly alt: string | undefined
  /** A draft of it that nobody has confirmed. */
  readonly altDraft: string | undefined
  /** The language in which there is none, where there is one in others. */
  readonly language?: string | undefined
}

/** What a declaration says for those who cannot see its picture. */
export function captionOf({ id, place, spec }: Pick<Declared, 'id' | 'place' | 'spec'>): Captioned {
  const { alt, altDraft } = spec
  return { id, place, alt, altDraft, ...(spec.alts && { language: spec.language }) }
}

/** Those whose alternative text is written in a place of its own: the pictures of a prompt file share one. */
export function onePerText<One extends { readonly id: DeclarationId }>(
  all: readonly One[],
): readonly One[] {
  const byText = new Map<string, One>()
  for (const one of all) {
    const text = textOf(one.id)
    if (!byText.has(text)) byText.set(text, one)
  }
  return [...byText.values()]
}

/** What holds the alternative text of a declaration. */
function textOf(id: DeclarationId): string {
  return isInlineId(id) ? id : fileOfId(id)
}

/** The same as one warning, for whoever goes on without; `undefined` where there is nothing to say. */
export function warnOfAlts(all: readonly Captioned[]): string | undefined {
  const without = onePerText(all.filter(({ alt }) => alt === undefined))
  if (without.length === 0) return undefined
  const places = without.map(
    ({ place, altDraft }) =>
      `\n  ${formatPlace(place)}${altDraft === undefined ? '' : '  altDraft: read it, and rename it to alt'}`,
  )
  const have = without.length === 1 ? '1 picture has' : `${without.length} pictures have`
  return `MISSING_ALT: ${have} no alternative text, which is an error in a build:${places.join('')}\n  Write "alt" beside the prompt, alt: "" for a decorative picture; "npx gemini-image alt" drafts it.`
}

/** Remembers what people who look on were told, so that each declaration is named once. */
export class AltWarnings {
  readonly #told = new Set<string>()

  /** The warning for those that were not named yet. One that was fixed and lost it again is new. */
  news(all: readonly Captioned[]): string | undefined {
    const fresh = all.filter(({ id, alt }) => alt === undefined && !this.#told.has(textOf(id)))
    for (const { id, alt } of all) {
      if (alt === undefined) this.#told.add(textOf(id))
      else this.#told.delete(textOf(id))
    }
    return warnOfAlts(fresh)
  }
}
