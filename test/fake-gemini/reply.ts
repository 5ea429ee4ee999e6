import { setTimeout as wait } from 'node:timers/promises'
import { failureAnswer, htmlAnswer, jsonAnswer, silence, type Answer } from './answer.ts'
import type { Task } from './dialect.ts'
import type { Draw } from './drawing.ts'
import { quotaExhausted, rateLimited, serverError, unknownModel } from './failure.ts'
import type { Fault } from './faults.ts'
import { drawResult, textResult, type ResultChanges } from './result.ts'

const defaultRetryDelay = '0.05s'
const defaultSlowness = 1000
const defaultPictures = 3

async function draw(task: Task, paint: Draw, changes?: ResultChanges): Promise<Answer> {
  const pieces = await drawResult(task.question, paint, changes)
  return jsonAnswer(200, task.dialect.result(pieces))
}

function talk({ dialect, question }: Task): Answer {
  return jsonAnswer(200, dialect.result(textResult(question)))
}

/** The answer to a good request that nothing goes wrong with. */
export async function reply(task: Task, paint: Draw): Promise<Answer> {
  return task.question.wantsImage ? draw(task, paint) : talk(task)
}

/** The answer to a good request that a fault hits. */
export async function replyWithFault(task: Task, paint: Draw, fault: Fault): Promise<Answer> {
  const { question, dialect } = task
  const retryDelay = fault.retryDelay ?? defaultRetryDelay
  switch (fault.kind) {
    case 'rate-limited':
      return failureAnswer(rateLimited(retryDelay))
    case 'quota-exhausted':
      return failureAnswer(quotaExhausted(question.modelId, retryDelay))
    case 'server-error':
      return failureAnswer(serverError(fault.status ?? 500))
    case 'unavailable':
      return failureAnswer(serverError(503))
    case 'not-found':
      return failureAnswer(unknownModel(question.modelId, question.version, question.route))
    case 'html-error':
      return htmlAnswer(503, '503 Service Unavailable')
    case 'html':
      return htmlAnswer(200, 'Sign in to the network')
    case 'invalid-json':
      return { ...jsonAnswer(200, null), body: dialect.opening }
    case 'reset':
      return { ...silence, delivery: 'reset' }
    case 'lost':
      await reply(task, paint)
      return { ...silence, delivery: 'reset' }
    case 'hang':
      return silence
    case 'truncated':
      return { ...(await reply(task, paint)), delivery: 'half' }
    case 'slow':
      await wait(fault.delay ?? defaultSlowness)
      return reply(task, paint)
    case 'blocked':
      return jsonAnswer(200, dialect.blocked(fault.finishReason ?? 'IMAGE_PROHIBITED_CONTENT'))
    case 'prompt-blocked':
      return jsonAnswer(200, dialect.promptBlocked(fault.blockReason ?? 'PROHIBITED_CONTENT'))
    case 'text-only':
      return talk(task)
    case 'empty':
      return jsonAnswer(200, {})
    case 'uneven-background':
      return draw(task, paint, { background: 'uneven' })
    case 'no-background':
      return draw(task, paint, { background: 'none' })
    case 'wrong-size':
      return draw(task, paint, { factor: 0.5 })
    case 'wrong-type':
      return draw(task, paint, { drawnType: 'image/png', declaredType: 'image/jpeg' })
    case 'thought-image':
      return draw(task, paint, { wantsThoughts: true, wantsText: true })
    case 'interleaved':
      return draw(task, paint, { pictures: fault.images ?? defaultPictures, wantsText: true })
    case 'no-signature':
      return draw(task, paint, { signs: false })
    case 'cut-short':
      throw new RangeError('Only a download can be cut short')
  }
}
