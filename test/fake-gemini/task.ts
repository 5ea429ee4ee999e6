import { hash } from 'node:crypto'
import { contentDialect } from './contentAnswer.ts'
import { readContentPrompt, readContentQuestion } from './contentRequest.ts'
import type { Task } from './dialect.ts'
import { invalidArgument, missingField, unknownModel, type Failure } from './failure.ts'
import { readTextQuestion, type Shown } from './describeRequest.ts'
import { interactionDialect } from './interactionAnswer.ts'
import { readInteractionPrompt, readInteractionQuestion } from './interactionRequest.ts'
import { isRecord } from './json.ts'
import type { RecordedRequest } from './log.ts'
import type { Memory } from './memory.ts'
import { imagenModels, models, textModels, type FakeModel } from './models.ts'
import { predictDialect } from './predictAnswer.ts'
import { readPredictPrompt, readPredictQuestion } from './predictRequest.ts'
import type { Incoming } from './question.ts'
import type { Repetitions } from './repetitions.ts'
import type { Route } from './route.ts'

/** What a server keeps from one request to the next, and how it was set up. */
export interface Shelf {
  memory: Memory
  repetitions: Repetitions
  missingModels: ReadonlySet<string>
  /** What models say that only talk. */
  say: (shown: Shown) => string
}

export function readModel(route: Route | undefined, body: unknown): string | undefined {
  if (route?.name !== 'interactions') return route?.model
  return isRecord(body) && typeof body['model'] === 'string' ? body['model'] : undefined
}

export function readPrompt(route: Route | undefined, body: unknown): string {
  if (route?.name === 'interactions') return readInteractionPrompt(body)
  if (route?.name === 'predict') return readPredictPrompt(body)
  return route?.name === 'generateContent' ? readContentPrompt(body) : ''
}

/** A request that comes again is another one, and gets another picture. */
function identify({ route, model, rawBody }: RecordedRequest, { repetitions }: Shelf): string {
  const key = hash('sha256', `${route} ${model}\n${rawBody}`)
  return `${key} ${repetitions.count(key)}`
}

function readContent(incoming: Incoming<FakeModel>): Task | Failure {
  const question = readContentQuestion(incoming)
  return 'code' in question ? question : { question, dialect: contentDialect(question) }
}

function readInteraction(incoming: Incoming<FakeModel>, memory: Memory): Task | Failure {
  const question = readInteractionQuestion(incoming, memory)
  return 'code' in question ? question : { question, dialect: interactionDialect(question, memory) }
}

/** Turns a request on a known route into a task, or says why Google would refuse it. */
export function readTask(entry: RecordedRequest, route: Route, shelf: Shelf): Task | Failure {
  const identity = identify(entry, shelf)
  const { body, prompt, model: modelId } = entry
  if (modelId === undefined) {
    return isRecord(body)
      ? missingField('model')
      : invalidArgument('Invalid JSON payload received. Unexpected token.')
  }
  const { name, version } = route
  const known = shelf.missingModels.has(modelId) ? undefined : modelId
  const incoming = { version, modelId, body, prompt, identity }
  if (name === 'predict') {
    const model = imagenModels.get(known ?? '')
    if (model === undefined) return unknownModel(modelId, version, name)
    const question = readPredictQuestion({ ...incoming, model })
    return 'code' in question ? question : { question, dialect: predictDialect }
  }
  const talker = name === 'generateContent' ? textModels.get(known ?? '') : undefined
  if (talker !== undefined) {
    const question = readTextQuestion({ ...incoming, model: talker }, shelf.say)
    return 'code' in question ? question : { question, dialect: contentDialect(question) }
  }
  const model = models.get(known ?? '')
  if (model === undefined) return unknownModel(modelId, version, name)
  return name === 'interactions'
    ? readInteraction({ ...incoming, model }, shelf.memory)
    : readContent({ ...incoming, model })
}
