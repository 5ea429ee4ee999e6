import type { Transport } from '../transport.ts'
import { readInteraction } from './answer.ts'
import { toBody } from './body.ts'

/** How interactions are held. */
export interface InteractionsOptions {
  /** Whether Google stores each interaction, and turns go on from what it stores. */
  readonly serverState: boolean
}

/**
 * The Interactions API: steps in, steps out.
 * @see https://ai.google.dev/gemini-api/docs/interactions
 */
export function interactions({ serverState }: InteractionsOptions): Transport {
  return {
    path: () => 'interactions',
    body: (job) => toBody(job, serverState),
    read: (json, { request, model }) =>
      readInteraction(json, {
        askedModel: model.id,
        withText: request.output === 'text-and-image',
        isStored: serverState,
      }),
    withoutServerState: (job) => {
      const isRemembered = job.history.some(({ replay }) => replay?.id !== undefined)
      if (!serverState || !isRemembered) return undefined
      return { ...job, history: job.history.map(withoutId) }
    },
  }
}

type PastAnswer = Parameters<Transport['body']>[0]['history'][number]

function withoutId(answer: PastAnswer): PastAnswer {
  if (!answer.replay) return answer
  const { api, items } = answer.replay
  return { ...answer, replay: { api, items } }
}
