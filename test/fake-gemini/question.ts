import { invalidArgument, unknownField, unknownModel, type Failure } from './failure.ts'
import { models, type FakeModel } from './models.ts'
import { scalePixels, sizeFactors, type PixelSize } from './pixels.ts'

/** A generateContent request that Google would accept, read into what an answer needs. */
export interface Question {
  version: string
  modelId: string
  model: FakeModel
  prompt: string
  pixels: PixelSize
  imageTokens: number
  /** False where this combination of options makes Google answer with text only. */
  wantsImage: boolean
}

type Json = Readonly<Record<string, unknown>>

/** Only the camelCase names: proto3 JSON takes snake_case too, our client must not rely on it. */
const topFields = new Set([
  'contents',
  'systemInstruction',
  'safetySettings',
  'tools',
  'toolConfig',
  'generationConfig',
  'cachedContent',
  'serviceTier',
  'labels',
  'store',
])

const generationFields = new Set([
  'temperature',
  'topP',
  'topK',
  'candidateCount',
  'maxOutputTokens',
  'stopSequences',
  'seed',
  'presencePenalty',
  'frequencyPenalty',
  'responseModalities',
  'responseMimeType',
  'responseSchema',
  'responseJsonSchema',
  'mediaResolution',
  'speechConfig',
  'thinkingConfig',
  'imageConfig',
])

const imageFields = new Set(['aspectRatio', 'imageSize'])

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function record(value: unknown): Json {
  return isRecord(value) ? value : {}
}

/** All text parts of the body's contents, joined by line feeds. */
export function readPrompt(body: unknown): string {
  return list(record(body)['contents'])
    .flatMap((content) => list(record(content)['parts']))
    .map((part) => record(part)['text'])
    .filter((text) => typeof text === 'string')
    .join('\n')
}

function strangeField(value: Json, known: ReadonlySet<string>, place: string): Failure | undefined {
  const name = Object.keys(value).find((key) => !known.has(key))
  return name === undefined ? undefined : unknownField(name, place)
}

/** Not `table[key]`: `toString` is no aspect ratio. */
function ownValue<Value>(table: Readonly<Record<string, Value>>, key: unknown): Value | undefined {
  return Object.entries(table).find(([name]) => name === key)?.[1]
}

function readImage(
  model: FakeModel,
  config: Json,
): Pick<Question, 'pixels' | 'imageTokens'> | Failure {
  const ratio = config['aspectRatio'] ?? '1:1'
  const size = config['imageSize'] ?? '1K'
  if ('imageSize' in config && !model.takesImageSize) {
    return invalidArgument('image_size is not supported for this model.')
  }
  const base = ownValue(model.pixels, ratio)
  if (base === undefined) {
    const offered = Object.keys(model.pixels).join(', ')
    return invalidArgument(`aspect_ratio must be one of ${offered}: got ${JSON.stringify(ratio)}.`)
  }
  const imageTokens = ownValue(model.tokens, size)
  if (imageTokens === undefined) {
    const offered = Object.keys(model.tokens).join(', ')
    return invalidArgument(`image_size must be one of ${offered}: got ${JSON.stringify(size)}.`)
  }
  return { pixels: scalePixels(base, sizeFactors[String(size)] ?? 1), imageTokens }
}

/** Gemini draws nothing when IMAGE was not asked for, or when Search may not answer in text. */
function wantsImage(body: Json, modalities: unknown): boolean {
  if (!Array.isArray(modalities) || modalities.length === 0) return true
  if (!modalities.includes('IMAGE')) return false
  const searches = list(body['tools']).some((tool) => 'googleSearch' in record(tool))
  return !searches || modalities.includes('TEXT')
}

/** Reads a body as strictly as Google does. */
export function readQuestion(modelId: string, version: string, body: unknown): Question | Failure {
  const model = models.get(modelId)
  if (model === undefined) return unknownModel(modelId, version)
  if (!isRecord(body)) return invalidArgument('Invalid JSON payload received. Unexpected token.')
  const generation = record(body['generationConfig'])
  const image = record(generation['imageConfig'])
  const strange =
    strangeField(body, topFields, '') ??
    strangeField(generation, generationFields, 'generation_config') ??
    strangeField(image, imageFields, 'generation_config.image_config')
  if (strange !== undefined) return strange
  if (list(body['contents']).length === 0) {
    return invalidArgument('* GenerateContentRequest.contents: contents is not specified\n')
  }
  const drawn = readImage(model, image)
  if ('code' in drawn) return drawn
  return {
    version,
    modelId,
    model,
    prompt: readPrompt(body),
    ...drawn,
    wantsImage: wantsImage(body, generation['responseModalities']),
  }
}
