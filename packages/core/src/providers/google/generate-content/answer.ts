import { z } from 'zod'
import type { Grounding, GroundingSource } from '../../answer.ts'
import { toTokenCount, type TokenCount } from '../../models/price.ts'
import type { ProviderResult, ResultPart } from '../../provider.ts'
import { badAnswer, refusal } from '../../refusal.ts'
import { pictureMark } from '../replay.ts'
import { isWebAddress } from '../../web-address.ts'
import { onlyLastPicture } from '../only-last.ts'

const blob = z.object({ mimeType: z.string().optional(), data: z.string() })
const part = z.object({
  text: z.string().optional(),
  thought: z.boolean().optional(),
  thoughtSignature: z.string().optional(),
  inlineData: blob.optional(),
})
type Part = z.infer<typeof part>

const groundingMetadata = z.object({
  searchEntryPoint: z.object({ renderedContent: z.string().optional() }).optional(),
  webSearchQueries: z.array(z.string()).optional(),
  imageSearchQueries: z.array(z.string()).optional(),
  groundingChunks: z
    .array(
      z.object({
        web: z.object({ uri: z.string().optional(), title: z.string().optional() }).optional(),
        image: z
          .object({
            sourceUri: z.string().optional(),
            imageUri: z.string().optional(),
            title: z.string().optional(),
          })
          .optional(),
      }),
    )
    .optional(),
})

/** Google's answer, read leniently: every field may be absent, and unknown ones are ignored. */
const answerSchema = z.object({
  candidates: z
    .array(
      z.object({
        content: z.object({ parts: z.array(part).optional() }).optional(),
        finishReason: z.string().optional(),
        finishMessage: z.string().optional(),
        groundingMetadata: groundingMetadata.optional(),
      }),
    )
    .optional(),
  promptFeedback: z
    .object({ blockReason: z.string().optional(), blockReasonMessage: z.string().optional() })
    .optional(),
  usageMetadata: z
    .object({
      promptTokenCount: z.number().optional(),
      toolUsePromptTokenCount: z.number().optional(),
      candidatesTokenCount: z.number().optional(),
      thoughtsTokenCount: z.number().optional(),
      candidatesTokensDetails: z
        .array(z.object({ modality: z.string().optional(), tokenCount: z.number().optional() }))
        .optional(),
    })
    .optional(),
  modelVersion: z.string().optional(),
})

type Answer = z.infer<typeof answerSchema>

/** What was asked for. */
export interface Asked {
  readonly askedModel: string
  /** Whether text, and several pictures, were asked for. */
  readonly withText: boolean
}

/**
 * The pictures in an answer: inline parts of the first candidate that are not thoughts.
 * @throws {PictureRefusal} `BLOCKED` or `NO_IMAGE`, with Google's own reason.
 * @throws {GeminiImageError} `BAD_ANSWER` where it is no Gemini answer at all.
 */
export function readAnswer(json: unknown, { askedModel, withText }: Asked): ProviderResult {
  const parsed = answerSchema.safeParse(json)
  if (!parsed.success) throw badAnswer('it is not shaped like a Gemini answer')
  const answer = parsed.data
  const tokens = countTokens(answer)
  const candidate = answer.candidates?.[0]
  const grounding = readGrounding(candidate?.groundingMetadata)
  const searches = grounding ? Math.max(1, grounding.queries.length) : 0
  const all = (candidate?.content?.parts ?? []).filter(hasContent)
  const given = all.filter(({ thought }) => thought !== true)
  if (!given.some(({ inlineData }) => inlineData)) throw toRefusal(answer, tokens, searches)
  const kept = withText
    ? given
    : onlyLastPicture(given, ({ inlineData }) => inlineData !== undefined)
  const thoughts = all.filter(({ thought }) => thought === true).map(toResult)
  return {
    parts: kept.map(toResult),
    ...(thoughts.length > 0 && { thoughts }),
    ...(grounding && { grounding }),
    ...toReplay(kept),
    model: answer.modelVersion ?? askedModel,
    tokens,
    searches,
  }
}

function hasContent({ text, inlineData }: Part): boolean {
  return inlineData !== undefined || (text !== undefined && text !== '')
}

function toResult({ text = '', inlineData }: Part): ResultPart {
  if (!inlineData) return { text }
  return { bytes: Buffer.from(inlineData.data, 'base64'), claimedType: inlineData.mimeType }
}

/** A Gemini 3 model refuses its own pictures without their signatures: without them, none is kept. */
function toReplay(parts: readonly Part[]): Pick<ProviderResult, 'replay'> {
  const pictures = parts.filter(({ inlineData }) => inlineData)
  if (pictures.some(({ thoughtSignature }) => thoughtSignature === undefined)) return {}
  const items = parts.map((one) => ({
    ...(one.inlineData ? pictureMark(pictures.indexOf(one)) : { text: one.text }),
    ...(one.thoughtSignature !== undefined && { thoughtSignature: one.thoughtSignature }),
  }))
  return { replay: { api: 'generate-content', items } }
}

function countTokens({ usageMetadata: usage }: Answer): TokenCount {
  const details = usage?.candidatesTokensDetails ?? []
  const pictures = details.filter(({ modality }) => modality === 'IMAGE')
  return toTokenCount({
    input: (usage?.promptTokenCount ?? 0) + (usage?.toolUsePromptTokenCount ?? 0),
    output: usage?.candidatesTokenCount ?? 0,
    image:
      details.length > 0
        ? pictures.reduce((sum, { tokenCount = 0 }) => sum + tokenCount, 0)
        : undefined,
    thoughts: usage?.thoughtsTokenCount ?? 0,
  })
}

function readGrounding(
  metadata: z.infer<typeof groundingMetadata> | undefined,
): Grounding | undefined {
  if (!metadata) return undefined
  const { searchEntryPoint, webSearchQueries = [], imageSearchQueries = [] } = metadata
  const searchSuggestions = searchEntryPoint?.renderedContent
  const sources = (metadata.groundingChunks ?? []).flatMap(({ web, image }): GroundingSource[] => {
    const url = web?.uri ?? image?.sourceUri
    if (url === undefined || !isWebAddress(url)) return []
    const title = web?.title ?? image?.title
    const imageUrl = image?.imageUri
    return [
      {
        url,
        ...(title !== undefined && { title }),
        ...(imageUrl !== undefined && isWebAddress(imageUrl) && { imageUrl }),
      },
    ]
  })
  const queries = [...webSearchQueries, ...imageSearchQueries]
  return { ...(searchSuggestions !== undefined && { searchSuggestions }), sources, queries }
}

function toRefusal(
  answer: Answer,
  tokens: TokenCount,
  searches: number,
): ReturnType<typeof refusal> {
  const candidate = answer.candidates?.[0]
  const blockReason = answer.promptFeedback?.blockReason
  return refusal({
    reason: blockReason ?? candidate?.finishReason,
    isPromptBlocked: blockReason !== undefined,
    message: answer.promptFeedback?.blockReasonMessage ?? candidate?.finishMessage,
    text: candidate?.content?.parts?.find((one) => one.text && !one.thought)?.text,
    tokens,
    searches,
  })
}
