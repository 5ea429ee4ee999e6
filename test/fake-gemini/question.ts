import { invalidArgument, type Failure } from './failure.ts'
import { ownValue } from './json.ts'
import type { FakeModel, ImageType, PictureModel, SearchType } from './models.ts'
import { scalePixels, sizeFactors, type PixelSize } from './pixels.ts'
import type { QuestionRoute } from './route.ts'

/** A request that is yet to be judged; its model exists. */
export interface Incoming<Model extends PictureModel> {
  version: string
  modelId: string
  model: Model
  body: unknown
  prompt: string
  /** Differs for every request to a server, and is the same on every server. */
  identity: string
}

export interface TokenCount {
  text: number
  image: number
}

/** A request that Google would accept, read into what an answer needs, whichever API it came by. */
export interface Question {
  route: QuestionRoute
  version: string
  modelId: string
  prompt: string
  identity: string
  type: ImageType
  pixels: PixelSize
  /** Of one picture in the answer. */
  imageTokens: number
  /** How many pictures are asked for. */
  pictures: number
  input: TokenCount
  /** False where the options make Google answer with text only. */
  wantsImage: boolean
  /** A few words before each picture. */
  wantsText: boolean
  wantsThoughts: boolean
  searches: readonly SearchType[]
  signs: boolean
  /** Whether text is all that was asked for. */
  isOfText?: boolean
  /** What a model says that only talks, and thinks nothing. */
  words?: string
}

/** What a question takes over as it came. */
export function carryOver({ version, modelId, prompt, identity }: Incoming<PictureModel>) {
  return { version, modelId, prompt, identity }
}

const charactersPerToken = 4

export function textTokens(text: string): number {
  return Math.ceil(text.length / charactersPerToken)
}

export function readPicture(
  model: PictureModel,
  ratio: unknown = '1:1',
  size?: unknown,
): Pick<Question, 'pixels' | 'imageTokens'> | Failure {
  if (size !== undefined && !model.takesImageSize) {
    return invalidArgument('image_size is not supported for this model.')
  }
  const base = ownValue(model.pixels, ratio)
  if (base === undefined) {
    const offered = Object.keys(model.pixels).join(', ')
    return invalidArgument(`aspect_ratio must be one of ${offered}: got ${JSON.stringify(ratio)}.`)
  }
  const name = size ?? '1K'
  const imageTokens = ownValue(model.tokens, name)
  if (imageTokens === undefined) {
    const offered = Object.keys(model.tokens).join(', ')
    return invalidArgument(`image_size must be one of ${offered}: got ${JSON.stringify(size)}.`)
  }
  return { pixels: scalePixels(base, sizeFactors[String(name)] ?? 1), imageTokens }
}

export interface Extras {
  /** In lower case. */
  thinkingLevel: string | undefined
  searches: readonly SearchType[]
  /** How many images the user sends along. */
  inputImages: number
}

/** Refuses what this model does not offer, or not as much of. */
export function refuseExtras(
  { modelId, model }: Pick<Incoming<FakeModel>, 'modelId' | 'model'>,
  { thinkingLevel, searches, inputImages }: Extras,
): Failure | undefined {
  if (thinkingLevel !== undefined && !model.thinkingLevels.some((it) => it === thinkingLevel)) {
    const level = model.thinkingLevels.length === 0 ? '' : ` ${thinkingLevel.toUpperCase()}`
    return invalidArgument(`Thinking level${level} is not supported for this model.`)
  }
  const search = searches.find((it) => !model.searches.includes(it))
  if (search !== undefined) {
    const name = search === 'web' ? 'Search Grounding' : 'Image search'
    return invalidArgument(`${name} is not supported for models/${modelId}.`)
  }
  if (inputImages > model.maxInputImages) {
    return invalidArgument(
      `Please use at most ${model.maxInputImages} images in your request to models/${modelId}: ` +
        `got ${inputImages}.`,
    )
  }
  return undefined
}
