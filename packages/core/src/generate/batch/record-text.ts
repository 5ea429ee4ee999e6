import { eachLine, readJson, readVersion } from '../../pin/lockfile-text.ts'
import type { Place } from '../../kernel/place.ts'
import { GeminiImageError, joinErrors } from '../../kernel/errors/error.ts'
import {
  JOB_ID,
  jobSchema,
  requestSchema,
  type RecordedJobs,
  type RecordedJob,
  type RecordedRequest,
} from './record.ts'

/** The version of the record's layout. */
const RECORD_VERSION = 1

const HEADER = `# Batch jobs whose pictures have not landed yet, kept by gemini-image. "npx gemini-image batch collect" lands them.
version: ${RECORD_VERSION}
jobs:
`
const VERSION_LINE = /^version:\s*(\S+)\s*$/
const SECTION_LINE = /^(?:jobs|requests):\s*$/
const JOB_LINE = /^ {2}([a-z0-9-]+): (\{.*\})\s*$/s
const REQUEST_LINE = /^ {2}([0-9a-f]{64}) ([a-z0-9-]+): (\{.*\})\s*$/s

interface Draft {
  readonly jobs: Map<string, RecordedJob>
  readonly requests: Map<string, Map<string, RecordedRequest>>
}

/**
 * Reads the record: YAML with one line a job and one line a request, as in the lockfile, so that a
 * merge of two branches is the union of both. Requests of a job that is not there any more are
 * passed over.
 * @param place Where the file starts; messages point at the line.
 * @throws {GeminiImageError} `CORRUPT_BATCH_RECORD`, one for each unreadable line.
 */
export function parseRecord(text: string, place: Place): RecordedJobs {
  const draft: Draft = { jobs: new Map(), requests: new Map() }
  const problems: GeminiImageError[] = []
  eachLine(text, (line, number) => {
    const problem = readLine(line, draft)
    if (problem) problems.push(corruptRecord(problem, { ...place, line: number }))
  })
  if (problems.length > 0) throw joinErrors(problems)
  const { jobs, requests } = draft
  return { jobs, requests: new Map([...requests].filter(([id]) => jobs.has(id))) }
}

/** The record's text: sorted, so that equal content is equal bytes. */
export function formatRecord({ jobs, requests }: RecordedJobs): string {
  const jobLines = [...jobs].map(([id, job]) => `  ${id}: ${JSON.stringify(job)}\n`)
  const requestLines = [...requests].flatMap(([id, ofJob]) =>
    [...ofJob].map(([print, request]) => `  ${print} ${id}: ${JSON.stringify(request)}\n`),
  )
  return `${HEADER}${jobLines.toSorted().join('')}requests:\n${requestLines.toSorted().join('')}`
}

/** Reads one line, or says what is wrong with it. */
function readLine(line: string, draft: Draft): string | undefined {
  if (line.trim() === '' || line.startsWith('#') || SECTION_LINE.test(line)) return undefined
  const version = VERSION_LINE.exec(line)?.[1]
  if (version !== undefined) return readVersion(version, RECORD_VERSION)
  const [, print, of = '', requestJson] = REQUEST_LINE.exec(line) ?? []
  if (print !== undefined && requestJson !== undefined) {
    return readRequest(print, of, requestJson, draft)
  }
  const [, id, json] = JOB_LINE.exec(line) ?? []
  if (id === undefined || json === undefined) return 'This line is neither a job nor a request.'
  const job = JOB_ID.test(id)
    ? readJson<RecordedJob>(json, (value) => jobSchema.safeParse(value).success)
    : undefined
  if (!job) return `The job ${id} does not hold what is needed to collect it.`
  const other = draft.jobs.get(id)
  draft.jobs.set(id, other ? furtherOn(other, job) : job)
  return undefined
}

function readRequest(print: string, id: string, json: string, draft: Draft): string | undefined {
  const request = readJson<RecordedRequest>(json, (value) => requestSchema.safeParse(value).success)
  if (!request) return `The request ${print.slice(0, 12)}… does not hold what is needed to land it.`
  const ofJob = draft.requests.get(id) ?? new Map<string, RecordedRequest>()
  draft.requests.set(id, ofJob.set(print, request))
  return undefined
}

/** Of two readings of one job, the later: it has a name, or it has ended. */
function furtherOn(a: RecordedJob, b: RecordedJob): RecordedJob {
  const order = progress(b) - progress(a) || (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
  return order > 0 ? b : a
}

function progress({ state }: RecordedJob): number {
  const early = ['submitting', 'pending', 'running'].indexOf(state)
  return early === -1 ? 3 : early
}

function corruptRecord(what: string, place: Place): GeminiImageError {
  return new GeminiImageError({
    code: 'CORRUPT_BATCH_RECORD',
    what,
    why: 'Nothing was submitted and nothing was collected.',
    fix: `restore ${place.path} from version control, or update gemini-image if a newer one wrote it; a line that is deleted is a picture that is paid for and never collected.`,
    place,
  })
}
