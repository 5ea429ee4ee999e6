/**
 * What a model is told so that its picture can be cut out: none of them gives transparency. The words are a
 * part of what is asked for, and so of the fingerprint: they must never change.
 */
export function backgroundInstruction(key: string): string {
  return [
    `Place the subject on a perfectly flat, uniform background of ${nameOf(key)} that fills everything around the subject, up to all four edges of the picture.`,
    'The background has no gradient, no texture, no pattern, no floor, no frame and no reflection, and the subject casts no shadow on it.',
    'The subject is whole, stands clear of the edges, and has sharp outlines; through its holes and gaps, the same flat background is seen.',
    'Nothing in the subject has this colour or a tint of it, and no light of this colour falls on the subject.',
  ].join(' ')
}

/** What a model is reminded of in each further turn. Its words must never change, either. */
export function backgroundReminder(key: string): string {
  return `Keep the background perfectly flat and uniform, of ${nameOf(key)}, without shadows, and keep this colour out of the subject.`
}

function nameOf(key: string): string {
  const known = KEYS.find(({ colour }) => colour === key)
  return known ? `pure ${known.name} (${key})` : `the pure colour ${key}`
}

/** Colours to choose from, the first best, and what speaks against each. */
const KEYS = [
  {
    colour: '#ff00ff',
    name: 'magenta',
    words:
      /\b(?:magenta|pink\w*|purpl\w*|violets?|fuchsias?|lilacs?|lavenders?|mauve|plums?|orchids?|roses?|rosy|peon(?:y|ies)|amethysts?|berr(?:y|ies)|\w+berr(?:y|ies)|flamingos?|aubergines?|eggplants?|neon)\b/gi,
  },
  {
    colour: '#00ff00',
    name: 'green',
    words:
      /\b(?:green\w*|emeralds?|lime|olives?|mint|jade|leaf|leaves|leafy|plants?|potted|grass\w*|lawns?|trees?|forests?|ferns?|moss\w*|ivy|cact(?:us|i)|herbs?|basil|parsley|salads?|lettuces?|cucumbers?|avocados?|peas?|frogs?|parrots?|roses?|flowers?|tulips?|bouquets?|neon)\b/gi,
  },
  {
    colour: '#0000ff',
    name: 'blue',
    words:
      /\b(?:blue\w*|navy|azure|cobalt|indigo|sapphires?|turquoise|cyan|denim|jeans|sky|skies|sea|ocean|water|ice|neon)\b/gi,
  },
] as const

/** The colour of which a prompt speaks least; of several, the first. Part of the fingerprint: it never changes. */
export function chooseKey(prompt: string): string {
  let [best, fewest]: [string, number] = [KEYS[0].colour, Infinity]
  for (const { colour, words } of KEYS) {
    const count = prompt.match(words)?.length ?? 0
    if (count < fewest) [best, fewest] = [colour, count]
  }
  return best
}
