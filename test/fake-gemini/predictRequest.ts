import {
  anything,
  fields,
  flag,
  int32,
  listOf,
  oneOf,
  refuseBody,
  text,
  type Check,
} from './check.ts'
import { invalidArgument, type Failure } from './failure.ts'
import { list, record } from './json.ts'
import type { PictureModel } from './models.ts'
import { carryOver, readPicture, textTokens, type Incoming, type Question } from './question.ts'

interface PredictBody {
  instances: readonly { prompt: string }[]
  parameters?: {
    sampleCount?: number
    aspectRatio?: unknown
    imageSize?: unknown
    sampleImageSize?: unknown
  }
}

const parameters = fields({
  sampleCount: oneOf('TYPE_INT32', [1, 2, 3, 4]),
  aspectRatio: anything,
  imageSize: anything,
  /** The name that Google's own SDK sends. */
  sampleImageSize: anything,
  personGeneration: oneOf('PersonGeneration', ['dont_allow', 'allow_adult', 'allow_all']),
  seed: int32,
  negativePrompt: text,
  guidanceScale: anything,
  safetySetting: text,
  includeSafetyAttributes: flag,
  includeRaiReason: flag,
  language: text,
  outputOptions: fields({ mimeType: oneOf('MimeType', ['image/png']) }),
  addWatermark: flag,
  enhancePrompt: flag,
})

const checkPredictBody: Check = fields(
  { instances: listOf(fields({ prompt: text }, 'prompt')), parameters },
  'instances',
)

/** The prompts of all instances, joined by line feeds. */
export function readPredictPrompt(body: unknown): string {
  return list(record(body)['instances'])
    .map((instance) => record(instance)['prompt'])
    .filter((prompt) => typeof prompt === 'string')
    .join('\n')
}

/** Reads a request to Imagen. */
export function readPredictQuestion(incoming: Incoming<PictureModel>): Question | Failure {
  const { model, prompt } = incoming
  const strange = refuseBody(incoming.body, checkPredictBody)
  if (strange !== undefined) return strange
  // The check has proven it.
  const body = incoming.body as PredictBody
  if (body.instances.length !== 1) return invalidArgument('Exactly one instance is supported.')
  const { sampleCount = 1, aspectRatio, imageSize, sampleImageSize } = body.parameters ?? {}
  const picture = readPicture(model, aspectRatio, imageSize ?? sampleImageSize)
  if ('code' in picture) return picture
  return {
    ...carryOver(incoming),
    route: 'predict',
    type: model.type,
    ...picture,
    pictures: sampleCount,
    input: { text: textTokens(prompt), image: 0 },
    wantsImage: true,
    wantsText: false,
    wantsThoughts: false,
    searches: [],
    signs: false,
  }
}
