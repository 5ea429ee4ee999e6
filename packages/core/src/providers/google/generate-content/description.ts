import { z } from 'zod'
import type { TextTokens } from '../../models/text-models.ts'
import { count, flag, list, optional, text } from '../../lenient.ts'
import type { Description, DescriptionJob } from '../../provider.ts'
import { findReason } from '../reasons.ts'
import { badAnswer } from '../refusal.ts'

/** Google's answer, read leniently. */
const answerSchema = z.object({
  candidates: list(
    z.object({
      content: optional(z.object({ parts: list(z.object({ text, thought: flag })) })),
      finishReason: text,
    }),
  ),
  promptFeedback: optional(z.object({ blockReason: text })),
  usageMetadata: optional(
    z.object({ promptTokenCount: count, candidatesTokenCount: count, thoughtsTokenCount: count }),
  ),
})

/** The way to the words. */
const skeleton = z.object({ candidates: z.array(z.unknown()).nullish() })

/** A request body of `models.generateContent` that asks for words about a picture. */
interface DescriptionBody {
  readonly contents: readonly object[]
  readonly generationConfig: {
    readonly maxOutputTokens: number
    readonly thinkingConfig?: { readonly thinkingLevel: string }
  }
}

/**
 * The body that asks for a picture to be put into words.
 * @see https://ai.google.dev/gemini-api/docs/image-understanding
 */
export function toDescriptionBody({ model, instruction, image }: DescriptionJob): DescriptionBody {
  const { thinking, mostTokens } = model
  const data = Buffer.from(image.bytes).toString('base64')
  const parts = [{ inlineData: { mimeType: image.type, data } }, { text: instruction }]
  return {
    contents: [{ parts, role: 'user' }],
    generationConfig: {
      maxOutputTokens: mostTokens,
      ...(thinking && { thinkingConfig: { thinkingLevel: thinking.toUpperCase() } }),
    },
  }
}

/**
 * The words of an answer, or why there are none.
 * @throws {GeminiImageError} `BAD_ANSWER` where it is no Gemini answer at all.
 */
export function readDescription(json: unknown): Description {
  const parsed = answerSchema.safeParse(json)
  if (!parsed.success || !skeleton.safeParse(json).success) {
    throw badAnswer('it is not shaped like a Gemini answer')
  }
  const { candidates, promptFeedback, usageMetadata: usage } = parsed.data
  const [candidate] = candidates
  const said = (candidate?.content?.parts ?? []).filter(({ thought }) => !thought)
  const blockReason = promptFeedback?.blockReason
  const reason = blockReason ?? candidate?.finishReason
  return {
    text: said.map((one) => one.text ?? '').join(''),
    ...(reason !== undefined &&
      reason !== 'STOP' && {
        stopped: {
          reason,
          isBlocked: findReason(reason, blockReason !== undefined).code === 'BLOCKED',
        },
      }),
    tokens: usage && countTokens(usage),
  }
}

function countTokens(
  usage: NonNullable<z.infer<typeof answerSchema>['usageMetadata']>,
): TextTokens {
  const { promptTokenCount: input = 0, candidatesTokenCount = 0, thoughtsTokenCount = 0 } = usage
  // A sum would hide that one of them is less than nothing.
  const isPossible = Math.min(candidatesTokenCount, thoughtsTokenCount) >= 0
  return { input, output: isPossible ? candidatesTokenCount + thoughtsTokenCount : Number.NaN }
}
