import type { ImageRequest, OutputKind, RequestTurn } from '../providers/request.ts'
import { chooseKey } from '../pixels/cut-out/key-colour.ts'
import { GeminiImageError, joinErrors } from '../kernel/errors/error.ts'
import { DEFAULT_PROVIDER } from '../providers/built-in.ts'
import { findModels, modelNames, pixelsOf, type LineUp } from '../providers/models/line-up.ts'
import type { ModelRow } from '../providers/models/model.ts'
import type { Pixels } from '../pixels/image.ts'
import { filesOfLayers, type Layer } from '../pixels/layers/layer.ts'
import { fits, findProblems } from './capabilities.ts'
import { isInlineId, settingPlace, type Declaration } from './declaration.ts'
import { writePrompt, type PromptSources } from './prompt.ts'
import { assertOwn, goOn, turnsGoingOn } from './continuation.ts'
import { inOwnLanguage } from './languages.ts'
import { readLayers, type LayerSources } from './layers.ts'
import { LANGUAGE } from './selection.ts'
import { readAfter, readReferences, type ReferenceSpec } from './reference.ts'
import { sceneProblems } from './scenes.ts'
import { turnsOf, valuesOf } from './sets.ts'
import { AUTO, parseSettings, type Settings, type TurnSetting } from './settings.ts'
import { didYouMean, listWords } from '../kernel/suggest.ts'

/** A declaration, validated, with every default filled in. Settings that are not listed here are taken over as they are. */
export interface ImageSpec extends Omit<Settings, Rewritten> {
  /** The whole prompt: template, body and styles, with variables replaced. */
  readonly prompt: string
  /** Under `aspectRatio: auto`, `1:1` until {@link shapedAs} puts the ratio of the first reference in its place. */
  readonly aspectRatio: string
  /** Images that the model is to look at, in order: those of the prompt, then those of the turns. */
  readonly references: readonly ReferenceSpec[]
  /** Further instructions, each of which changes the picture of the one before. */
  readonly turns: readonly SpecTurn[]
  readonly system: string | undefined
  /** What the model may look up; `undefined` for nothing. */
  readonly grounding: ImageRequest['grounding'] | undefined
  readonly output: OutputKind
  /** The colour that is generated behind a subject which is to be cut out: `#ff00ff`. */
  readonly transparent: { readonly key: string } | undefined
  /** What is drawn over the picture; it costs nothing, and is no part of the request. */
  readonly layers?: readonly Layer[] | undefined
  /** Alternative text, in the language of the picture; empty for a decorative picture. */
  readonly alt?: string | undefined
  /** Language → alternative text, where they are declared by language. */
  readonly alts?: Readonly<Record<string, string>> | undefined
  /** The language of the picture, where it is one of a set by language. */
  readonly language?: string | undefined
}

/** A turn as it is asked; its references are the spec's. */
type SpecTurn = Omit<RequestTurn, 'references'>

/** Settings that the prompt holds, or that a spec has in a form of its own. */
type Rewritten =
  | 'alt'
  | 'references'
  | 'turns'
  | 'template'
  | 'slots'
  | 'style'
  | 'vars'
  | 'each'
  | 'sheet'
  | 'after'
  | 'system'
  | 'grounding'
  | 'output'
  | 'transparent'
  | 'layers'

/** A spec with what the catalogue says of it. */
export interface ValidatedSpec {
  readonly spec: ImageSpec
  /** The models that can generate it: the declared one, or the candidates of an alias, best first. */
  readonly models: readonly [ModelRow, ...ModelRow[]]
  readonly pixels: Pixels
  /**
   * The turns that take the ratio of the first reference (`aspectRatio: auto`), from 1, and 0 for the prompt. Empty where
   * the declaration names a ratio.
   */
  readonly takesShape: readonly number[]
  /** Absolute paths of the files that it was put together from: styles, and the prompt files that it goes on from. */
  readonly sources: readonly string[]
}

/** What surrounds declarations: settings that hold for all of them. */
export interface SpecContext extends PromptSources, Pick<LayerSources, 'layers'> {
  /** The model of declarations that name none. */
  readonly model: string
  readonly lineUp?: LineUp
  /** Hosts from which reference images may be fetched. */
  readonly remoteHosts?: readonly string[]
  /**
   * The declaration that another one goes on from.
   * @throws {GeminiImageError} what is wrong with it.
   */
  readonly earlier?: (after: Pick<ReferenceSpec, 'target' | 'place'>) => ValidatedSpec
}

/**
 * Validates a declaration against the schema and the catalogue.
 * @throws {GeminiImageError} what is wrong with it, at its place; `SEVERAL_PROBLEMS` lists more
 *   than one.
 */
export function validate(declaration: Declaration, context: SpecContext): ValidatedSpec {
  const said = parseSettings(declaration, context.model)
  const strange = sceneProblems(declaration, said)
  if (strange.length > 0) throw joinErrors(strange)
  if (isInlineId(declaration.id) && typeof said.alt === 'object') throw altsInline(declaration)
  const values = valuesOf(declaration, said)
  const whole = inOwnLanguage(declaration, said, values[LANGUAGE])
  const written = writePrompt(declaration, whole, context, values)
  const turns = turnsOf(declaration, whole.turns ?? [])
  const settings = whole.turns ? { ...whole, turns } : whole
  const references = readReferences(declaration, settings, context)
  const layers = readLayers(declaration, whole, context, values)
  const site = written.alts && context.siteLanguages?.()?.file
  const sources = [
    ...written.styleFiles,
    ...filesOfLayers(layers ?? []),
    ...(declaration.sources ?? []),
    ...(site === undefined ? [] : [site]),
  ]
  if (settings.after !== undefined) {
    const going = { settings, written, references, layers, sources }
    return validateGoingOn(declaration, going, context)
  }
  const { lineUp = DEFAULT_PROVIDER.catalogue } = context
  const candidates = findModels(settings.model, lineUp)
  if (candidates.length === 0) throw unknownModel(settings.model, declaration, lineUp)
  const takesShape = settings.aspectRatio === AUTO ? shapeTakers(settings) : []
  const spec = toSpec(
    takesShape.length > 0 ? { ...settings, aspectRatio: SQUARE } : settings,
    written,
    { references, layers },
  )
  return { spec, ...fitted(spec, settings, candidates, declaration, lineUp), takesShape, sources }
}

/** What a declaration says, before a model is asked whether it can generate that. */
interface Said {
  readonly settings: Settings
  readonly written: ReturnType<typeof writePrompt>
  readonly references: readonly ReferenceSpec[]
  readonly layers: ImageSpec['layers']
  /** As in {@link ValidatedSpec.sources}. */
  readonly sources: readonly string[]
}

/** A declaration whose prompt is the next turn of another one's conversation. */
function validateGoingOn(
  declaration: Declaration,
  { settings, written, references, layers, sources }: Said,
  context: SpecContext,
): ValidatedSpec {
  const { lineUp = DEFAULT_PROVIDER.catalogue } = context
  assertOwn(declaration)
  const after = readAfter(declaration, settings.after ?? '', context)
  const earlier = context.earlier?.(after)
  if (!earlier) throw new TypeError('Nobody knows the declaration that this one goes on from.')
  const added = turnsGoingOn(declaration, settings)
  const { alt, altDraft, alts, language } = written
  const turns = toTurns(earlier.spec, added, [written.prompt, ...written.turns])
  const { spec, takesShape } = goOn(
    earlier,
    { settings, alt, altDraft, alts, language, turns, references, layers },
    added,
  )
  const before = earlier.spec.turns.length
  const fitting = fitted(spec, settings, earlier.models, declaration, lineUp, before)
  return { spec, ...fitting, takesShape, sources: [...earlier.sources, ...sources] }
}

/** @throws {GeminiImageError} what the first candidate cannot generate. */
function fitted(
  spec: ImageSpec,
  settings: Settings,
  candidates: readonly ModelRow[],
  declaration: Declaration,
  lineUp: LineUp,
  turnsBefore = 0,
): Pick<ValidatedSpec, 'models' | 'pixels'> {
  const [first] = candidates
  const problems = first
    ? findProblems(spec, settings, { model: first, lineUp }, declaration, turnsBefore)
    : []
  const fitting = fitModels(spec, candidates, lineUp)
  if (problems.length > 0 || !fitting) throw joinErrors(problems)
  return fitting
}

function shapeTakers({ turns = [] }: Settings): readonly number[] {
  const taking = turns.flatMap((turn, index) => (turn.aspectRatio === undefined ? index + 1 : []))
  return [0, ...taking]
}

/**
 * The ratios that a shape is held against: those of every built-in model so far. They never change, so that an alias that
 * moves to a model with more of them changes no fingerprint.
 */
const SHAPES: ReadonlySet<string> = new Set('1:1 2:3 3:2 3:4 4:3 4:5 5:4 9:16 16:9 21:9'.split(' '))

/** Stands for a ratio that is not known yet. */
const SQUARE = '1:1'

/** Where models have been chosen already. */
const NO_OTHERS: LineUp = { models: [], aliases: [], rules: [] }

/** The candidates that can generate a spec; `undefined` where the first cannot. */
function fitModels(
  spec: ImageSpec,
  candidates: readonly ModelRow[],
  lineUp: LineUp = NO_OTHERS,
): Pick<ValidatedSpec, 'models' | 'pixels'> | undefined {
  const [first] = candidates
  const pixels = first && pixelsOf(first, spec.aspectRatio, spec.size)
  if (!pixels) return undefined
  const models: [ModelRow, ...ModelRow[]] = [first]
  for (let index = 1; index < candidates.length; index += 1) {
    const model = candidates[index]
    if (model && fits(spec, { model, lineUp })) models.push(model)
  }
  return { models, pixels }
}

/**
 * A spec in the ratio that is nearest to a shape, of those that its model has in its size.
 * @param shape The first reference, in pixels.
 */
export function shapedAs<Spec extends ValidatedSpec>(validated: Spec, shape: Pixels): Spec {
  const { spec, models, takesShape } = validated
  const wanted = Math.log(shape.width / shape.height)
  const offered = Object.entries(models[0].sizes[spec.size]?.pixels ?? {})
  const ratios = offered.filter(([ratio]) => SHAPES.has(ratio))
  const distance = ([, [width, height]]: (typeof ratios)[number]): number =>
    Math.abs(Math.log(width / height) - wanted)
  const [nearest] = ratios.toSorted((one, other) => distance(one) - distance(other))
  const aspectRatio = nearest?.[0] ?? spec.aspectRatio
  const turns = spec.turns.map((turn, index) =>
    takesShape.includes(index + 1) ? { ...turn, aspectRatio } : turn,
  )
  const shaped = { ...spec, aspectRatio, turns }
  return { ...validated, spec: shaped, ...fitModels(shaped, models) }
}

function toSpec(
  settings: Settings,
  { prompt, turns, system, alt, altDraft, alts, language }: Said['written'],
  { references, layers }: Pick<ImageSpec, 'references' | 'layers'>,
): ImageSpec {
  const { transparent } = settings
  const grounding = toGrounding(settings.grounding)
  return {
    ...settings,
    alt,
    altDraft,
    ...(alts && { alts }),
    ...(language !== undefined && { language }),
    prompt,
    references,
    turns: settings.turns ? toTurns(settings, settings.turns, turns) : NO_TURNS,
    system,
    grounding,
    // Some models generate nothing where a grounded answer may not hold text.
    output: settings.output ?? (grounding ? 'text-and-image' : 'image'),
    transparent: transparent && { key: transparent.key ?? chooseKey(prompt) },
    layers,
  }
}

function toGrounding(grounding: Settings['grounding']): ImageSpec['grounding'] {
  if (!grounding?.web && !grounding?.images) return undefined
  return { ...(grounding.web && { web: true }), ...(grounding.images && { images: true }) }
}

const NO_TURNS: readonly SpecTurn[] = []

/** What a turn takes over from the declaration that it belongs to, or goes on from. */
type Conversation = Pick<Settings, 'aspectRatio' | 'size' | 'output' | 'grounding'>

/** What a turn gives that does not say: as its declaration, but a picture where that asks for words first. */
function outputOf(turn: TurnSetting, { output, grounding }: Conversation): OutputKind | undefined {
  const isGrounded = toGrounding(turn.grounding) ?? (output === 'text' && toGrounding(grounding))
  return turn.output ?? (isGrounded ? 'text-and-image' : output === 'text' ? 'image' : undefined)
}

function toTurns(
  settings: Conversation,
  turns: readonly TurnSetting[],
  prompts: readonly string[],
): readonly SpecTurn[] {
  return turns.map((turn, index) => {
    const grounding = toGrounding(turn.grounding)
    const output = outputOf(turn, settings)
    return {
      prompt: prompts[index] ?? turn.prompt,
      aspectRatio: turn.aspectRatio ?? settings.aspectRatio,
      size: turn.size ?? settings.size,
      ...(turn.thinking && { thinking: turn.thinking }),
      ...(grounding && { grounding }),
      ...(output && { output }),
    }
  })
}

/** What is declared where it is shown is shown in one language. */
function altsInline(declaration: Declaration): GeminiImageError {
  return new GeminiImageError({
    code: 'UNSUPPORTED_SETTING',
    what: 'Alternative texts of several languages are declared here, and one is shown.',
    fix: 'write one text; or declare the picture in a prompt file, and import it with "?gemini-image&as=picture&by=language".',
    place: settingPlace(declaration, 'alt'),
  })
}

function unknownModel(name: string, declaration: Declaration, lineUp: LineUp): GeminiImageError {
  const names = modelNames(lineUp)
  return new GeminiImageError({
    code: 'UNKNOWN_MODEL',
    what: `"${name}" is not a model in the catalogue.`,
    fix: `${didYouMean(name, names)}The models are ${listWords(names)}. The option "models" adds one.`,
    place: settingPlace(declaration, 'model'),
  })
}
