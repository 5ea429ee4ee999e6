// oxlint-disable-next-line no-restricted-imports -- adds lines to a file that the gate has found.
import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import { openFiles } from './files.ts'
import type { FileKindName } from './kinds.ts'
import { writeFailed } from './write.ts'

/** To the end, wherever that is by then; no link in the last place is followed, and no pipe waited for. */
const APPEND =
  constants.O_RDWR |
  constants.O_APPEND |
  constants.O_CREAT |
  (constants.O_NOFOLLOW ?? 0) |
  (constants.O_NONBLOCK ?? 0)

/** A file below a root that lines may be added to; it need not be there. */
export interface AppendedFile {
  readonly root: string
  readonly kind: FileKindName
  /** Absolute. */
  readonly file: string
}

/**
 * Adds a line to the end of a file by a single write, which the system does not mix with those of other processes. What
 * another has left half written keeps a line of its own.
 * @throws {GeminiImageError} `WRITE_FAILED`, or that the path leads outside or to no file.
 */
export function appendLine(one: AppendedFile, line: string): void {
  const { target } = find(one)
  try {
    const descriptor = openSync(target, APPEND)
    try {
      const bytes = Buffer.from(`${endsWithLine(descriptor) ? '' : '\n'}${line}\n`)
      // A disk that fills up takes a part of it.
      if (writeSync(descriptor, bytes) < bytes.length) throw new Error('The disk is full.')
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch (cause) {
    throw writeFailed(target, cause)
  }
}

/** Makes sure that lines can be added. @throws as {@link appendLine}. */
export function assertAppendable(one: AppendedFile): void {
  const { target, isThere } = find(one)
  try {
    accessSync(isThere ? target : path.dirname(target), constants.W_OK)
  } catch (cause) {
    throw writeFailed(target, cause)
  }
}

/** Where it is, looked at anew, as wherever something is written. */
function find({ root, kind, file }: AppendedFile): {
  readonly target: string
  readonly isThere: boolean
} {
  const files = openFiles(root)
  const there = files.locate(kind, file)
  if (!there) files.assertReachable(kind, file)
  return { target: there?.path ?? file, isThere: there !== undefined }
}

function endsWithLine(descriptor: number): boolean {
  const { size } = fstatSync(descriptor)
  const last = Buffer.alloc(1)
  return size === 0 || readSync(descriptor, last, 0, 1, size - 1) === 0 || last[0] === 0x0a
}
