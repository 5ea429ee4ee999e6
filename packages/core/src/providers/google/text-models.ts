import type { TextModelRow } from '../models/text-models.ts'

const PRICING = 'https://ai.google.dev/gemini-api/docs/pricing'
/** As others have copied them from that page on this day. */
const AS_OF = '2026-10-07'

/** @see https://ai.google.dev/gemini-api/docs/media-resolution (Gemini 3, images, by default) */
const IMAGE_TOKENS = 1120

/**
 * The models that can draft alternative texts; the first is the default. Where a price is announced to
 * rise (3.8 Flash costs half of this until the end of 2026), the row holds the dearer figure.
 */
export const TEXT_MODELS: readonly [TextModelRow, ...TextModelRow[]] = [
  {
    id: 'gemini-3.5-flash-lite',
    name: 'Gemini 3.5 Flash-Lite',
    price: { input: 0.3, output: 2.5 },
    imageTokens: IMAGE_TOKENS,
    mostTokens: 500,
    source: PRICING,
    asOf: AS_OF,
  },
  {
    id: 'gemini-3.8-flash',
    name: 'Gemini 3.8 Flash',
    price: { input: 1.5, output: 7.5 },
    imageTokens: IMAGE_TOKENS,
    thinking: 'low',
    mostTokens: 2000,
    source: PRICING,
    asOf: AS_OF,
  },
]
