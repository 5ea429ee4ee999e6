import { failureAnswer, jsonAnswer, type Answer } from './answer.ts'
import { isOpen, type BatchShelf, type FakeBatch } from './batches.ts'
import { anything, fields, refuseBody, text } from './check.ts'
import { invalidArgument, notFound, unknownModel } from './failure.ts'
import { fileId, type FileShelf } from './files.ts'
import { record } from './json.ts'
import type { RecordedRequest } from './log.ts'
import { models } from './models.ts'
import { page } from './page.ts'
import type { Route } from './route.ts'

/** What a request on batches is answered with. */
export interface BatchDesk {
  files: FileShelf
  batches: BatchShelf
  missingModels: ReadonlySet<string>
}

/** A request on batches. */
export interface BatchRequest {
  entry: RecordedRequest
  route: Route
}

const metadataType = 'type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatch'
const outputType = `${metadataType}Output`

const checkCreate = fields(
  {
    batch: fields(
      {
        displayName: text,
        inputConfig: fields({ fileName: text }, 'fileName'),
        priority: anything,
      },
      'displayName',
      'inputConfig',
    ),
  },
  'batch',
)

/** The lines of a file of results, as they come with a job. */
function inlinedResponses(outputFile: string, { files }: FileShelf): object[] {
  const text = files.get(fileId(outputFile) ?? '')?.bytes.toString('utf8') ?? ''
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const { key, ...answer } = record(JSON.parse(line))
      return { ...answer, metadata: { key } }
    })
}

/** A job as Google's guide polls it, with the names that its SDK has. */
function plainJob(job: FakeBatch, { batches, files }: BatchDesk): object {
  const { name, displayName, modelId, state, createTime, endTime, outputFile, error } = job
  const dest =
    outputFile === undefined
      ? undefined
      : batches.pace.inline
        ? { inlinedResponses: inlinedResponses(outputFile, files) }
        : { fileName: outputFile }
  return {
    name,
    displayName,
    model: `models/${modelId}`,
    state: `JOB_STATE_${state}`,
    createTime,
    ...(endTime === undefined ? {} : { endTime }),
    ...(dest === undefined ? {} : { dest }),
    ...(error === undefined ? {} : { error }),
  }
}

function describeJob(job: FakeBatch, desk: BatchDesk): object {
  return desk.batches.pace.shape === 'job' ? plainJob(job, desk) : operation(job, desk)
}

function operation(job: FakeBatch, { batches, files }: BatchDesk): object {
  const { name, displayName, modelId, state, createTime, endTime, outputFile, error, stats } = job
  const isDone = !isOpen(job)
  const results = (file: string): object =>
    batches.pace.inline
      ? { inlinedResponses: { inlinedResponses: inlinedResponses(file, files) } }
      : { responsesFile: file }
  const output = outputFile === undefined ? {} : { output: results(outputFile) }
  const answered = stats.succeeded + stats.failed
  const metadata = {
    '@type': metadataType,
    name,
    model: `models/${modelId}`,
    displayName,
    state: `BATCH_STATE_${state}`,
    createTime,
    updateTime: endTime ?? createTime,
    ...(endTime === undefined ? {} : { endTime }),
    batchStats: {
      requestCount: String(job.lines.length),
      ...(stats.succeeded > 0 ? { successfulRequestCount: String(stats.succeeded) } : {}),
      ...(stats.failed > 0 ? { failedRequestCount: String(stats.failed) } : {}),
      ...(isDone ? {} : { pendingRequestCount: String(job.lines.length - answered) }),
    },
    ...output,
  }
  const response = outputFile === undefined ? {} : { '@type': outputType, ...output.output }
  return {
    name,
    metadata,
    ...(isDone ? { done: true } : {}),
    ...(error === undefined ? {} : { error }),
    ...(isDone && error === undefined ? { response } : {}),
  }
}

function createBatch({ entry, route }: BatchRequest, desk: BatchDesk): Answer {
  const { model: modelId = '', version, name } = route
  const model = desk.missingModels.has(modelId) ? undefined : models.get(modelId)
  if (model === undefined) return failureAnswer(unknownModel(modelId, version, name))
  const strange = refuseBody(entry.body, checkCreate)
  if (strange !== undefined) return failureAnswer(strange)
  const { displayName, inputConfig } = record(record(entry.body)['batch'])
  const inputFile = String(record(inputConfig)['fileName'])
  const file = desk.files.files.get(fileId(inputFile) ?? '')
  if (file === undefined) {
    return failureAnswer(invalidArgument(`The file ${inputFile} does not exist.`))
  }
  const lines = file.bytes.toString('utf8').split('\n').filter(Boolean)
  if (lines.length === 0) return failureAnswer(invalidArgument('The file holds no request.'))
  const given = { displayName: String(displayName), inputFile, lines, version, modelId, model }
  return jsonAnswer(200, describeJob(desk.batches.add(given), desk))
}

async function oneBatch({ route }: BatchRequest, desk: BatchDesk): Promise<Answer> {
  const { batches } = desk
  const name = `batches/${route.id}`
  const job = batches.find(name)
  if (job === undefined) return failureAnswer(notFound(`The batch ${name} does not exist.`))
  if (route.name === 'deleteBatch') {
    batches.forget(name)
    return jsonAnswer(200, {})
  }
  if (route.name === 'cancelBatch') {
    // Of a job that has ended there is nothing to cancel.
    if (isOpen(job)) await batches.end(job, { ...job.fate, state: 'CANCELLED' })
    return jsonAnswer(200, {})
  }
  await batches.poll(job)
  return jsonAnswer(200, describeJob(job, desk))
}

/** Answers a request on batches that nothing goes wrong with. */
export async function answerBatch(request: BatchRequest, desk: BatchDesk): Promise<Answer> {
  const { entry, route } = request
  if (route.name === 'createBatch') return createBatch(request, desk)
  if (route.name !== 'listBatches') return oneBatch(request, desk)
  // The newest first.
  const jobs = desk.batches.jobs.toReversed().map((job) => describeJob(job, desk))
  const { items, next } = page(jobs, entry.query)
  const end = desk.batches.pace.emptyPageToken ? { nextPageToken: '' } : {}
  return jsonAnswer(200, { operations: items, ...end, ...next })
}
