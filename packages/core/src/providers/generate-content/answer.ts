import { z } from 'zod'
import { GeminiImageError } from '../../errors/error.ts'
import type { TokenCount } from '../../models/price.ts'
import type { ProviderResult } from '../provider.ts'

/** Google's answer, read leniently: every field may be absent, and unknown ones are ignored. */
const answerSchema = z.object({
  candidates: z
    .array(
      z.object({
        content: z
          .object({
            parts: z
              .array(
                z.object({
                  text: z.string().optional(),
                  thought: z.boolean().optional(),
                  inlineData: z.object({ data: z.string() }).optional(),
                }),
              )
              .optional(),
          })
          .optional(),
        finishReason: z.string().optional(),
        finishMessage: z.string().optional(),
      }),
    )
    .optional(),
  promptFeedback: z
    .object({ blockReason: z.string().optional(), blockReasonMessage: z.string().optional() })
    .optional(),
  usageMetadata: z
    .object({
      promptTokenCount: z.number().optional(),
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

/** A 200 without a picture. It may well have been paid for: `tokens` says how much. */
export class PictureRefusal extends GeminiImageError {
  readonly tokens: TokenCount

  constructor(parts: ConstructorParameters<typeof GeminiImageError>[0], tokens: TokenCount) {
    super(parts)
    this.tokens = tokens
  }
}

/**
 * The picture in an answer: the last inline part of the first candidate that is not a thought.
 * @throws {PictureRefusal} `BLOCKED` or `NO_IMAGE`, with Google's own reason.
 * @throws {GeminiImageError} `BAD_ANSWER` where it is no Gemini answer at all.
 */
export function readAnswer(json: unknown, askedModel: string): ProviderResult {
  const parsed = answerSchema.safeParse(json)
  if (!parsed.success) throw badAnswer('it is not shaped like a Gemini answer')
  const answer = parsed.data
  const tokens = countTokens(answer)
  const parts = answer.candidates?.[0]?.content?.parts ?? []
  const data = parts.findLast((part) => part.thought !== true && part.inlineData)?.inlineData?.data
  if (data === undefined) throw refusal(answer, tokens)
  return {
    bytes: Buffer.from(data, 'base64'),
    model: answer.modelVersion ?? askedModel,
    tokens,
  }
}

/** An answer that cannot be read. */
export function badAnswer(why: string): GeminiImageError {
  return new GeminiImageError({
    code: 'BAD_ANSWER',
    what: `The answer cannot be read: ${why}.`,
    fix: 'check GOOGLE_GEMINI_BASE_URL and any proxy on the way; the call may have been paid for.',
  })
}

function countTokens({ usageMetadata: usage }: Answer): TokenCount {
  const image = (usage?.candidatesTokensDetails ?? [])
    .filter((detail) => detail.modality === 'IMAGE')
    .reduce((sum, detail) => sum + (detail.tokenCount ?? 0), 0)
  const candidates = usage?.candidatesTokenCount ?? 0
  // Without a breakdown, everything in the answer is counted as picture: the dearer kind.
  const hasDetails = (usage?.candidatesTokensDetails ?? []).length > 0
  return {
    input: usage?.promptTokenCount ?? 0,
    image: hasDetails ? image : candidates,
    text: (hasDetails ? Math.max(0, candidates - image) : 0) + (usage?.thoughtsTokenCount ?? 0),
  }
}

function refusal(answer: Answer, tokens: TokenCount): PictureRefusal {
  const candidate = answer.candidates?.[0]
  const blockReason = answer.promptFeedback?.blockReason
  const finishReason = candidate?.finishReason
  const said = answer.promptFeedback?.blockReasonMessage ?? candidate?.finishMessage
  const text = candidate?.content?.parts?.find((part) => part.text && !part.thought)?.text
  const blocked =
    blockReason !== undefined || /SAFETY|PROHIBITED|BLOCK|RECITATION|SPII/.test(finishReason ?? '')
  return new PictureRefusal(
    {
      code: blocked ? 'BLOCKED' : 'NO_IMAGE',
      what: blocked
        ? `Google blocked this picture (${blockReason ?? finishReason}).`
        : `The model answered without a picture${finishReason ? ` (${finishReason})` : ''}.`,
      why: said ?? (text && `It wrote: ${text.slice(0, 200)}`),
      fix: blocked
        ? 'reword the prompt; the same words are most likely blocked again.'
        : 'say plainly in the prompt that a picture is to be drawn, or try another model.',
    },
    tokens,
  )
}
