import type { AiSdkSizes } from './options.ts'

/** What is known of some models of a company. */
export interface KnownModels {
  /** Company and model, as labels name them. */
  readonly names: RegExp
  readonly sizes: AiSdkSizes
  /** How many images one of them looks at. */
  readonly references: number
}

/** Where these facts were read, and when. */
export const SOURCE = {
  source: 'https://github.com/vercel/ai/blob/main/packages/openai/src/openai-model-catalog.ts',
  asOf: '2026-11-30',
} as const

export const KNOWN_MODELS: readonly KnownModels[] = [
  {
    names: /^openai\/(?:chat)?gpt-image-/,
    sizes: { '1K': { '1:1': '1024x1024', '3:2': '1536x1024', '2:3': '1024x1536' } },
    // https://platform.openai.com/docs/api-reference/images/createEdit
    references: 16,
  },
  {
    names: /^openai\/dall-e-3$/,
    sizes: { '1K': { '1:1': '1024x1024', '16:9': '1792x1024', '9:16': '1024x1792' } },
    references: 0,
  },
  {
    names: /^openai\/dall-e-2$/,
    sizes: { '1K': { '1:1': '1024x1024' }, '512': { '1:1': '512x512' } },
    references: 1,
  },
]
