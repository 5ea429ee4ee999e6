import { GeminiImageError } from '../kernel/errors/error.ts'
import type { ErrorCode } from '../kernel/errors/codes.ts'
import { ownValue, pixelsOf } from '../providers/models/line-up.ts'
import type { ModelRow } from '../providers/models/model.ts'
import { isTemplateName, TEMPLATES } from './templates/templates.ts'
import { settingPlace, type Declaration } from './declaration.ts'
import type { Settings } from './settings.ts'
import type { ImageSpec } from './spec.ts'
import { listWords } from '../kernel/suggest.ts'

interface Problem {
  readonly code: ErrorCode
  readonly what: string
  readonly fix: string
  /** The setting, and the path inside it, that is to be fixed. */
  readonly at: readonly [setting: string, ...path: PropertyKey[]]
}

type ModelCheck = (spec: ImageSpec, model: ModelRow) => readonly Problem[]

type Check = (spec: ImageSpec, settings: Settings) => readonly Problem[]

/** What stands between a spec and a model; empty where the model can generate it. */
export function findProblems(
  spec: ImageSpec,
  settings: Settings,
  model: ModelRow,
  declaration: Declaration,
): GeminiImageError[] {
  return problemsOf(spec, settings, model).map(
    ({ at: [setting, ...path], ...parts }) =>
      new GeminiImageError({ ...parts, place: settingPlace(declaration, setting, path) }),
  )
}

/** Whether a model can generate a spec that another one can. */
export function fits(spec: ImageSpec, model: ModelRow): boolean {
  if (!pixelsOf(model, spec.aspectRatio, spec.size)) return false
  return CHECKS_BY_FAMILY[model.family].every((check) => check(spec, model).length === 0)
}

function problemsOf(spec: ImageSpec, settings: Settings, model: ModelRow): readonly Problem[] {
  const problems: Problem[] = []
  const note = (found: readonly Problem[]): void => {
    if (found.length > 0) problems.push(...found)
  }
  for (const check of CHECKS_BY_FAMILY[model.family]) note(check(spec, model))
  for (const check of CHECKS) note(check(spec, settings))
  return problems
}

const NONE: readonly Problem[] = []

const checkSizes: ModelCheck = (spec, model) => {
  if (spec.turns.length === 0 && pixelsOf(model, spec.aspectRatio, spec.size)) return NONE
  const own: readonly Problem[] = [
    ...checkSize(spec.size, ['size'], model),
    ...checkRatio(spec, ['aspectRatio'], model),
  ]
  const turns = spec.turns.flatMap((turn, index) => [
    ...checkSize(turn.size, ['turns', index, 'size'], model),
    ...checkRatio(turn, ['turns', index, 'aspectRatio'], model),
  ])
  return [...own, ...turns]
}

function checkSize(size: string, at: Problem['at'], model: ModelRow): Problem[] {
  const sizes = Object.keys(model.sizes)
  if (sizes.includes(size)) return []
  const upper = size.toUpperCase()
  const hint = sizes.includes(upper) ? `Write it with a capital K: ${upper}. ` : ''
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

const checkReferences: ModelCheck = ({ references }, { id, references: limits }) => {
  if (references.length === 0) return NONE
  const count = (as: string): number => references.filter((one) => one.as === as).length
  const counted = [
    { found: references.length, limit: limits.total, of: 'reference images' },
    { found: count('object'), limit: limits.objects, of: 'references "as: object"' },
    { found: count('character'), limit: limits.characters, of: 'references "as: character"' },
  ]
  return counted
    .filter(({ found, limit }) => found > limit)
    .map(({ found, limit, of }) => ({
      code: 'TOO_MANY_REFERENCES',
      what: `${id} takes ${limit} ${of}; these are ${found}.`,
      fix: 'leave some out, or combine them in a declaration of its own and refer to that.',
      at: ['references'],
    }))
}

const checkThinking: ModelCheck = ({ thinking }, { id, thinking: levels }) => {
  if (thinking === undefined || levels.includes(thinking)) return NONE
  const offered = levels.length > 0 ? `Its levels are ${listWords(levels)}.` : 'Leave it out.'
  return [
    {
      code: 'UNSUPPORTED_THINKING',
      what: `${id} does not take the thinking level "${thinking}".`,
      fix: offered,
      at: ['thinking'],
    },
  ]
}

const checkGrounding: ModelCheck = ({ grounding }, { id, grounding: kinds }) => {
  if (!grounding) return NONE
  const asked = (['web', 'images'] as const).filter((kind) => grounding[kind])
  return asked
    .filter((kind) => !kinds.includes(kind))
    .map((kind) => ({
      code: 'UNSUPPORTED_GROUNDING',
      what: `${id} cannot look up ${kind === 'web' ? 'pages' : 'pictures'}.`,
      fix:
        kinds.length > 0
          ? `Its kinds of grounding are ${listWords(kinds)}.`
          : 'leave "grounding" out, or declare a model that has it.',
      at: ['grounding', kind],
    }))
}

/** Imagen takes a prompt, a ratio and a size, and nothing else. */
const checkPromptAlone: ModelCheck = (spec, { id }) => {
  const beyond: readonly (readonly [key: keyof Settings, isAsked: boolean])[] = [
    ['references', spec.references.length > 0],
    ['turns', spec.turns.length > 0],
    ['system', spec.system !== undefined],
    ['seed', spec.seed !== undefined],
    ['temperature', spec.temperature !== undefined],
    ['safety', spec.safety !== undefined],
    ['thinking', spec.thinking !== undefined],
    ['keepThoughts', spec.keepThoughts],
    ['grounding', spec.grounding !== undefined],
    ['output', spec.output === 'text-and-image' && spec.grounding === undefined],
    ['transport', spec.transport !== undefined],
  ]
  return beyond
    .filter(([, isAsked]) => isAsked)
    .map(([key]) => ({
      code: 'UNSUPPORTED_SETTING',
      what: `${id} draws from a prompt alone and does not take "${key}".`,
      fix: 'leave it out, or declare a Gemini model such as nano-banana.',
      at: [key],
    }))
}

/** Each call sends the pictures and texts of all turns before it: no model's context holds as many. */
const MOST_TURNS = 200

const checkTogether: Check = ({ grounding, variants, turns }, settings) => {
  const problems: Problem[] = []
  if (turns.length > MOST_TURNS) {
    problems.push({
      code: 'UNSUPPORTED_SETTING',
      what: `There are ${turns.length} turns; a picture can have at most ${MOST_TURNS}.`,
      fix: 'continue in a declaration of its own that refers to this picture.',
      at: ['turns', MOST_TURNS],
    })
  }
  if (grounding && settings.output === 'image') {
    problems.push({
      code: 'UNSUPPORTED_SETTING',
      what: 'A grounded request that may not answer in text gets no picture.',
      fix: 'leave "output" out, or write text-and-image.',
      at: ['output'],
    })
  }
  if (settings.fresh !== undefined && !grounding) {
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

const CHECKS_BY_FAMILY: Readonly<Record<ModelRow['family'], readonly ModelCheck[]>> = {
  gemini: [checkSizes, checkReferences, checkThinking, checkGrounding],
  imagen: [checkSizes, checkPromptAlone],
}

const CHECKS: readonly Check[] = [checkTogether, checkTemplate]
