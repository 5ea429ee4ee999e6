import { GeminiImageError } from '../kernel/errors/error.ts'
import { ownValue, pixelsOf, type LineUp } from '../providers/models/line-up.ts'
import type { ModelRow } from '../providers/models/model.ts'
import type { Problem } from '../providers/rules.ts'
import { isTemplateName, TEMPLATES } from './templates/templates.ts'
import { settingPlace, type Declaration } from './declaration.ts'
import { AUTO, beyondPrompt, ofProvider, type Settings } from './settings.ts'
import type { ImageSpec } from './spec.ts'
import { didYouMean, listWords } from '../kernel/suggest.ts'

type ModelCheck = (spec: ImageSpec, model: ModelRow) => readonly Problem[]

/** A model, among the others that a project may name. */
interface OfferedModel {
  readonly model: ModelRow
  readonly lineUp: LineUp
}

type Check = (spec: ImageSpec, settings: Settings) => readonly Problem[]

/**
 * What stands between a spec and a model; empty where the model can generate it.
 * @param turnsBefore How many of its turns are those of the conversation that it goes on from. @default 0
 */
export function findProblems(
  spec: ImageSpec,
  settings: Settings,
  offered: OfferedModel,
  declaration: Declaration,
  turnsBefore: number = 0,
): GeminiImageError[] {
  return problemsOf(spec, settings, offered).map(({ at, ...parts }) => {
    const [setting, ...path] = settings.after === undefined ? at : ownPart(at, turnsBefore)
    return new GeminiImageError({ ...parts, place: settingPlace(declaration, setting, path) })
  })
}

/** Where a declaration that goes on from another says what is wrong: its prompt is the first turn of its own. */
function ownPart(at: Problem['at'], turnsBefore: number): Problem['at'] {
  const [setting, index, ...rest] = at
  if (setting !== 'turns' || typeof index !== 'number') return at
  if (index > turnsBefore) return ['turns', index - turnsBefore - 1, ...rest]
  const [own = 'after', ...inside] = index === turnsBefore ? rest : []
  return [String(own), ...inside]
}

/** Whether a model can generate a spec that another one can. */
export function fits(spec: ImageSpec, offered: OfferedModel): boolean {
  if (!pixelsOf(offered.model, spec.aspectRatio, spec.size)) return false
  return checkModel(spec, offered).length === 0
}

function problemsOf(
  spec: ImageSpec,
  settings: Settings,
  offered: OfferedModel,
): readonly Problem[] {
  const problems: Problem[] = [...checkModel(spec, offered)]
  const note = (found: readonly Problem[]): void => {
    if (found.length > 0) problems.push(...found)
  }
  note(checkProvider(spec, offered.lineUp, problems))
  for (const check of CHECKS) note(check(spec, settings))
  return problems
}

/** What its row and its provider's rules say of a model. What a rule refuses is not told twice. */
function checkModel(spec: ImageSpec, { model, lineUp }: OfferedModel): readonly Problem[] {
  const beyond = (): readonly string[] => beyondPrompt(spec)
  const ruled = lineUp.rules.flatMap((rule) => rule(spec, model, beyond))
  const rows = ROW_CHECKS.flatMap((check) => check(spec, model))
  const sizes = checkSizes(spec, model, lineUp)
  if (ruled.length === 0 && rows.length === 0) return sizes
  const isTold = ({ at: [setting] }: Problem): boolean => ruled.some(({ at }) => at[0] === setting)
  const isThere = ({ at }: Problem): boolean => ruled.some((one) => one.at.join() === at.join())
  return [
    ...sizes.filter((problem) => !isThere(problem)),
    ...rows.filter((problem) => !isTold(problem)),
    ...ruled,
  ]
}

const NONE: readonly Problem[] = []

/** What the project's provider does not have, whatever the model. @param told What its rules have said. */
function checkProvider(
  spec: ImageSpec,
  { takes = [], transports = [] }: LineUp,
  told: readonly Problem[],
): readonly Problem[] {
  const { transport } = spec
  const foreign = ofProvider(spec).filter(
    (name) => !takes.includes(name) && !told.some(({ at: [setting] }) => setting === name),
  )
  const problems = foreign.map((name): Problem => ({
    code: 'UNSUPPORTED_SETTING',
    what: `The provider of this project does not take "${name}".`,
    fix: 'leave it out, or configure a provider that does: docs/providers.md names the settings of each.',
    at: [name],
  }))
  if (transport === undefined || transports.includes(transport)) return problems
  const fix =
    transports.length > 0
      ? `${didYouMean(transport, transports)}The APIs are ${listWords(transports)}.`
      : 'leave it out: the provider of this project has no choice of APIs.'
  const what = `"transport" cannot be ${JSON.stringify(transport)}.`
  return [...problems, { code: 'INVALID_VALUE', what, fix, at: ['transport'] }]
}

function checkSizes(spec: ImageSpec, model: ModelRow, lineUp: LineUp): readonly Problem[] {
  if (spec.turns.length === 0 && pixelsOf(model, spec.aspectRatio, spec.size)) return NONE
  const own: readonly Problem[] = [
    ...checkSize(spec.size, ['size'], { model, lineUp }),
    ...checkRatio(spec, ['aspectRatio'], model),
  ]
  const turns = spec.turns.flatMap((turn, index) => [
    ...checkSize(turn.size, ['turns', index, 'size'], { model, lineUp }),
    ...checkRatio(turn, ['turns', index, 'aspectRatio'], model),
  ])
  return [...own, ...turns]
}

function checkSize(size: string, at: Problem['at'], { model, lineUp }: OfferedModel): Problem[] {
  const sizes = Object.keys(model.sizes)
  if (sizes.includes(size)) return []
  const upper = size.toUpperCase()
  const others = lineUp.models.filter((one) => Object.hasOwn(one.sizes, size)).map(({ id }) => id)
  const another = others.length > 0 ? `Models that do: ${listWords(others)}. ` : ''
  const hint = sizes.includes(upper) ? `Write it with a capital K: ${upper}. ` : another
  return [
    {
      code: 'UNSUPPORTED_SIZE',
      what: `${model.id} does not offer the size "${size}".`,
      fix: `${hint}Its sizes are ${listWords(sizes)}.`,
      at,
    },
  ]
}

function checkRatio(
  { aspectRatio, size }: Pick<ImageSpec, 'aspectRatio' | 'size'>,
  at: Problem['at'],
  model: ModelRow,
): Problem[] {
  const row = ownValue(model.sizes, size) ?? Object.values(model.sizes)[0]
  const ratios = Object.keys(row?.pixels ?? {})
  if (ratios.includes(aspectRatio)) return []
  return [
    {
      code: 'UNSUPPORTED_ASPECT_RATIO',
      what: `${model.id} does not offer the aspect ratio "${aspectRatio}".`,
      fix: `Its ratios are ${listWords(ratios)}.`,
      at,
    },
  ]
}

const checkReferences: ModelCheck = ({ references: { length } }, { id, references: { total } }) => {
  if (length <= total) return NONE
  return [
    {
      code: 'TOO_MANY_REFERENCES',
      what: `${id} takes ${total} reference images; these are ${length}.`,
      fix: 'leave some out, or combine them in a declaration of its own and refer to that.',
      at: ['references'],
    },
  ]
}

const checkThinking: ModelCheck = (spec, { id, thinking: levels }) =>
  saying(spec, 'thinking', (one) => one.thinking).flatMap(({ said, at }) => {
    if (levels.includes(said)) return []
    const offered = levels.length > 0 ? `Its levels are ${listWords(levels)}.` : 'Leave it out.'
    return {
      code: 'UNSUPPORTED_THINKING',
      what: `${id} does not take the thinking level "${said}".`,
      fix: offered,
      at,
    }
  })

/** Nobody can look at the thoughts of a model that has none. */
const checkThoughts: ModelCheck = ({ keepThoughts }, { id, thinks, thinking: levels }) => {
  if (!keepThoughts || thinks || levels.length > 0) return NONE
  return [
    {
      code: 'UNSUPPORTED_THINKING',
      what: `${id} does not think: there are no thoughts to keep.`,
      fix: 'leave "keepThoughts" out, or declare a model that thinks, such as nano-banana.',
      at: ['keepThoughts'],
    },
  ]
}

const checkGrounding: ModelCheck = (spec, { id, grounding: kinds }) =>
  saying(spec, 'grounding', (one) => one.grounding).flatMap(({ said, at }) =>
    (['web', 'images'] as const)
      .filter((kind) => said[kind] && !kinds.includes(kind))
      .map((kind) => ({
        code: 'UNSUPPORTED_GROUNDING',
        what: `${id} cannot look up ${kind === 'web' ? 'pages' : 'pictures'}.`,
        fix:
          kinds.length > 0
            ? `Its kinds of grounding are ${listWords(kinds)}.`
            : 'leave "grounding" out, or declare a model that has it.',
        at: [...at, kind],
      })),
  )

interface Said<Value> {
  readonly said: Value
  readonly at: Problem['at']
}

/** The values that a spec and its turns have under a name. */
function saying<Value>(
  spec: ImageSpec,
  name: string,
  valueOf: (one: Partial<Pick<ImageSpec, 'thinking' | 'grounding'>>) => Value | undefined,
): readonly Said<Value>[] {
  const said = valueOf(spec)
  if (said === undefined && spec.turns.length === 0) return []
  const own = { said, at: [name] as const }
  const ofTurns = spec.turns.map((turn, index) => ({
    said: valueOf(turn),
    at: ['turns', index, name] as const,
  }))
  return [own, ...ofTurns].flatMap(({ said, at }) => (said === undefined ? [] : { said, at }))
}

/** Each call sends the pictures and texts of all turns before it: no model's context holds as many. */
export const MOST_TURNS = 200

const checkTogether: Check = (spec, settings) => {
  const { variants, turns } = spec
  const isGrounded = spec.grounding ?? turns.some((turn) => turn.grounding)
  const problems: Problem[] = [...checkWords(spec, settings)]
  if (spec.transparent && settings.format === 'jpeg') {
    problems.push({
      code: 'UNSUPPORTED_SETTING',
      what: 'A JPEG blurs the edge along which a subject is cut out.',
      fix: 'leave "format" out, or write png.',
      at: ['format'],
    })
  }
  if (settings.each && variants > 1) {
    problems.push({
      code: 'UNSUPPORTED_SETTING',
      what: 'Each of several pictures has one variant.',
      fix: 'leave "variants" out, or declare this picture in a file of its own.',
      at: ['variants'],
    })
  }
  if (settings.aspectRatio === AUTO) problems.push(...checkShape(spec))
  if (turns.length > MOST_TURNS) {
    problems.push({
      code: 'UNSUPPORTED_SETTING',
      what: `There are ${turns.length} turns; a picture can have at most ${MOST_TURNS}.`,
      fix: 'continue in a declaration of its own that refers to this picture.',
      at: ['turns', MOST_TURNS],
    })
  }
  if (settings.fresh !== undefined && !isGrounded) {
    problems.push({
      code: 'UNSUPPORTED_SETTING',
      what: 'Only a picture of looked-up data grows stale; without "grounding", it would be paid for again and show nothing new.',
      fix: 'add "grounding: { web: true }", or leave "fresh" out.',
      at: ['fresh'],
    })
  }
  if (settings.pick !== undefined && settings.pick > variants) {
    problems.push({
      code: 'UNSUPPORTED_SETTING',
      what: `Variant ${settings.pick} is picked of ${variants}.`,
      fix: variants === 1 ? 'write "variants: …" as well.' : `pick one from 1 to ${variants}.`,
      at: ['pick'],
    })
  }
  return problems
}

/** The shape of an image on the web is not known before it is fetched. */
function checkShape({ references: [first] }: ImageSpec): readonly Problem[] {
  if (first && first.turn === 0 && first.kind !== 'remote') return []
  const what = first?.turn === 0 ? 'it is not known before it is fetched' : 'there is none'
  return [
    {
      code: 'UNSUPPORTED_ASPECT_RATIO',
      what: `"auto" is the ratio of the first reference, and ${what}.`,
      fix: 'list a file or another declaration first under "references", or write a ratio.',
      at: ['aspectRatio'],
    },
  ]
}

/** Words alone are nobody's picture: a turn draws from them. */
function checkWords({ output, turns }: ImageSpec, settings: Settings): readonly Problem[] {
  const last = turns.at(-1)
  const isWords = (last ? last.output : output) === 'text'
  const problems: Problem[] = []
  if (isWords) {
    problems.push({
      code: 'UNSUPPORTED_SETTING',
      what: last
        ? 'The last turn asks for text, so the declaration has no picture.'
        : 'The answer to the prompt is text, and no turn draws from it.',
      fix: 'add a turn that draws, such as "Draw a poster with these words" under "turns"; name one that does, where "turn=…" is written; or leave "output" out.',
      at: last ? ['turns', turns.length - 1, 'output'] : ['output'],
    })
  }
  if (settings.output === 'text' && settings.template !== undefined) {
    problems.push({
      code: 'UNSUPPORTED_SETTING',
      what: 'A template asks for a picture, and the answer to the prompt is to be text.',
      fix: 'ask for the words in a prompt of your own, and leave "template" out.',
      at: ['template'],
    })
  }
  return problems
}

/** A template may need images to work on, or something to look up. */
const checkTemplate: Check = ({ references, grounding, turns }, { template, slots }) => {
  if (template === undefined && slots !== undefined) {
    return [
      {
        code: 'UNSUPPORTED_SETTING',
        what: 'There are slots, and no template that they fill.',
        fix: 'name the template under "template", or leave "slots" out.',
        at: ['slots'],
      },
    ]
  }
  if (template === undefined || !isTemplateName(template)) return NONE
  const { leastReferences, needsGrounding } = TEMPLATES[template]
  const problems: Problem[] = []
  if (references.length < leastReferences && turns.length === 0) {
    problems.push({
      code: 'UNSUPPORTED_SETTING',
      what: `The template "${template}" works on ${leastReferences === 1 ? 'an image' : `${leastReferences} images`}; "references" has ${references.length}.`,
      fix: 'list the images under "references".',
      at: ['template'],
    })
  }
  if (needsGrounding && !grounding) {
    problems.push({
      code: 'UNSUPPORTED_SETTING',
      what: `The template "${template}" shows what is looked up, and nothing may be looked up.`,
      fix: 'add "grounding: { web: true }".',
      at: ['template'],
    })
  }
  return problems
}

const ROW_CHECKS: readonly ModelCheck[] = [
  checkReferences,
  checkThinking,
  checkThoughts,
  checkGrounding,
]

const CHECKS: readonly Check[] = [checkTogether, checkTemplate]
