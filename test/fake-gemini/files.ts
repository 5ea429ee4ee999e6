import { hash } from 'node:crypto'
import { record } from './json.ts'

/** A file as the Files API keeps it. */
export interface StoredFile {
  id: string
  displayName: string | undefined
  mimeType: string
  bytes: Buffer
  createTime: string
  source: 'UPLOADED' | 'GENERATED'
}

/** An upload that is under way. */
export interface Upload {
  id: string
  /** Bytes in all, as was announced. */
  size: number
  mimeType: string
  displayName: string | undefined
  /** The id that the caller wishes for. */
  wish: string | undefined
  received: Buffer
}

/** What the Files API keeps from one request to the next. */
export interface FileShelf {
  readonly files: Map<string, StoredFile>
  readonly uploads: Map<string, Upload>
  begin(upload: Omit<Upload, 'id' | 'received'>): Upload
  store(file: Omit<StoredFile, 'id' | 'createTime'>, wish?: string): StoredFile
}

const hour = 3_600_000
/** @see https://ai.google.dev/gemini-api/docs/files */
const keptFor = 48 * hour

export function createFileShelf(): FileShelf {
  const files = new Map<string, StoredFile>()
  const uploads = new Map<string, Upload>()
  let count = 0
  const nextId = (): string => {
    count += 1
    return hash('sha1', `file ${count}`, 'hex').slice(0, 12)
  }
  return {
    files,
    uploads,
    begin: (upload) => {
      const begun = { ...upload, id: nextId(), received: Buffer.alloc(0) }
      uploads.set(begun.id, begun)
      return begun
    },
    store: (file, wish) => {
      const stored = { ...file, id: wish ?? nextId(), createTime: new Date().toISOString() }
      files.set(stored.id, stored)
      return stored
    },
  }
}

/** A file as the API tells of it. */
export function fileResource(file: StoredFile, version: string): object {
  const { id, displayName, mimeType, bytes, createTime, source } = file
  return {
    name: `files/${id}`,
    ...(displayName === undefined ? {} : { displayName }),
    mimeType,
    sizeBytes: String(bytes.length),
    createTime,
    updateTime: createTime,
    expirationTime: new Date(Date.parse(createTime) + keptFor).toISOString(),
    sha256Hash: hash('sha256', bytes, 'base64'),
    uri: `https://generativelanguage.googleapis.com/${version}/files/${id}`,
    state: 'ACTIVE',
    source,
  }
}

/** The id in `files/abc-123`; `undefined` where it is no such name. */
export function fileId(name: unknown): string | undefined {
  return typeof name === 'string' ? /^files\/([^/:]+)$/.exec(name)?.[1] : undefined
}

/** What the start of an upload says of the file. */
export function announcedFile(body: unknown): Record<string, unknown> {
  return { ...record(record(body)['file']) }
}
