import { z } from 'zod'
import type { Transport } from './transport.ts'
import { list, text, pictureBytes } from '../lenient.ts'
import type { ProviderResult } from '../provider.ts'
import { badAnswer, refusal } from './refusal.ts'

/** Google's answer, read leniently. */
const answerSchema = z.object({
  predictions: list(
    z.object({ mimeType: text, bytesBase64Encoded: text, raiFilteredReason: text }),
  ),
})

/** The way to a picture. */
const skeleton = z.object({ predictions: z.array(z.object({})).nullish() })

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
  const { predictions } = parsed.success ? parsed.data : { predictions: [] }
  const found = predictions.find((one) => one.bytesBase64Encoded)
  const { bytesBase64Encoded: data, mimeType: claimedType } = found ?? {}
  if (data) return { parts: [{ bytes: pictureBytes(data), claimedType }], model, tokens: NO_TOKENS }
  if (!skeleton.safeParse(json).success) throw badAnswer('it is not shaped like an Imagen answer')
  const reason = predictions.find((one) => one.raiFilteredReason)?.raiFilteredReason
  throw refusal({
    reason: reason === undefined ? undefined : 'IMAGE_SAFETY',
    isPromptBlocked: false,
    message: reason,
    text: undefined,
    tokens: NO_TOKENS,
    searches: 0,
  })
}
