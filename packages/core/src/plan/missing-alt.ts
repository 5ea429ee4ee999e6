import { GeminiImageError } from '../kernel/errors/error.ts'
import { captionOf, onePerText, type Captioned } from './alt-warnings.ts'
import type { Declared } from './declared.ts'

/** A picture is to be shown, and nothing is declared for those who cannot see it. */
export function missingAlt({
  place,
  altDraft,
  language,
}: Pick<Captioned, 'place' | 'altDraft' | 'language'>): GeminiImageError {
  const isOne = language === undefined
  const what = `This picture has no alternative text${isOne ? '' : ` in ${language}`}.`
  if (altDraft === undefined) {
    return new GeminiImageError({
      code: 'MISSING_ALT',
      what,
      fix: `write ${isOne ? '"alt" beside its prompt' : `"${language}: …" under "alt"`}, for those who cannot see it; alt: "" where it is decorative. "npx gemini-image alt" drafts one from the picture.`,
      place,
    })
  }
  return new GeminiImageError({
    code: 'MISSING_ALT',
    what,
    why: `There is only a draft, which nobody has confirmed: ${JSON.stringify(altDraft)}`,
    fix: isOne
      ? 'look at the picture, read the draft, and rename altDraft to alt; alt: "" where it is decorative.'
      : `look at the picture, read the draft, and move it from altDraft to "${language}" under "alt".`,
    place,
  })
}

/** One error for each declaration without alternative text; of a prompt file with several pictures, the first. */
export function missingAlts(all: readonly Declared[]): GeminiImageError[] {
  const without = all.filter(({ spec }) => spec.alt === undefined)
  return onePerText(without).map((declared) => missingAlt(captionOf(declared)))
}
