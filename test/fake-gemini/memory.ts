import type { TokenCount } from './question.ts'

/** The interactions that were stored: how much context each one leaves to the next. */
export interface Memory {
  recall(id: string): TokenCount | undefined
  remember(id: string, context: TokenCount): void
}

export function createMemory(): Memory {
  const contexts = new Map<string, TokenCount>()
  return {
    recall: (id) => contexts.get(id),
    remember: (id, context) => void contexts.set(id, context),
  }
}
