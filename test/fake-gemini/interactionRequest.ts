import { refuseBody } from './check.ts'
import {
  invalidArgument,
  invalidSignature,
  missingSignature,
  unknownInteraction,
  type Failure,
} from './failure.ts'
import { refuseImage } from './inputImage.ts'
import {
  checkInteractionBody,
  isContent,
  type Content,
  type ImageContent,
  type InteractionBody,
  type ResponseFormat,
  type Step,
} from './interactionBody.ts'
import { list, record } from './json.ts'
import type { Memory } from './memory.ts'
import type { FakeModel, SearchType } from './models.ts'
import {
  carryOver,
  readPicture,
  refuseExtras,
  textTokens,
  type Incoming,
  type Question,
} from './question.ts'
import { signatureOf } from './signature.ts'

export interface InteractionQuestion extends Question {
  stores: boolean
  /** Of one picture that is context to the next interaction. */
  inputImageTokens: number
}

function textsOf(value: unknown): unknown[] {
  if (typeof value === 'string') return [value]
  if (Array.isArray(value)) return value.flatMap(textsOf)
  const { text, content, summary } = record(value)
  return [text, ...list(summary).flatMap(textsOf), ...list(content).flatMap(textsOf)]
}

/** All text of the body, instructions first, joined by line feeds. */
export function readInteractionPrompt(body: unknown): string {
  const { system_instruction: instruction, input } = record(body)
  return [instruction, ...textsOf(input)].filter((text) => typeof text === 'string').join('\n')
}

function stepsOf(input: InteractionBody['input']): readonly Step[] {
  if (typeof input === 'string') {
    return [{ type: 'user_input', content: [{ type: 'text', text: input }] }]
  }
  const items: readonly (Content | Step)[] = 'type' in input ? [input] : input
  const contents = items.filter(isContent)
  if (contents.length > 0) return [{ type: 'user_input', content: contents }]
  return items.filter((item) => !isContent(item))
}

function imagesOf({ content = [], summary = [] }: Step): readonly ImageContent[] {
  return [...summary, ...content].filter((item) => item.type === 'image')
}

function bytesOf({ data }: ImageContent): Buffer {
  return Buffer.from(data, 'base64')
}

function refuseImages(steps: readonly Step[]): Failure | undefined {
  return steps
    .flatMap(imagesOf)
    .map((image) => refuseImage({ mimeType: image.mime_type, bytes: bytesOf(image) }))
    .find((failure) => failure !== undefined)
}

/** Each picture of the model needs its signature, in a thought since the user spoke last. */
function refuseSignatures(steps: readonly Step[]): Failure | undefined {
  let signatures: string[] = []
  for (const [index, { type, content = [], signature }] of steps.entries()) {
    if (type === 'user_input') signatures = []
    if (type === 'thought' && signature !== undefined) signatures.push(signature)
    if (type !== 'model_output') continue
    for (const [number, item] of content.entries()) {
      if (item.type !== 'image') continue
      if (signatures.length === 0) return missingSignature(index + 1, number + 1)
      if (!signatures.includes(signatureOf(bytesOf(item)))) return invalidSignature()
    }
  }
  return undefined
}

function refuseSteps(steps: readonly Step[], model: FakeModel): Failure | undefined {
  if (steps.at(-1)?.type !== 'user_input') {
    return invalidArgument('Please ensure that the input ends with a user_input step.')
  }
  if (steps.some(({ type, content = [] }) => type === 'user_input' && content.length === 0)) {
    return invalidArgument('Please ensure that no user_input step is empty.')
  }
  return refuseImages(steps) ?? (model.signs ? refuseSignatures(steps) : undefined)
}

function readSearches({ tools = [] }: InteractionBody): readonly SearchType[] {
  const types = new Set(tools.flatMap(({ search_types: names = ['web_search'] }) => names))
  const searches: readonly SearchType[] = ['web', 'image']
  return searches.filter((type) => types.has(`${type}_search`))
}

function readFormats({ response_format: format = [] }: InteractionBody) {
  const formats: readonly ResponseFormat[] = 'type' in format ? [format] : format
  const image = formats.find(({ type }) => type === 'image')
  const wantsText = formats.some(({ type }) => type === 'text')
  const isOfText = wantsText && image === undefined
  return { image, wantsText, isOfText, wantsImage: !isOfText }
}

/** Reads a request for an interaction in its canonical shape, and in no other. */
export function readInteractionQuestion(
  incoming: Incoming<FakeModel>,
  memory: Memory,
): InteractionQuestion | Failure {
  const { model, prompt } = incoming
  const strange = refuseBody(incoming.body, checkInteractionBody)
  if (strange !== undefined) return strange
  // The check has proven it.
  const body = incoming.body as InteractionBody
  const previous = body.previous_interaction_id
  const context = previous === undefined ? { text: 0, image: 0 } : memory.recall(previous)
  if (context === undefined) return unknownInteraction(previous ?? '')
  const steps = stepsOf(body.input)
  const searches = readSearches(body)
  const { generation_config: generation = {} } = body
  const users = steps.filter(({ type }) => type === 'user_input')
  const refused =
    refuseSteps(steps, model) ??
    refuseExtras(incoming, {
      thinkingLevel: generation.thinking_level,
      searches,
      inputImages: users.flatMap(imagesOf).length,
    })
  if (refused !== undefined) return refused
  const { image, wantsText, isOfText, wantsImage } = readFormats(body)
  const picture = readPicture(model, image?.aspect_ratio, image?.image_size)
  if ('code' in picture) return picture
  const images = steps.flatMap(imagesOf).length * model.inputImageTokens
  return {
    ...carryOver(incoming),
    route: 'interactions',
    searches,
    wantsImage,
    isOfText,
    type: (image?.mime_type as typeof model.type | undefined) ?? model.type,
    ...picture,
    pictures: 1,
    input: { text: context.text + textTokens(prompt), image: context.image + images },
    // Citations need a text to stand in.
    wantsText: wantsText || searches.length > 0,
    wantsThoughts: generation.thinking_summaries === 'auto',
    signs: model.signs,
    stores: body.store ?? true,
    inputImageTokens: model.inputImageTokens,
  }
}
