import type { ProviderContext, ProviderJob, ProviderResult } from './provider.ts'

/** Milliseconds, for people: `48 hours`. */
export function hoursOf(milliseconds: number): string {
  return `${Math.round(milliseconds / 3_600_000)} hours`
}

/** How a batch job stands. The last four are its end. */
export type BatchState = 'pending' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'expired'

/** How many of a job's requests were answered. */
export interface BatchCounts {
  readonly total: number
  readonly succeeded: number
  readonly failed: number
}

/** A batch job as the server tells of it. */
export interface BatchJob {
  /** The server's name for it: `batches/abc`. */
  readonly name: string
  /** Ours. */
  readonly displayName: string
  readonly state: BatchState
  /** `undefined` where the server does not say. */
  readonly counts: BatchCounts | undefined
  /** The server's name for the file of its results; `undefined` where there is none (yet). */
  readonly results: string | undefined
  /** The lines of its results, where they come with the job in the place of a file. */
  readonly lines?: readonly string[] | undefined
  /** Why it failed. */
  readonly error: string | undefined
}

/** A batch job to be created. */
export interface BatchOrder {
  /** Unique: by it the job is found again when the answer to its creation is lost. */
  readonly displayName: string
  /** The model's id: a job asks one model. */
  readonly model: string
  /** The server's name for the file of requests. */
  readonly file: string
}

/** One line of a job's results. */
export interface BatchLine {
  /** The fingerprint; `undefined` where the line says none. */
  readonly key: string | undefined
  /**
   * @throws {PictureRefusal} `BLOCKED`, `NO_IMAGE` or `NO_TEXT`, as a live call does.
   * @throws {GeminiImageError} the error that stands in the place of an answer, or `BAD_ANSWER`.
   */
  read(asked: BatchAsked): ProviderResult
}

/** What a line's request was, as far as its answer is read by it. */
export interface BatchAsked {
  /** The model's id. */
  readonly model: string
  /** Whether text, and several pictures, were asked for. */
  readonly withText: boolean
  /** Whether text is all that was asked for. @default false */
  readonly ofText?: boolean | undefined
}

/** What a batch provider may use while it works. */
export type BatchContext = Pick<ProviderContext, 'signal' | 'cutOff'>

/**
 * Answers many requests in one job, within a day or two, at a share of the price. Requests and
 * results are files of lines, because pictures are too large for anything else.
 */
export interface BatchProvider {
  /** The most bytes of one file of requests. */
  readonly fileBytes: number
  /** One request as a line, without its line feed; the key is the fingerprint. */
  line(job: ProviderJob): Promise<string>
  /**
   * Uploads a file of requests.
   * @param file Absolute path.
   * @returns The server's name for it.
   */
  upload(file: string, displayName: string, context: BatchContext): Promise<string>
  /** SHA-256 of an uploaded file, in hex; `undefined` where the server does not say. */
  hash?(file: string, context: BatchContext): Promise<string | undefined>
  /**
   * Creates a job, once: after an answer that was lost it looks for the job by its name, and creates
   * it again only where the server's list was read and holds no such job.
   */
  create(order: BatchOrder, context: BatchContext): Promise<BatchJob>
  /** The job of this name; `undefined` where the server's list was read and holds none. */
  find(displayName: string, context: BatchContext): Promise<BatchJob | undefined>
  /** The job as it stands now; `undefined` where the server does not know it. */
  get(name: string, context: BatchContext): Promise<BatchJob | undefined>
  /** Asks the server to end a job. One that has ended, or that it does not know, stays as it is. */
  cancel(name: string, context: BatchContext): Promise<void>
  /**
   * Writes a job's results into a file. After the last attempt that file holds as much as came.
   * @param to Absolute path; its folder exists.
   * @throws {GeminiImageError} `BATCH_INCOMPLETE` where not all of it came, `BATCH_NOT_FOUND`.
   */
  download(results: string, to: string, context: BatchContext): Promise<void>
  /** Deletes a file from the server. */
  remove(file: string, context: BatchContext): Promise<void>
  /** One line of results; `undefined` where it is not whole. */
  open(line: string): BatchLine | undefined
}

// Names that the server gave become part of addresses: nothing but a plain one may.

/** A batch job's name: `batches/abc`. */
export const JOB_NAME: RegExp = /^batches\/[\w-]+$/

/** A file's name: `files/abc`. */
export const FILE_NAME: RegExp = /^files\/[\w-]+$/
