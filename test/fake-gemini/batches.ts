import { hash } from 'node:crypto'
import { answerLine, type LineDesk, type LineModel } from './batchLine.ts'
import type { Failure } from './failure.ts'
import type { FileShelf } from './files.ts'

export type BatchState = 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED' | 'EXPIRED'

/** A job as the server keeps it. */
export interface FakeBatch extends LineModel {
  /** `batches/…`. */
  readonly name: string
  readonly displayName: string
  readonly inputFile: string
  readonly createTime: string
  /** The lines of its file, as they came. */
  readonly lines: readonly string[]
  state: BatchState
  /** How often it was asked for. */
  polls: number
  /** What is to become of it when it is asked for next. */
  fate: Fate
  endTime: string | undefined
  outputFile: string | undefined
  error: Pick<Failure, 'code' | 'message'> | undefined
  stats: { succeeded: number; failed: number }
}

/** How a job ends, and how many of its lines are answered by then. */
export interface Fate {
  state: 'auto' | 'held' | Exclude<BatchState, 'PENDING' | 'RUNNING'>
  /** @default all of a job that succeeds, none of another */
  answered?: number
  message?: string
}

/** How a test steers jobs. */
export interface BatchControl {
  /** Live, in the order of their creation. */
  readonly jobs: readonly FakeBatch[]
  /** What becomes of open jobs, and of those to come. */
  steer(fate: Fate): void
  /** Changes the lines of results before they are stored. */
  tamper(change: (lines: string[]) => string[]): void
  /** Forgets a job, as after it was deleted elsewhere. */
  forget(name: string): void
}

/** How jobs go by where no test steers them. */
export interface BatchPace {
  /** How often a job is asked for until it has ended; before that it is pending, then running. @default 2 */
  polls?: number | undefined
  /** Milliseconds that a job takes at least. @default 0 */
  delay?: number | undefined
  /** Whether the last page of a list has an empty token. @default false */
  emptyPageToken?: boolean | undefined
  /** What a job is told as: an operation with metadata, or the job itself, as the guide has it. @default 'operation' */
  shape?: 'operation' | 'job' | undefined
  /** Whether results come with the job, in the place of a file. @default false */
  inline?: boolean | undefined
}

/** The jobs of a server. */
export interface BatchShelf extends BatchControl {
  readonly pace: BatchPace
  add(job: Pick<FakeBatch, 'displayName' | 'inputFile' | 'lines' | keyof LineModel>): FakeBatch
  find(name: string): FakeBatch | undefined
  /** Moves a job on, as time would. */
  poll(job: FakeBatch): Promise<void>
  end(job: FakeBatch, fate: Fate): Promise<void>
}

const defaultPolls = 2

export function isOpen({ state }: FakeBatch): boolean {
  return state === 'PENDING' || state === 'RUNNING'
}

/** Google does not keep the order of the lines. */
function shuffled(lines: readonly string[]): string[] {
  return lines.toSorted((a, b) => (hash('sha1', a) < hash('sha1', b) ? -1 : 1))
}

function begin(job: Parameters<BatchShelf['add']>[0], number: number, fate: Fate): FakeBatch {
  return {
    ...job,
    name: `batches/${hash('sha1', `batch ${number}`, 'hex').slice(0, 16)}`,
    createTime: new Date().toISOString(),
    state: 'PENDING',
    polls: 0,
    fate,
    endTime: undefined,
    outputFile: undefined,
    error: undefined,
    stats: { succeeded: 0, failed: 0 },
  }
}

export function createBatchShelf(files: FileShelf, desk: LineDesk, pace: BatchPace): BatchShelf {
  const jobs: FakeBatch[] = []
  let count = 0
  let change = (lines: string[]): string[] => lines
  let fate: Fate = { state: 'auto' }

  const storeResults = async (job: FakeBatch, lines: readonly string[]): Promise<void> => {
    if (lines.length === 0) return
    const results = await Promise.all(lines.map((line) => answerLine(line, job, desk)))
    const text = change(shuffled(results.map((result) => JSON.stringify(result))))
    job.stats.failed = text.filter((line) => line.includes('"error":')).length
    job.stats.succeeded = text.filter((line) => line.includes('"response":')).length
    const bytes = Buffer.from(text.map((line) => `${line}\n`).join(''))
    const wish = `batch-${job.name.slice('batches/'.length)}`
    const file = { displayName: undefined, mimeType: 'application/jsonl', bytes } as const
    job.outputFile = `files/${files.store({ ...file, source: 'GENERATED' }, wish).id}`
  }

  const end = async (job: FakeBatch, { state, answered, message }: Fate): Promise<void> => {
    if (state === 'auto' || state === 'held') return
    const all = state === 'SUCCEEDED' ? job.lines.length : 0
    await storeResults(job, job.lines.slice(0, answered ?? all))
    if (state === 'FAILED') job.error = { code: 13, message: message ?? 'The batch failed.' }
    job.state = state
    job.endTime = new Date().toISOString()
  }

  const poll = async (job: FakeBatch): Promise<void> => {
    job.polls += 1
    if (!isOpen(job) || job.fate.state === 'held') return
    if (job.fate.state !== 'auto') return end(job, job.fate)
    const isDue = Date.now() - Date.parse(job.createTime) >= (pace.delay ?? 0)
    if (isDue && job.polls >= (pace.polls ?? defaultPolls)) return end(job, { state: 'SUCCEEDED' })
    job.state = 'RUNNING'
  }

  return {
    jobs,
    pace,
    end,
    poll,
    add: (job) => {
      count += 1
      const created = begin(job, count, fate)
      jobs.push(created)
      return created
    },
    find: (name) => jobs.find((job) => job.name === name),
    steer: (next) => {
      fate = next
      for (const job of jobs.filter(isOpen)) job.fate = next
    },
    tamper: (next) => {
      change = next
    },
    forget: (name) => void jobs.splice(0, jobs.length, ...jobs.filter((job) => job.name !== name)),
  }
}
