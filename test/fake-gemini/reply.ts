import { setTimeout as wait } from 'node:timers/promises'
import { failureAnswer, htmlAnswer, jsonAnswer, silence, type Answer } from './answer.ts'
import type { Task } from './dialect.ts'
import type { Draw } from './drawing.ts'
import { quotaExhausted, rateLimited, serverError, unknownModel } from './failure.ts'
import type { Fault } from './faults.ts'
import { billOf, drawResult, textResult, type ResultChanges } from './result.ts'

const defaultRetryDelay = '0.05s'
const defaultSlowness = 1000
const defaultPictures = 3

async function draw(task: Task, paint: Draw, changes?: ResultChanges): Promise<Answer> {
  const pieces = await drawResult(task.question, paint, changes)
  const bill = billOf(task.question, pieces)
  return { ...jsonAnswer(200, task.dialect.result(pieces)), bill }
}

function talk({ dialect, question }: Task): Answer {
  const pieces = textResult(question)
  return { ...jsonAnswer(200, dialect.result(pieces)), bill: billOf(question, pieces) }
}

/** Faults that change nothing but the pictures that come. */
type PictureFault =
  | 'uneven-background'
  | 'no-background'
  | 'wrong-size'
  | 'wrong-type'
  | 'thought-image'
  | 'interleaved'
  | 'no-signature'
  | 'half-picture'

function changesBy({ images = defaultPictures }: Fault, kind: PictureFault): ResultChanges {
  const changes: Record<PictureFault, ResultChanges> = {
    'uneven-background': { background: 'uneven' },
    'no-background': { background: 'none' },
    'wrong-size': { factor: 0.5 },
    'wrong-type': { drawnType: 'image/png', declaredType: 'image/jpeg' },
    'thought-image': { wantsThoughts: true, wantsText: true },
    interleaved: { pictures: images, wantsText: true },
    'no-signature': { signs: false },
    'half-picture': { share: 0.5 },
  }
  return changes[kind]
}

/** A good answer with its JSON changed. */
/** What a fault makes of the JSON of a good answer. */
export function odd(answer: Answer, { change }: Fault): Answer {
  const json = JSON.parse(answer.body)
  return jsonAnswer(answer.status, change?.(json) ?? json)
}

function redirect({ location = 'https://elsewhere.invalid/' }: Fault): Answer {
  return { ...htmlAnswer(302, 'Moved'), headers: { location } }
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
    case 'odd':
      return odd(await reply(task, paint), fault)
    case 'wrong-encoding':
      return { ...(await reply(task, paint)), headers: { 'content-encoding': 'gzip' } }
    case 'redirect':
      return redirect(fault)
    case 'foreign-page':
      return htmlAnswer(fault.status ?? 404, `${fault.status ?? 404} by nginx`)
    case 'cut-short':
      throw new RangeError('Only a download can be cut short')
    default:
      return draw(task, paint, changesBy(fault, fault.kind))
  }
}
