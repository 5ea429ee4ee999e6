import { listWords } from '../../kernel/suggest.ts'
import type { ProviderDefinition } from '../../providers/definition.ts'
import { matchesIn, withoutQuotes, type LintRule } from './rule.ts'

/** Fewer phrases may well be one description. */
const FEWEST_KEYWORDS = 4
/** Words of a phrase that describes nothing. */
const KEYWORD_LENGTH = 3

const keywords: LintRule = {
  id: 'keywords',
  finds: 'a prompt that is a list of keywords',
  why: 'The models understand sentences. A scene that is described makes a better and more coherent picture than words that stand side by side.',
  check: ({ texts, declared }) =>
    texts
      .filter(({ kind, text }) => kind === 'prompt' && isKeywordList(text))
      .map(({ at, text }) => ({
        place: at(0),
        what: `The prompt of "${declared.name}" is a list of ${phrasesOf(text).length} keywords.`,
        fix: 'describe the scene in sentences: who or what is there, doing what, where, in what light.',
      })),
}

function phrasesOf(text: string): string[] {
  return text.split(/[,;|\n]+/u).flatMap((phrase) => phrase.trim() || [])
}

function isKeywordList(text: string): boolean {
  // A full stop inside the text ends a sentence.
  if (/[.!?。！？]\s+\S/u.test(text.trim())) return false
  const phrases = phrasesOf(text)
  const short = phrases.filter((phrase) => phrase.split(/\s+/u).length <= KEYWORD_LENGTH)
  return phrases.length >= FEWEST_KEYWORDS && short.length >= phrases.length * 0.8
}

/** What the guide itself writes: that there is no text is hard to say otherwise. */
const FINE_WITHOUT = String.raw`(?:other |more |further |added )?(?:text|words?|letters?|lettering|captions?|writing|typography|watermarks?|logos?)\b|longer\b|matter\b|more than\b|fewer\b|less\b|one\b|signs? of\b|traces? of\b|hint of\b|trace of\b`
const NEGATIVE = new RegExp(
  [
    String.raw`\bno (?!${FINE_WITHOUT})[\p{L}-]+`,
    String.raw`\bwithout (?!${FINE_WITHOUT}|an?\b|the\b|its\b|his\b|her\b|their\b|being\b|\p{L}+ing\b)(?:any )?[\p{L}-]+`,
    String.raw`\b(?:don['’]t|do not|never) (?:show|draw|include|add|put|use|depict)\b(?: [\p{L}-]+)?`,
    String.raw`\bavoid (?:any )?[\p{L}-]+`,
  ].join('|'),
  'giu',
)

const negatives: LintRule = {
  id: 'negatives',
  finds: 'what a picture is not to show: "no cars", "without people", "do not show …"',
  why: 'A thing that is named tends to be drawn. The guide calls the way around it a semantic negative prompt: say what is there in its place.',
  check: (linted) =>
    matchesIn(linted, ['prompt', 'slot'], NEGATIVE).map(({ found: [words], place }) => ({
      place,
      what: `The prompt names what is not to be seen: "${words}".`,
      fix: 'say what is to be seen in its place: "an empty street in the early morning", not "no cars".',
    })),
}

/** Letters of the scripts of all languages that a provider lists. */
const SERVED =
  /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u

/** Words that no served language has, in languages that are written in its script. */
const OTHER_LANGUAGES: Readonly<Record<string, readonly string[]>> = {
  Dutch: ['het', 'een', 'van', 'voor', 'naast', 'zijn', 'naar', 'wordt', 'bij'],
  Polish: ['jest', 'się', 'przy', 'oraz', 'nad', 'pod', 'przez', 'obok', 'który'],
  Turkish: ['bir', 've', 'ile', 'için', 'bu', 'üzerinde', 'gibi', 'olan'],
  Swedish: ['och', 'ett', 'på', 'med', 'är', 'som', 'från', 'över'],
  Danish: ['og', 'et', 'på', 'med', 'af', 'til', 'fra', 'ved'],
  Czech: ['je', 've', 'na', 'který', 'přes', 'pod', 'nad', 'vedle', 'stojí'],
}

/** How many of them make the language. */
const TELLING = 3

const language = ({ words, catalogue }: ProviderDefinition): LintRule => ({
  id: 'language',
  finds: `a prompt in a language that ${words.company} does not list`,
  why: `The models are at their best in ${listWords(catalogue.languages.map(({ name }) => name))}.`,
  check: ({ texts }) =>
    texts.flatMap(({ kind, text, at }) => {
      const found = kind === 'words' ? undefined : otherLanguage(withoutQuotes(text))
      if (found === undefined) return []
      return {
        place: at(0),
        what: `The prompt is written in ${found}.`,
        fix: 'write it in English or another of these languages; words to be drawn stay as they are, in quote marks.',
      }
    }),
})

/** The language of a text that is none of those, as far as that can be told. */
function otherLanguage(text: string): string | undefined {
  const letters = text.match(/\p{L}/gu) ?? []
  const foreign = letters.filter((letter) => !SERVED.test(letter))
  if (foreign.length > letters.length / 2) return 'a script that none of these languages has'
  const words = new Set(text.toLowerCase().match(/\p{L}+/gu))
  return Object.entries(OTHER_LANGUAGES).find(
    ([, telling]) => telling.filter((word) => words.has(word)).length >= TELLING,
  )?.[0]
}

/** The rules about words, in the order in which they are told. */
export function wordingRules(definition: ProviderDefinition): readonly LintRule[] {
  const hasList = definition.catalogue.languages.length > 0
  return [keywords, negatives, ...(hasList ? [language(definition)] : [])]
}
