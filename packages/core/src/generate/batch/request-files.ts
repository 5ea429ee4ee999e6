import { createHash, randomBytes } from 'node:crypto'
// oxlint-disable-next-line no-restricted-imports -- streams gigabytes into the cache, into a file that we have named.
import { open, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { isGeminiImageError, joinErrors, type GeminiImageError } from '../../kernel/errors/error.ts'
import { toJob } from '../job.ts'
import { openFiles } from '../../kernel/files/files.ts'
import { writeFailed } from '../../kernel/files/write.ts'
import type { ReadyStep } from './select.ts'
import type { BatchWork } from './context.ts'

/** A file of requests to one model: what becomes one job. */
export interface RequestFile {
  /** Our name for the job. */
  readonly id: string
  /** Absolute path. */
  readonly file: string
  /** Its SHA-256, in hex. */
  readonly sha256: string
  readonly model: ReadyStep['model']
  readonly steps: readonly ReadyStep[]
}

/**
 * Writes the requests of all steps into files: one for each model, and more where one would be larger
 * than a job may be.
 * @throws {GeminiImageError} whatever is wrong with an image that a request needs, all at once.
 */
export async function writeRequests(
  steps: readonly ReadyStep[],
  work: BatchWork,
): Promise<readonly RequestFile[]> {
  await openFiles(work.options.cacheDir).makeFolder('batch', work.folder)
  const problems: GeminiImageError[] = []
  const files: RequestFile[] = []
  for (const ofModel of Map.groupBy(steps, ({ model }) => model.id).values()) {
    files.push(...(await writeModel(ofModel, work, problems)))
  }
  if (problems.length > 0) throw joinErrors(problems)
  return files
}

async function writeModel(
  steps: readonly ReadyStep[],
  work: BatchWork,
  problems: GeminiImageError[],
): Promise<readonly RequestFile[]> {
  const files: RequestFile[] = []
  let part: OpenPart | undefined
  try {
    for (const ready of steps) {
      const line = await lineOf(ready, work, problems)
      if (!line) continue
      if (part && part.size + line.length > work.batch.fileBytes) {
        files.push(await part.end())
        part = undefined
      }
      part ??= await OpenPart.begin(ready.model, work)
      await part.add(ready, line)
    }
  } finally {
    if (part) files.push(await part.end())
  }
  return files
}

async function lineOf(
  { step, declared, model }: ReadyStep,
  work: BatchWork,
  problems: GeminiImageError[],
): Promise<Buffer | undefined> {
  try {
    const { entries: pinned, texts } = await work.lockfile.read()
    const job = toJob(step, declared, model, { ...work, pinned, texts })
    return Buffer.from(`${await work.batch.line(job)}\n`)
  } catch (error) {
    if (!isGeminiImageError(error)) throw error
    problems.push(error.at(declared.place))
    return undefined
  }
}

class OpenPart {
  /** Bytes so far. */
  size = 0
  readonly #handle: FileHandle
  readonly #file: Omit<RequestFile, 'steps' | 'sha256'>
  readonly #hash = createHash('sha256')
  readonly #steps: ReadyStep[] = []

  private constructor(handle: FileHandle, file: Omit<RequestFile, 'steps' | 'sha256'>) {
    this.#handle = handle
    this.#file = file
  }

  static async begin(model: ReadyStep['model'], { folder }: BatchWork): Promise<OpenPart> {
    const id = `gemini-image-${randomBytes(8).toString('hex')}`
    const file = path.join(folder, `${id}.jsonl`)
    try {
      return new OpenPart(await open(file, 'w'), { id, file, model })
    } catch (error) {
      throw writeFailed(file, error)
    }
  }

  async add(ready: ReadyStep, line: Buffer): Promise<void> {
    try {
      await this.#handle.writeFile(line)
    } catch (error) {
      throw writeFailed(this.#file.file, error)
    }
    this.#hash.update(line)
    this.#steps.push(ready)
    this.size += line.length
  }

  async end(): Promise<RequestFile> {
    await this.#handle.close()
    return { ...this.#file, sha256: this.#hash.digest('hex'), steps: this.#steps }
  }
}
