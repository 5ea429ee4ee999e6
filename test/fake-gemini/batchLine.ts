import { hash } from 'node:crypto'
import { contentDialect } from './contentAnswer.ts'
import { anything, fields, refuseBody, text } from './check.ts'
import { readContentPrompt, readContentQuestion } from './contentRequest.ts'
import type { Draw } from './drawing.ts'
import { invalidArgument, type Failure } from './failure.ts'
import type { FaultQueue } from './faults.ts'
import { record } from './json.ts'
import type { FakeModel } from './models.ts'
import type { Repetitions } from './repetitions.ts'
import { reply, replyWithFault } from './reply.ts'

/** What the lines of a batch are answered with. */
export interface LineDesk {
  faults: FaultQueue
  repetitions: Repetitions
  paint: Draw
}

/** The model that a batch is for. */
export interface LineModel {
  version: string
  modelId: string
  model: FakeModel
}

/** Status → code of `google.rpc.Code`. @see https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto */
const rpcCodes: Readonly<Record<number, number>> = { 400: 3, 404: 5, 429: 8, 503: 14, 504: 4 }
const internal = 13

const checkLine = fields({ key: text, request: anything }, 'key', 'request')

function errorLine(key: unknown, { code, message, details }: Failure): object {
  const error = { code: rpcCodes[code] ?? internal, message, ...(details ? { details } : {}) }
  return { ...(typeof key === 'string' ? { key } : {}), error }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** Answers one line as generateContent would answer its request. */
export async function answerLine(
  line: string,
  { version, modelId, model }: LineModel,
  desk: LineDesk,
): Promise<object> {
  const parsed = parse(line)
  const { key, request } = record(parsed)
  if (parsed === undefined) return errorLine(key, invalidArgument('The line is not JSON.'))
  const strange = refuseBody(parsed, checkLine)
  if (strange !== undefined) return errorLine(key, strange)
  const prompt = readContentPrompt(request)
  const print = hash('sha256', `${modelId}\n${JSON.stringify(request)}`)
  const identity = `${print} ${desk.repetitions.count(print)}`
  const question = readContentQuestion({ version, modelId, model, body: request, prompt, identity })
  if ('code' in question) return errorLine(key, question)
  const task = { question, dialect: contentDialect(question) }
  const fault = desk.faults.take(prompt, 'batchLine')
  const { status, body } = fault
    ? await replyWithFault(task, desk.paint, fault)
    : await reply(task, desk.paint)
  const json = JSON.parse(body)
  return status === 200 ? { key, response: json } : errorLine(key, json.error)
}
