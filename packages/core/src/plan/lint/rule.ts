import type { Place } from '../../kernel/place.ts'
import type { Pixels } from '../../pixels/image.ts'
import type { Declared } from '../declared.ts'

/** A text of a declaration that a model reads, as it is written. */
export interface LintedText {
  /** `words` are drawn letter for letter, or asked for as text; the others describe the picture, or how to change it. */
  readonly kind: 'prompt' | 'slot' | 'words' | 'turn'
  readonly text: string
  /** The shape of the picture that it asks for. */
  readonly aspectRatio: string
  /** Whether the model may look things up for it. */
  readonly isGrounded: boolean
  /** The place of an offset in it, or the nearest that is known. */
  at(offset: number): Place
}

/** A declaration with what rules look at besides. */
export interface Linted {
  readonly declared: Declared
  readonly texts: readonly LintedText[]
  /** Whether `aspectRatio` is a default, and not written. */
  readonly hasDefaultRatio: boolean
  /** The size of the one picture that it works on; `undefined` where there are several, or nobody knows. */
  readonly original: Pixels | undefined
}

/** What a rule has come upon. */
export interface Finding {
  readonly place: Place
  /** What stands there, as a sentence. */
  readonly what: string
  /** What to write in its place. */
  readonly fix: string
}

/** One piece of advice of a provider's guide, as a check. */
export interface LintRule {
  /** Never changes: people switch it off by this name. */
  readonly id: string
  /** What it looks for, for the docs. */
  readonly finds: string
  /** Why that matters. */
  readonly why: string
  check(linted: Linted): readonly Finding[]
}

/** Text without what stands in quote marks, whose place is kept: those words are drawn and describe nothing. */
export function withoutQuotes(text: string): string {
  return text.replaceAll(QUOTED, (quoted) => ' '.repeat(quoted.length))
}

const QUOTED = /"[^"\n]*"|“[^”\n]*”|«[^»\n]*»|(?<!\p{L})['‘][^'’\n]{1,80}['’](?!\p{L})/gu

/** Every match of a pattern in the texts of these kinds, quoted words left out. */
export function matchesIn(
  { texts }: Linted,
  kinds: readonly LintedText['kind'][],
  pattern: RegExp,
): { readonly found: RegExpExecArray; readonly text: LintedText; readonly place: Place }[] {
  return texts
    .filter(({ kind }) => kinds.includes(kind))
    .flatMap((text) =>
      [...withoutQuotes(text.text).matchAll(pattern)].map((found) => ({
        found,
        text,
        place: text.at(found.index),
      })),
    )
}
