import { BATCH_LIMITS as OF_GOOGLE } from '../google/catalogue.ts'
import type { BatchLimits } from '../models/model.ts'

const HOUR = 3_600_000

/** A job waits for up to three days, and then works for up to one. What lies in a bucket stays there. */
export const BATCH_LIMITS: BatchLimits = {
  ...OF_GOOGLE,
  fileBytes: 1_000_000_000,
  expiresAfter: 96 * HOUR,
  keepsFiles: Number.POSITIVE_INFINITY,
  source:
    'https://docs.cloud.google.com/vertex-ai/generative-ai/docs/multimodal/batch-prediction-gemini',
}
