import { setTimeout as wait } from 'node:timers/promises'
import {
  blockedAnswer,
  failureAnswer,
  htmlAnswer,
  imageAnswer,
  imagePart,
  jsonAnswer,
  promptBlockedAnswer,
  textAnswer,
  type Answer,
} from './answer.ts'
import type { Draw } from './drawing.ts'
import { quotaExhausted, rateLimited, serverError, unknownModel } from './failure.ts'
import type { Fault } from './faults.ts'
import { scalePixels } from './pixels.ts'
import type { Question } from './question.ts'

const defaultRetryDelay = '0.05s'
const defaultSlowness = 1000

const silence: Answer = { status: 0, contentType: '', body: '', delivery: 'hang' }

async function draw(question: Question, paint: Draw, factor = 1): Promise<Answer> {
  const { prompt, pixels, model } = question
  const bytes = await paint({ prompt, pixels: scalePixels(pixels, factor), type: model.type })
  return imageAnswer(question, [imagePart({ mimeType: model.type, bytes })])
}

async function drawMislabelled(question: Question, paint: Draw): Promise<Answer> {
  const { prompt, pixels } = question
  const bytes = await paint({ prompt, pixels, type: 'image/png' })
  return imageAnswer(question, [imagePart({ mimeType: 'image/jpeg', bytes })])
}

async function drawAfterThought(question: Question, paint: Draw): Promise<Answer> {
  const { prompt, pixels, model } = question
  const sketch = { prompt: `A first sketch. ${prompt}`, pixels, type: model.type }
  const [thought, bytes] = await Promise.all([paint(sketch), paint({ ...sketch, prompt })])
  return imageAnswer(question, [
    { text: 'Let me sketch the composition first.', thought: true },
    { ...imagePart({ mimeType: model.type, bytes: thought }), thought: true },
    { text: 'Here is your picture.' },
    imagePart({ mimeType: model.type, bytes }),
  ])
}

/** The answer to a good request that nothing goes wrong with. */
export async function reply(question: Question, paint: Draw): Promise<Answer> {
  return question.wantsImage ? draw(question, paint) : textAnswer(question)
}

/** The answer to a good request that a fault hits. */
export async function replyWithFault(
  question: Question,
  paint: Draw,
  fault: Fault,
): Promise<Answer> {
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
      return failureAnswer(unknownModel(question.modelId, question.version))
    case 'html-error':
      return htmlAnswer(503, '503 Service Unavailable')
    case 'html':
      return htmlAnswer(200, 'Sign in to the network')
    case 'invalid-json':
      return { ...jsonAnswer(200, null), body: '{"candidates":[{"content":' }
    case 'reset':
      return { ...silence, delivery: 'reset' }
    case 'hang':
      return silence
    case 'truncated':
      return { ...(await reply(question, paint)), delivery: 'half' }
    case 'slow':
      await wait(fault.delay ?? defaultSlowness)
      return reply(question, paint)
    case 'blocked':
      return blockedAnswer(question, fault.finishReason ?? 'IMAGE_PROHIBITED_CONTENT')
    case 'prompt-blocked':
      return promptBlockedAnswer(question)
    case 'text-only':
      return textAnswer(question)
    case 'empty':
      return jsonAnswer(200, {})
    case 'wrong-size':
      return draw(question, paint, 0.5)
    case 'wrong-type':
      return drawMislabelled(question, paint)
    case 'thought-image':
      return drawAfterThought(question, paint)
  }
}
