import { setTimeout as wait } from 'node:timers/promises'
import { failureAnswer, htmlAnswer, jsonAnswer, silence, type Answer } from './answer.ts'
import { answerBatch, type BatchDesk } from './batchRoutes.ts'
import { notFound, quotaExhausted, rateLimited, serverError } from './failure.ts'
import type { Fault } from './faults.ts'
import { answerFile, breakChunk, cutShort, type FileRequest } from './fileRoutes.ts'
import { imagenModels, models, textModels } from './models.ts'
import { page } from './page.ts'
import { odd } from './reply.ts'
import type { RouteName } from './route.ts'

const batchRoutes: ReadonlySet<RouteName> = new Set([
  'createBatch',
  'listBatches',
  'getBatch',
  'cancelBatch',
  'deleteBatch',
])
const defaultSlowness = 1000

/** The models that it knows and that are not to be missing. */
function answerModels({ entry }: FileRequest, { missingModels }: BatchDesk): Answer {
  const ids = [...models.keys(), ...textModels.keys(), ...imagenModels.keys()].filter(
    (id) => !missingModels.has(id),
  )
  const listed = ids.map((id) => ({ name: `models/${id}`, displayName: id }))
  const { items, next } = page(listed, entry.query)
  return jsonAnswer(200, { models: items, ...next })
}

/** Answers a request on files or batches that nothing goes wrong with. */
export async function answerJob(request: FileRequest, desk: BatchDesk): Promise<Answer> {
  if (request.route.name === 'listModels') return answerModels(request, desk)
  return batchRoutes.has(request.route.name)
    ? answerBatch(request, desk)
    : answerFile(request, desk.files)
}

/** The answer to a request on files or batches that a fault hits. */
export async function answerJobWithFault(
  request: FileRequest,
  desk: BatchDesk,
  fault: Fault,
): Promise<Answer> {
  switch (fault.kind) {
    case 'rate-limited':
      return failureAnswer(rateLimited(fault.retryDelay ?? '0.05s'))
    case 'quota-exhausted':
      return failureAnswer(quotaExhausted(request.route.model ?? '', '0.05s'))
    case 'unavailable':
      return failureAnswer(serverError(503))
    case 'server-error':
      return failureAnswer(serverError(fault.status ?? 500))
    case 'not-found':
      return failureAnswer(notFound('It does not exist.'))
    case 'html':
      return htmlAnswer(200, 'Sign in to the network')
    case 'foreign-page':
      return htmlAnswer(fault.status ?? 404, `${fault.status ?? 404} by nginx`)
    case 'hang':
      return silence
    case 'reset':
      breakChunk(request, desk.files)
      return { ...silence, delivery: 'reset' }
    case 'lost':
      await answerJob(request, desk)
      return { ...silence, delivery: 'reset' }
    case 'truncated':
      return { ...(await answerJob(request, desk)), delivery: 'half' }
    case 'odd':
      return odd(await answerJob(request, desk), fault)
    case 'cut-short':
      return cutShort(await answerJob(request, desk), fault)
    case 'slow': {
      const answer = await answerJob(request, desk)
      await wait(fault.delay ?? defaultSlowness)
      return answer
    }
    default:
      throw new RangeError(`The fault ${fault.kind} does not fit ${request.route.name}`)
  }
}
