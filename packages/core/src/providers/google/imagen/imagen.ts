import { z } from 'zod'
import type { Transport } from '../transport.ts'
import type { ProviderResult } from '../../provider.ts'
import { badAnswer, refusal } from '../../refusal.ts'

const answerSchema = z.object({
  predictions: z
    .array(
      z.object({
        mimeType: z.string().optional(),
        bytesBase64Encoded: z.string().optional(),
        raiFilteredReason: z.string().optional(),
      }),
    )
    .optional(),
})

/** Imagen is priced by the piece. */
const NO_TOKENS = { input: 0, image: 0, text: 0 }

/**
 * Imagen's `models.predict`: a prompt, a ratio and a size.
 * @see https://ai.google.dev/gemini-api/docs/imagen
 */
export const imagen: Transport = {
  path: ({ model }) => `models/${model.id}:predict`,
  body: async ({ request: { prompt, aspectRatio, size }, model }) => ({
    instances: [{ prompt }],
    parameters: {
      sampleCount: 1,
      aspectRatio,
      ...(model.takesSize && { sampleImageSize: size }),
    },
  }),
  read: (json, { model }) => readPrediction(json, model.id),
}

function readPrediction(json: unknown, model: string): ProviderResult {
  const parsed = answerSchema.safeParse(json)
  if (!parsed.success) throw badAnswer('it is not shaped like an Imagen answer')
  const [prediction] = parsed.data.predictions ?? []
  const { bytesBase64Encoded: data, mimeType: claimedType, raiFilteredReason } = prediction ?? {}
  if (data === undefined) {
    throw refusal({
      reason: raiFilteredReason === undefined ? undefined : 'IMAGE_SAFETY',
      isPromptBlocked: false,
      message: raiFilteredReason,
      text: undefined,
      tokens: NO_TOKENS,
      searches: 0,
    })
  }
  const bytes = Buffer.from(data, 'base64')
  return { parts: [{ bytes, claimedType }], model, tokens: NO_TOKENS }
}
