import { findModel } from '../../src/providers/models/line-up.ts'
import { DEFAULT_PROVIDER } from '../../src/providers/built-in.ts'
import type { ProviderJob } from '../../src/providers/provider.ts'

/** The plainest call there is. */
export function job(
  change: Partial<ProviderJob> = {},
  modelId = 'gemini-nano-banana-2.1',
): ProviderJob {
  const model = findModel(modelId, DEFAULT_PROVIDER.catalogue)
  if (!model) throw new Error(`No ${modelId}`)
  return {
    fingerprint: 'f',
    request: { prompt: 'A fox', model: model.id, aspectRatio: '1:1', size: '1K' },
    model,
    pixels: { width: 1024, height: 1024 },
    references: [],
    history: [],
    keepThoughts: false,
    transport: undefined,
    ...change,
  }
}
