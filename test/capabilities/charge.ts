import { DEFAULT_PROVIDER, findModel } from '@gemini-image/core/internal'
import type { RecordedRequest } from '../fake-gemini/server.ts'

/** What Google charges for an answer of the fake server, in US dollars, by its own count. */
export function chargeFor({ bill, model = '' }: RecordedRequest): number {
  const { price } = findModel(model, DEFAULT_PROVIDER.catalogue) ?? {}
  if (!bill || !price) return 0
  const { input, image, text, searches, pictures } = bill
  const tokens = input * price.textIn + image * price.imageOut + text * price.textOut
  return tokens / 1_000_000 + searches * (price.search ?? 0) + pictures * (price.picture ?? 0)
}
