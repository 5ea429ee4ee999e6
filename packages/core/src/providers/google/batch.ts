import { BATCH_LIMITS } from '../models/catalogue.ts'
import type { BatchProvider } from '../batch-provider.ts'
import { toBody } from './generate-content/body.ts'
import { cancelJob, createJob, findJob, getJob } from './batch-jobs.ts'
import { openLine } from './batch-line.ts'
import type { Endpoint } from './call.ts'
import { downloadFile } from './download.ts'
import type { Pace } from './rate-limiter.ts'
import type { RetryOptions } from './retry.ts'
import { hashOfFile, uploadFile } from './upload.ts'
import { openDesk, sendJson, type Desk } from './api-client.ts'

/**
 * Google's Batch API. Its requests are always those of generateContent, whatever API a declaration or
 * the option `transport` names: no other can be asked in a batch.
 * @see https://ai.google.dev/gemini-api/docs/batch-api
 */
export function googleBatch(options: Endpoint & RetryOptions, pace: Pace): BatchProvider {
  const desk = (context: Pick<Desk, 'signal' | 'cutOff'>): Desk => openDesk(options, pace, context)
  return {
    fileBytes: BATCH_LIMITS.fileBytes,
    line: async (job) => JSON.stringify({ key: job.fingerprint, request: await toBody(job) }),
    upload: (file, displayName, context) => uploadFile(file, displayName, desk(context)),
    hash: (file, context) => hashOfFile(file, desk(context)),
    create: (order, context) => createJob(order, desk(context)),
    find: (displayName, context) => findJob(displayName, desk(context)),
    get: (name, context) => getJob(name, desk(context)),
    cancel: (name, context) => cancelJob(name, desk(context)),
    download: (results, to, context) => downloadFile(results, to, desk(context)),
    remove: async (file, context) => {
      await sendJson(desk(context), 'DELETE', file)
    },
    open: (line) => openLine(line, options.key),
  }
}
