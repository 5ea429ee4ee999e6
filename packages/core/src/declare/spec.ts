import type { RequestTurn } from '../providers/request.ts'
import { chooseKey } from '../pixels/cut-out/key-colour.ts'
import { GeminiImageError, joinErrors } from '../kernel/errors/error.ts'
import {
  BUILT_IN,
  findModels,
  modelNames,
  pixelsOf,
  type LineUp,
} from '../providers/models/line-up.ts'
import type { ModelRow } from '../providers/models/model.ts'
import type { Pixels } from '../pixels/image.ts'
import { fits, findProblems } from './capabilities.ts'
import { settingPlace, type Declaration } from './declaration.ts'
import { writePrompt, type PromptSources } from './prompt.ts'
import { readReferences, type ReferenceSpec } from './reference.ts'
import { parseSettings, type Settings, type TurnSetting } from './settings.ts'
import { didYouMean, listWords } from '../kernel/suggest.ts'

/** A declaration, validated, with every default filled in. */
export interface ImageSpec extends Pick<Settings, SpecSetting> {
  /** The whole prompt: template, body and styles, with variables replaced. */
  readonly prompt: string
  /** Images that the model is to look at, in order. */
  readonly references: readonly ReferenceSpec[]
  /** Further instructions, each of which changes the picture of the one before. */
  readonly turns: readonly RequestTurn[]
  readonly system: string | undefined
  /** What the model may look up; `undefined` for nothing. */
  readonly grounding: { readonly web: boolean; readonly images: boolean } | undefined
  readonly output: 'image' | 'text-and-image'
  /** The colour that is generated behind a subject which is to be cut out: `#ff00ff`. */
  readonly transparent: { readonly key: string } | undefined
}

/** Settings that a spec takes over as they are. */
type SpecSetting =
  | 'model'
  | 'aspectRatio'
  | 'size'
  | 'alt'
  | 'altDraft'
  | 'seed'
  | 'temperature'
  | 'safety'
  | 'thinking'
  | 'keepThoughts'
  | 'fresh'
  | 'variants'
  | 'pick'
  | 'transport'
  | 'focus'

/** A spec with what the catalogue says of it. */
export interface ValidatedSpec {
  readonly spec: ImageSpec
  /** The models that can generate it: the declared one, or the candidates of an alias, best first. */
  readonly models: readonly [ModelRow, ...ModelRow[]]
  readonly pixels: Pixels
  /** Absolute paths of the style files that are part of the prompt. */
  readonly styleFiles: readonly string[]
}

/** What surrounds declarations: settings that hold for all of them. */
export interface SpecContext extends PromptSources {
  /** The model of declarations that name none. */
  readonly model: string
  readonly lineUp?: LineUp
  /** Hosts from which reference images may be fetched. */
  readonly remoteHosts?: readonly string[]
}

/**
 * Validates a declaration against the schema and the catalogue.
 * @throws {GeminiImageError} what is wrong with it, at its place; `SEVERAL_PROBLEMS` lists more
 *   than one.
 */
export function validate(declaration: Declaration, context: SpecContext): ValidatedSpec {
  const { lineUp = BUILT_IN } = context
  const settings = parseSettings(declaration, context.model)
  const candidates = findModels(settings.model, lineUp)
  const [first] = candidates
  if (!first) throw unknownModel(settings.model, declaration, lineUp)
  const written = writePrompt(declaration, settings, context)
  const references = readReferences(declaration, settings.references ?? [], context)
  const spec = toSpec(settings, written, references)
  const problems = findProblems(spec, settings, first, declaration)
  const pixels = pixelsOf(first, spec.aspectRatio, spec.size)
  if (problems.length > 0 || !pixels) throw joinErrors(problems)
  const models: [ModelRow, ...ModelRow[]] = [first]
  for (let index = 1; index < candidates.length; index += 1) {
    const model = candidates[index]
    if (model && fits(spec, model)) models.push(model)
  }
  return { spec, models, pixels, styleFiles: written.styleFiles }
}

function toSpec(
  settings: Settings,
  { prompt, turns, system }: ReturnType<typeof writePrompt>,
  references: readonly ReferenceSpec[],
): ImageSpec {
  const { model, aspectRatio, size, grounding, transparent } = settings
  const grounds = grounding?.web === true || grounding?.images === true
  return {
    prompt,
    model,
    aspectRatio,
    size,
    alt: settings.alt,
    altDraft: settings.altDraft,
    references,
    turns: settings.turns ? toTurns(settings, settings.turns, turns) : NO_TURNS,
    system,
    seed: settings.seed,
    temperature: settings.temperature,
    safety: settings.safety,
    thinking: settings.thinking,
    keepThoughts: settings.keepThoughts,
    grounding: grounds
      ? { web: grounding.web === true, images: grounding.images === true }
      : undefined,
    fresh: settings.fresh,
    variants: settings.variants,
    pick: settings.pick,
    // Google generates nothing where a grounded answer may not hold text.
    output: settings.output ?? (grounds ? 'text-and-image' : 'image'),
    transport: settings.transport,
    focus: settings.focus,
    transparent: transparent && { key: transparent.key ?? chooseKey(prompt) },
  }
}

const NO_TURNS: readonly RequestTurn[] = []

function toTurns(
  { aspectRatio, size }: Settings,
  turns: readonly TurnSetting[],
  prompts: readonly string[],
): readonly RequestTurn[] {
  return turns.map((turn, index) => ({
    prompt: prompts[index] ?? turn.prompt,
    aspectRatio: turn.aspectRatio ?? aspectRatio,
    size: turn.size ?? size,
  }))
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
