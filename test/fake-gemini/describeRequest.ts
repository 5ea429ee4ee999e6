import { hash } from 'node:crypto'
import { refuseBody } from './check.ts'
import { checkContentBody, type Content, type ContentBody } from './contentBody.ts'
import { refuseContents } from './contentRequest.ts'
import { invalidArgument, type Failure } from './failure.ts'
import type { FakeTextModel } from './models.ts'
import { textTokens, type Question } from './question.ts'

/** A request to a text model that is yet to be judged. */
export interface IncomingText {
  version: string
  modelId: string
  model: FakeTextModel
  body: unknown
  prompt: string
  identity: string
}

/** What a text model is shown and asked. */
export interface Shown {
  prompt: string
  /** The pictures of the request, in order. */
  images: readonly Buffer[]
}

/** What a text model says, where nobody has decided it: different for every picture. */
export function plainWords({ images: [first] }: Shown): string {
  if (first === undefined) return 'There is nothing to be seen.'
  return `A field of one colour with the number ${hash('sha256', first).slice(0, 8)}.`
}

function refusePictures(
  { generationConfig = {} }: ContentBody,
  { modelId, model }: IncomingText,
): Failure | undefined {
  const { imageConfig, responseModalities = [], thinkingConfig = {} } = generationConfig
  if (imageConfig !== undefined) {
    return invalidArgument(`Image config is not supported for models/${modelId}.`)
  }
  if (responseModalities.some((modality) => modality !== 'TEXT')) {
    return invalidArgument(
      `The requested combination of response modalities (${responseModalities.join(', ')}) is not supported by the model. models/${modelId} accepts: TEXT.`,
    )
  }
  const level = thinkingConfig.thinkingLevel?.toLowerCase()
  if (level === undefined || model.thinkingLevels.some((it) => it === level)) return undefined
  return invalidArgument(`Thinking level ${level.toUpperCase()} is not supported for this model.`)
}

function imagesOf(contents: readonly Content[]): Buffer[] {
  return contents
    .flatMap(({ parts = [] }) => parts)
    .flatMap(({ inlineData }) => (inlineData ? [Buffer.from(inlineData.data, 'base64')] : []))
}

/** Reads a generateContent request to a text model as strictly as Google does. */
export function readTextQuestion(
  incoming: IncomingText,
  say: (shown: Shown) => string,
): Question | Failure {
  const { version, modelId, model, prompt, identity } = incoming
  const strange = refuseBody(incoming.body, checkContentBody)
  if (strange !== undefined) return strange
  // The check has proven it.
  const body = incoming.body as ContentBody
  const { contents = [] } = body
  const refused = refuseContents(contents, { signs: false }) ?? refusePictures(body, incoming)
  if (refused !== undefined) return refused
  const images = imagesOf(contents)
  return {
    version,
    modelId,
    prompt,
    identity,
    route: 'generateContent',
    type: 'image/jpeg',
    pixels: [0, 0],
    imageTokens: 0,
    pictures: 0,
    input: { text: textTokens(prompt), image: images.length * model.inputImageTokens },
    wantsImage: false,
    wantsText: true,
    wantsThoughts: false,
    searches: [],
    signs: false,
    words: say({ prompt, images }),
  }
}
