import { z } from 'zod'
import type { BatchAsked, BatchLine } from '../batch-provider.ts'
import { readAnswer } from './generate-content/answer.ts'
import type { ProviderResult } from '../provider.ts'
import { optional, text } from '../lenient.ts'
import { badAnswer } from '../refusal.ts'
import { failureOf } from './error-inside.ts'
import { hideKey, parseReply, readReply } from './reply.ts'

const lineSchema = z.object({
  key: text,
  response: z.unknown().optional(),
  error: optional(z.record(z.string(), z.unknown())),
})

/**
 * Reads a line of results: `{"key", "response"}` or `{"key", "error"}`.
 * @param apiKey What no answer may pass on.
 */
export function openLine(line: string, apiKey: string): BatchLine | undefined {
  const parsed = lineSchema.safeParse(parse(line, apiKey))
  if (!parsed.success) return undefined
  const { key, response, error } = parsed.data
  const answer = {
    parse: (): unknown => {
      if (response) return response
      throw badAnswer('a line holds neither a response nor an error')
    },
    raw: () => hideKey(line, apiKey),
  }
  return {
    key,
    read: ({ model, withText }: BatchAsked): ProviderResult => {
      if (error && !response) throw failureOf(error)
      return readReply(answer, (json) => readAnswer(json, { askedModel: model, withText }))
    },
  }
}

function parse(line: string, apiKey: string): unknown {
  try {
    return parseReply(line, apiKey)
  } catch {
    return undefined
  }
}
