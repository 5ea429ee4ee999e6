import { z } from 'zod'
import type { Description, DescriptionJob } from '../../provider.ts'
import { findReason } from '../reasons.ts'
import { badAnswer } from '../../refusal.ts'

/** Google's answer, read leniently: every field may be absent, and unknown ones are ignored. */
const answerSchema = z.object({
  candidates: z
    .array(
      z.object({
        content: z
          .object({
            parts: z
              .array(z.object({ text: z.string().optional(), thought: z.boolean().optional() }))
              .optional(),
          })
          .optional(),
        finishReason: z.string().optional(),
      }),
    )
    .optional(),
  promptFeedback: z.object({ blockReason: z.string().optional() }).optional(),
  usageMetadata: z
    .object({
      promptTokenCount: z.number().optional(),
      candidatesTokenCount: z.number().optional(),
      thoughtsTokenCount: z.number().optional(),
    })
    .optional(),
})

/** A request body of `models.generateContent` that asks for words about a picture. */
export interface DescriptionBody {
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
  if (!parsed.success) throw badAnswer('it is not shaped like a Gemini answer')
  const { candidates, promptFeedback, usageMetadata: usage } = parsed.data
  const candidate = candidates?.[0]
  const said = (candidate?.content?.parts ?? []).filter(({ thought }) => thought !== true)
  const blockReason = promptFeedback?.blockReason
  const reason = blockReason ?? candidate?.finishReason
  const input = usage?.promptTokenCount ?? 0
  const output = (usage?.candidatesTokenCount ?? 0) + (usage?.thoughtsTokenCount ?? 0)
  return {
    text: said.map(({ text = '' }) => text).join(''),
    ...(reason !== undefined &&
      reason !== 'STOP' && {
        stopped: {
          reason,
          isBlocked: findReason(reason, blockReason !== undefined).code === 'BLOCKED',
        },
      }),
    tokens: { input: Math.max(0, input), output: Math.max(0, output) },
  }
}
