import { z } from 'zod'
import type { BatchAsked, BatchLine } from '../batch-provider.ts'
import { readAnswer } from './generate-content/answer.ts'
import type { ProviderResult } from '../provider.ts'
import { badAnswer } from '../refusal.ts'
import { httpFailure } from './failure.ts'

const lineSchema = z.object({
  key: z.string().optional(),
  response: z.unknown().optional(),
  error: z
    .object({ code: z.number().catch(0) })
    .loose()
    .optional(),
})

/**
 * Code → HTTP status: the errors of lines count as gRPC does, and may count as HTTP does.
 * @see https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
 */
const HTTP_STATUS: Readonly<Record<number, number>> = {
  3: 400,
  4: 504,
  5: 404,
  7: 403,
  8: 429,
  9: 400,
  11: 400,
  14: 503,
  16: 401,
}

/** Reads a line of results: `{"key", "response"}` or `{"key", "error"}`. */
export function openLine(line: string): BatchLine | undefined {
  const parsed = lineSchema.safeParse(parse(line))
  if (!parsed.success) return undefined
  const { key, response, error } = parsed.data
  return {
    key,
    read: ({ model, withText }: BatchAsked): ProviderResult => {
      if (error) {
        const status = HTTP_STATUS[error.code] ?? (error.code >= 400 ? error.code : 500)
        throw httpFailure(status, JSON.stringify({ error }), new Headers())
      }
      if (response === undefined) throw badAnswer('a line holds neither a response nor an error')
      return readAnswer(response, { askedModel: model, withText })
    },
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
