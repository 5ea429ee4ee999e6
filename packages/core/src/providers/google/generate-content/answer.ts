import { z } from 'zod'
import type {
  Citation,
  Grounding,
  GroundingSource,
  ProviderResult,
  ResultPart,
} from '../../provider.ts'
import { toTokenCount, type TokenCount } from '../../models/price.ts'
import {
  count,
  flag,
  imageTokens,
  list,
  optional,
  text,
  pictureBytes,
  isWebAddress,
  chooseParts,
} from '../../lenient.ts'
import { badAnswer, refusal, type RefusalFacts } from '../refusal.ts'
import { offset, toCitations } from '../citations.ts'
import { pictureMark } from '../transport.ts'

const part = z.object({
  text,
  thought: flag,
  thoughtSignature: text,
  inlineData: optional(z.object({ mimeType: text, data: text })),
  fileData: optional(z.object({ fileUri: text })),
})
type Part = z.infer<typeof part>

const groundingMetadata = z.object({
  searchEntryPoint: optional(z.object({ renderedContent: text })),
  webSearchQueries: list(z.string()),
  imageSearchQueries: list(z.string()),
  groundingChunks: list(
    z.object({
      web: optional(z.object({ uri: text, title: text })),
      image: optional(z.object({ sourceUri: text, imageUri: text, title: text })),
    }),
  ),
  groundingSupports: list(
    z.object({
      segment: optional(
        z.object({ partIndex: offset, startIndex: offset, endIndex: offset, text }),
      ),
      groundingChunkIndices: list(z.int()),
    }),
  ),
})

const candidate = z.object({
  content: optional(z.object({ parts: list(part) })),
  finishReason: text,
  finishMessage: text,
  groundingMetadata: optional(groundingMetadata),
})
type Candidate = z.infer<typeof candidate>

/** Google's answer, read leniently. */
const answerSchema = z.object({
  candidates: list(candidate),
  promptFeedback: optional(z.object({ blockReason: text, blockReasonMessage: text })),
  usageMetadata: optional(
    z.object({
      promptTokenCount: count,
      toolUsePromptTokenCount: count,
      candidatesTokenCount: count,
      thoughtsTokenCount: count,
      candidatesTokensDetails: list(z.object({ modality: text, tokenCount: count })),
    }),
  ),
  modelVersion: text,
})

/** The way to a picture. An answer that holds neither, and has something else there, cannot be read. */
const skeleton = z.object({
  candidates: z
    .array(z.object({ content: z.object({ parts: z.array(z.unknown()).nullish() }).nullish() }))
    .nullish(),
})

type Answer = z.infer<typeof answerSchema>

interface Asked {
  readonly askedModel: string
  /** Whether all pictures are wanted, and not the last alone. */
  readonly isOfSeveral: boolean
  /** Whether text is wanted, and no picture. @default false */
  readonly isOfText?: boolean | undefined
}

/**
 * The pictures in an answer: inline parts of the first candidate that has some, thoughts left out. Where text is wanted,
 * the text of the first that has some.
 * @throws {PictureRefusal} `BLOCKED`, `NO_IMAGE` or `NO_TEXT`, with Google's own reason.
 * @throws {GeminiImageError} `BAD_ANSWER` where it is no Gemini answer at all.
 */
export function readAnswer(json: unknown, asked: Asked): ProviderResult {
  const { isOfText = false } = asked
  const camel = camelKeys(json)
  const parsed = answerSchema.safeParse(camel)
  if (!parsed.success) throw noAnswer()
  const answer = parsed.data
  const isResult = (one: Part): boolean => !one.thought && isWanted(one, isOfText)
  const chosen =
    answer.candidates.find((one) => partsOf(one).some(isResult)) ?? answer.candidates[0]
  const grounding = readGrounding(chosen)
  const searches = grounding ? Math.max(1, grounding.queries.length) : 0
  const all = partsOf(chosen).filter((one) => isPicture(one) || Boolean(one.text))
  const given = all.filter(({ thought }) => !thought)
  const tokens = countTokens(answer, isOfText && !given.some(isPicture))
  if (!given.some(isResult) || (isOfText && !isWhole(chosen))) {
    if (!skeleton.safeParse(camel).success) throw noAnswer()
    const model = answer.modelVersion || asked.askedModel
    const parts = all.filter(isPicture).map(toResult)
    const draft = { parts, model, ...(grounding && { grounding }) }
    throw toRefusal(answer, { tokens, searches, isOfText, draft })
  }
  const { kept, others } = chooseParts(given, isPicture, asked)
  const thoughts = all.filter(({ thought }) => thought).map(toResult)
  return {
    parts: kept.map(toResult),
    ...(others.length > 0 && { others: others.map(toResult) }),
    ...(thoughts.length > 0 && { thoughts }),
    ...(grounding && { grounding }),
    ...toReplay(kept),
    model: answer.modelVersion || asked.askedModel,
    tokens,
    searches,
  }
}

function noAnswer(): ReturnType<typeof badAnswer> {
  return badAnswer('it is not shaped like a Gemini answer')
}

function partsOf(one: Candidate | undefined): readonly Part[] {
  return one?.content?.parts ?? []
}

function isPicture({ inlineData }: Part): boolean {
  return Boolean(inlineData?.data)
}

function isWanted(one: Part, isOfText: boolean): boolean {
  return isOfText ? Boolean(one.text?.trim()) : isPicture(one)
}

/** Whether an answer came to its end. Where it did not, a picture may be whole all the same; a text is not. */
function isWhole(one: Candidate | undefined): boolean {
  const { finishReason = 'STOP' } = one ?? {}
  return finishReason === 'STOP' || finishReason === 'FINISH_REASON_UNSPECIFIED'
}

function toResult(one: Part): ResultPart {
  const { data, mimeType } = one.inlineData ?? {}
  return data ? { bytes: pictureBytes(data), claimedType: mimeType } : { text: one.text ?? '' }
}

/** Keys as Google spells them, where a proxy passes on the names of the protocol's fields: `inline_data`. */
function camelKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelKeys)
  if (typeof value !== 'object' || value === null) return value
  const camel = (key: string): string =>
    key.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [camel(key), camelKeys(one)]))
}

/** A Gemini 3 model refuses its own pictures without their signatures: without them, none is kept. Plain text has none. */
function toReplay(parts: readonly Part[]): Pick<ProviderResult, 'replay'> {
  const pictures = parts.filter(isPicture)
  const isUnsigned = ({ thoughtSignature }: Part): boolean => thoughtSignature === undefined
  if (pictures.some(isUnsigned) || parts.every(isUnsigned)) return {}
  const items = parts.map((one) => ({
    ...(isPicture(one) ? pictureMark(pictures.indexOf(one)) : { text: one.text }),
    ...(one.thoughtSignature !== undefined && { thoughtSignature: one.thoughtSignature }),
  }))
  return { replay: { api: 'generate-content', items } }
}

/** @param isAllText Whether its output can be nothing but text. */
function countTokens({ usageMetadata: usage }: Answer, isAllText: boolean): TokenCount | undefined {
  if (!usage) return undefined
  const { promptTokenCount = 0, toolUsePromptTokenCount = 0, candidatesTokensDetails } = usage
  return toTokenCount({
    input: promptTokenCount + toolUsePromptTokenCount,
    output: usage.candidatesTokenCount ?? 0,
    image: isAllText
      ? 0
      : imageTokens(
          candidatesTokensDetails.map(({ modality, tokenCount }) => [modality, tokenCount]),
        ),
    thoughts: usage.thoughtsTokenCount ?? 0,
  })
}

type Metadata = z.infer<typeof groundingMetadata>

function readGrounding(chosen: Candidate | undefined): Grounding | undefined {
  const metadata = chosen?.groundingMetadata
  if (!metadata) return undefined
  const { searchEntryPoint, webSearchQueries, imageSearchQueries } = metadata
  const searchSuggestions = searchEntryPoint?.renderedContent
  const chunks = metadata.groundingChunks.map(toSource)
  const sources = chunks.filter((one) => one !== undefined)
  const queries = [...webSearchQueries, ...imageSearchQueries]
  const citations = citationsOf(partsOf(chosen), metadata, chunks)
  return {
    ...(searchSuggestions !== undefined && { searchSuggestions }),
    sources,
    queries,
    ...(citations.length > 0 && { citations }),
  }
}

/** `undefined` for what is no address of the web. */
function toSource({
  web,
  image,
}: Metadata['groundingChunks'][number]): GroundingSource | undefined {
  const url = web?.uri ?? image?.sourceUri
  if (url === undefined || !isWebAddress(url)) return undefined
  const title = web?.title ?? image?.title
  const imageUrl = image?.imageUri
  return {
    url,
    ...(title !== undefined && { title }),
    ...(imageUrl !== undefined && isWebAddress(imageUrl) && { imageUrl }),
  }
}

/** @param chunks What Google numbers, with gaps where that is no source. */
function citationsOf(
  parts: readonly Part[],
  { groundingSupports }: Metadata,
  chunks: readonly (GroundingSource | undefined)[],
): readonly Citation[] {
  const texts = parts.filter((one) => !one.thought && !isPicture(one) && Boolean(one.text))
  const sources = chunks.filter((one) => one !== undefined)
  const cited = groundingSupports.map(({ segment, groundingChunkIndices }) => {
    const part = parts[segment?.partIndex ?? 0]
    return {
      text: part ? texts.indexOf(part) : -1,
      start: segment?.startIndex,
      end: segment?.endIndex,
      quote: segment?.text,
      sources: groundingChunkIndices.flatMap((index) => {
        const source = chunks[index]
        return source ? sources.indexOf(source) : []
      }),
    }
  })
  return toCitations(
    texts.map((one) => one.text ?? ''),
    cited,
  )
}

function toRefusal(
  { candidates: [first], promptFeedback }: Answer,
  came: Pick<RefusalFacts, 'tokens' | 'searches' | 'isOfText' | 'draft'>,
): ReturnType<typeof refusal> {
  const { blockReason, blockReasonMessage } = promptFeedback ?? {}
  const said = partsOf(first).filter(({ thought }) => !thought)
  return refusal({
    reason: blockReason ?? first?.finishReason,
    isPromptBlocked: blockReason !== undefined,
    message: blockReasonMessage ?? first?.finishMessage,
    text: said.find((one) => one.text)?.text,
    link: said.find(({ fileData }) => fileData?.fileUri)?.fileData?.fileUri,
    ...came,
  })
}
