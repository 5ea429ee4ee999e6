import { listWords } from '../../kernel/suggest.ts'
import type { ProviderDefinition } from '../../providers/definition.ts'
import { ownValue } from '../../providers/models/line-up.ts'
import type { Declared } from '../declared.ts'
import { matchesIn, type Finding, type Linted, type LintedText, type LintRule } from './rule.ts'

const DESCRIBING: readonly LintedText['kind'][] = ['prompt', 'slot', 'turn']

/** A ratio, and no time of day. */
const RATIO = /(?<![\d:.]|\bat )\b(\d{1,2}:\d{1,2})\b(?![:.]\d|\s*[ap]\.?m\b)/giu

function knownRatios({ catalogue: { models } }: ProviderDefinition): ReadonlySet<string> {
  const tables = models.flatMap(({ sizes }) => Object.values(sizes))
  return new Set(tables.flatMap(({ pixels }) => Object.keys(pixels)))
}

const THING = '(?:image|picture|photo|photograph|format|composition|frame|wallpaper|poster|banner)'

/** Words for a shape, and the shapes that they fit: the width divided by the height. */
const SHAPES: readonly {
  readonly pattern: RegExp
  readonly name: string
  fits(ratio: number): boolean
}[] = [
  {
    pattern: new RegExp(
      String.raw`\b(?:vertical|upright)[- ](?:${THING}|portrait|orientation|shot)\b|\bportrait[- ](?:format|orientation|mode)\b`,
      'giu',
    ),
    name: 'vertical',
    fits: (ratio) => ratio < 1,
  },
  {
    pattern: new RegExp(
      String.raw`\b(?:horizontal|widescreen|panoramic)[- ](?:${THING}|orientation|shot)\b|\blandscape[- ](?:format|orientation|mode)\b`,
      'giu',
    ),
    name: 'horizontal',
    fits: (ratio) => ratio > 1,
  },
  {
    pattern: new RegExp(String.raw`\bsquare[- ]${THING}\b`, 'giu'),
    name: 'square',
    fits: (ratio) => ratio === 1,
  },
]

const ratioWords = (definition: ProviderDefinition): LintRule => ({
  id: 'ratio-words',
  finds:
    'words for a shape that contradict `aspectRatio`: "3:2 wallpaper", "vertical portrait" at 1:1',
  why: 'The setting decides the shape. Words that say another compose the picture for a frame that it does not get.',
  check: (linted) => [
    ...contradictingRatios(linted, knownRatios(definition)),
    ...contradictingShapes(linted),
  ],
})

function contradictingRatios(linted: Linted, known: ReadonlySet<string>): Finding[] {
  return matchesIn(linted, DESCRIBING, RATIO).flatMap(({ found, text, place }) => {
    const [, said = ''] = found
    if (!known.has(said) || said === text.aspectRatio) return []
    const isOffered = ratiosOf(linted.declared).includes(said)
    return {
      place,
      what: `The prompt says ${said}, and ${settingOf(linted, text)}.`,
      fix: isOffered
        ? `write "aspectRatio: ${said}", or take the ratio out of the prompt.`
        : `take the ratio out of the prompt; ${linted.declared.model.id} offers ${listWords(ratiosOf(linted.declared))}.`,
    }
  })
}

function contradictingShapes(linted: Linted): Finding[] {
  return SHAPES.flatMap(({ pattern, name, fits }) =>
    matchesIn(linted, DESCRIBING, pattern)
      .filter(({ text }) => !fits(valueOf(text.aspectRatio)))
      .map(({ found: [words], text, place }) => {
        const fitting = ratiosOf(linted.declared).filter((ratio) => fits(valueOf(ratio)))
        return {
          place,
          what: `The prompt says "${words}", and ${settingOf(linted, text)}.`,
          fix: `write an "aspectRatio" that is ${name} (${listWords(fitting)}), or take the words out of the prompt.`,
        }
      }),
  )
}

function settingOf({ hasDefaultRatio, declared }: Linted, { aspectRatio }: LintedText): string {
  // A turn may have a ratio of its own.
  const isDefault = hasDefaultRatio && aspectRatio === declared.spec.aspectRatio
  return `aspectRatio is ${aspectRatio}${isDefault ? ' by default' : ''}`
}

function valueOf(ratio: string): number {
  const [width = 1, height = 1] = ratio.split(':').map(Number)
  return width / height
}

function ratiosOf({ model, spec }: Declared): readonly string[] {
  return Object.keys(ownValue(model.sizes, spec.size)?.pixels ?? {})
}

/** Widths and heights that differ less are the same shape to anybody who looks. */
const ALIKE = 0.1

const referenceShape = ({ words }: ProviderDefinition): LintRule => ({
  id: 'reference-shape',
  finds: 'a reference of another shape than the square that is asked for by default',
  why: `${words.company} by itself keeps the shape of the image that it is given. A declaration always asks for one, and that is 1:1 where it says nothing: the picture is cut or widened.`,
  check: ({ declared, hasDefaultRatio, original }) => {
    const [reference] = declared.spec.references
    if (!hasDefaultRatio || !original || !reference) return []
    const ratio = original.width / original.height
    if (Math.abs(Math.log(ratio / valueOf(declared.spec.aspectRatio))) < ALIKE) return []
    const { aspectRatio } = declared.spec
    return [
      {
        place: reference.place,
        what: `This reference is ${original.width} × ${original.height}, and aspectRatio is ${aspectRatio} by default.`,
        fix: `write "aspectRatio: auto" to keep its shape, or "aspectRatio: ${aspectRatio}" where that is what you want.`,
      },
    ]
  },
})

const LIKENESSES = [
  { role: 'object', limit: 'objects' },
  { role: 'character', limit: 'characters' },
] as const

const likeness: LintRule = {
  id: 'likeness',
  finds: 'more objects or characters among the references than the model keeps alike',
  why: 'A model takes more of them, and promises that so many will look as they do in their pictures.',
  check: ({ declared: { spec, model } }) =>
    LIKENESSES.flatMap(({ role, limit }) => {
      const most = model.references[limit]
      const beyond = spec.references.filter(({ as }) => as === role)[most]
      if (!beyond) return []
      return {
        place: beyond.place,
        what: `${model.id} keeps ${most} references "as: ${role}" alike, and this is one more.`,
        fix: 'combine some in a declaration of its own and refer to that, or leave them out.',
      }
    }),
}

const TRANSPARENT =
  /\btransparent (?:background|backdrop|png)\b|\bbackground (?:is|must be|should be|has to be) transparent\b|\balpha channel\b/giu

const transparency: LintRule = {
  id: 'transparency',
  finds: '"transparent background" without `transparent: true`',
  why: 'The models draw no transparency: they paint a checkerboard, or white. The setting asks for a plain colour and cuts the subject out.',
  check: (linted) =>
    linted.declared.spec.transparent
      ? []
      : matchesIn(linted, DESCRIBING, TRANSPARENT).map(({ found: [words], place }) => ({
          place,
          what: `The prompt says "${words}", and "transparent" is not set.`,
          fix: 'write "transparent: true", and leave the background out of the prompt.',
        })),
}

const ROLE =
  /\b(?:actor|actress|singer|politician|president|prime minister|chancellor|celebrity|celebrities|footballer)s?\b/giu

const NAMED = /\b(?:[Pp]ortrait|[Ll]ikeness|[Ff]ace) of (?:\p{Lu}\p{Ll}+ ){1,2}\p{Lu}\p{Ll}+/gu

const people = ({ words }: ProviderDefinition): LintRule => ({
  id: 'people',
  finds: 'people who are to be looked up with `grounding`',
  why: `${words.search} gives the models no pictures of real people, so whoever is drawn is somebody else.`,
  check: (linted) =>
    [ROLE, NAMED].flatMap((pattern) =>
      matchesIn(linted, DESCRIBING, pattern)
        .filter(({ text }) => text.isGrounded)
        .map(({ found: [words], place }) => ({
          place,
          what: `The prompt is grounded and asks for a person: "${words}".`,
          fix: 'name a photograph that you have the rights to under "references", or leave the person out.',
        })),
    ),
})

const SEVERAL =
  /\b(?:two|three|four|five|six|[2-9]) (?:different |separate |alternative )?(?:images|pictures|photos|photographs|versions|variants|variations|options)\b/giu

const severalPictures: LintRule = {
  id: 'several-pictures',
  finds: 'a number of pictures in the words of the prompt',
  why: 'A call gives the pictures that it gives: the models do not keep to a number. What comes is often one picture with all of them in it.',
  check: (linted) =>
    linted.declared.spec.output !== 'image' || linted.declared.spec.references.length > 0
      ? []
      : matchesIn(linted, ['prompt', 'slot'], SEVERAL).map(({ found: [words], place }) => ({
          place,
          what: `The prompt asks for "${words}".`,
          fix: 'write "variants: 3" for pictures to choose from, or a declaration for each picture.',
        })),
}

/** The rules about words and settings that do not go together, in the order in which they are told. */
export function settingRules(definition: ProviderDefinition): readonly LintRule[] {
  return [
    ratioWords(definition),
    referenceShape(definition),
    likeness,
    transparency,
    people(definition),
    severalPictures,
  ]
}
