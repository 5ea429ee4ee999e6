import { placeOfOffset, projectPath, startOf, type Place } from '../place.ts'
import { GeminiImageError } from '../errors/error.ts'
import { FILE_KINDS, type FileFault, type FileKindName } from './kinds.ts'
import type { Secrecy } from './privacy.ts'
import { toMegabytes } from './write.ts'

export interface RefusedFile {
  readonly kind: FileKindName
  /** Absolute path, as it was named. */
  readonly file: string
  /** The folder that messages count paths from. */
  readonly root: string
}

interface Words {
  readonly what: string
  readonly why?: string | undefined
  readonly fix: string
  readonly place?: Place | undefined
  readonly cause?: unknown
}

export function outside(one: RefusedFile, isLink: boolean): GeminiImageError {
  const { noun, isForModels } = FILE_KINDS[one.kind]
  return refused(one, 'outside', {
    what: `The ${noun} ${nameOf(one)} is outside the project${isLink ? ', by way of a symbolic link' : ''}.`,
    why:
      isForModels || one.kind === 'reference'
        ? 'Files from elsewhere are never sent to a model.'
        : 'Files outside the project are neither read nor written.',
    fix: isLink ? 'replace the link by the file itself.' : 'copy it into the project.',
  })
}

/** It is a folder, a pipe, a socket or a device. */
export function irregular(one: RefusedFile, isFolder: boolean): GeminiImageError {
  return refused(one, 'irregular', {
    what: `There is no ${FILE_KINDS[one.kind].noun} ${nameOf(one)}.`,
    why: `It is not a file, but ${isFolder ? 'a folder' : 'a pipe, a socket or a device'}.`,
    fix: 'create the file, or fix the path.',
  })
}

/** The operating system does not let it be read. */
export function denied(one: RefusedFile, cause: unknown): GeminiImageError {
  const { code, message } = cause as NodeJS.ErrnoException
  const isForbidden = code === 'EACCES' || code === 'EPERM'
  return refused(one, 'denied', {
    what: `The ${FILE_KINDS[one.kind].noun} ${nameOf(one)} cannot be read.`,
    why: message,
    fix: isForbidden
      ? 'give your user permission to read it and the folders above it (chmod, chown).'
      : 'replace it by a file that can be read, or restore it from version control.',
    cause,
  })
}

export function tooLarge(one: RefusedFile, size: number): GeminiImageError {
  const { noun, most } = FILE_KINDS[one.kind]
  return refused(one, 'large', {
    what: `The ${noun} ${nameOf(one)} has ${toMegabytes(size)} MB; at most ${toMegabytes(most)} MB are read.`,
    fix: 'make it smaller, or name another file.',
  })
}

export function lfsPointer(one: RefusedFile): GeminiImageError {
  return refused(one, 'pointer', {
    what: `The ${FILE_KINDS[one.kind].noun} ${nameOf(one)} is a Git LFS pointer: the file itself was never fetched.`,
    fix: LFS_FIX,
  })
}

/** How a file comes in the place of its pointer. */
const LFS_FIX = 'run "git lfs pull"; in CI, check out with LFS (actions/checkout: "lfs: true").'

export function isPrivate(one: RefusedFile, { why, fix }: Secrecy): GeminiImageError {
  return refused(one, 'private', {
    what: `The ${FILE_KINDS[one.kind].noun} ${nameOf(one)} is private: ${why}.`,
    why: 'Text from hidden and git-ignored files is never sent to a model.',
    fix,
  })
}

/** It is not UTF-8; the place is that of the first byte that tells. */
export function notUtf8(one: RefusedFile, bytes: Uint8Array): GeminiImageError {
  const { why, offset } = whyNotUtf8(Buffer.from(bytes))
  const text = Buffer.from(bytes).toString('utf8', 0, offset)
  const start = startOf(one.root, one.file)
  return refused(one, 'encoding', {
    what: `The ${FILE_KINDS[one.kind].noun} ${nameOf(one)} is not UTF-8 text.`,
    why: `${why} Nothing of it was used.`,
    fix: 'save it as UTF-8: editors call it "Save with Encoding".',
    place: placeOfOffset(text, text.length, start),
  })
}

function whyNotUtf8(bytes: Buffer): { readonly why: string; readonly offset: number } {
  const mark = bytes.toString('hex', 0, 2)
  if (mark === 'fffe' || mark === 'feff') return { why: 'It is saved as UTF-16.', offset: 0 }
  const zeros = bytes.filter((byte) => byte === 0).length
  // Latin letters have a zero byte each.
  if (zeros * 4 > bytes.length) return { why: 'It seems to be saved as UTF-16.', offset: 0 }
  const offset = firstInvalid(bytes)
  if (offset === undefined) {
    return { why: 'It holds a NUL character, which no text has.', offset: bytes.indexOf(0) }
  }
  const byte = bytes.subarray(offset, offset + 1)
  const letter = new TextDecoder('windows-1252').decode(byte)
  const hex = byte.toString('hex').toUpperCase()
  const why = `It seems to be saved as Latin-1 (Windows-1252), where the byte 0x${hex} is "${letter}".`
  return { why, offset }
}

/** The offset of the first byte that UTF-8 does not have there. */
function firstInvalid(bytes: Buffer): number | undefined {
  const text = bytes.toString('utf8')
  for (let at = text.indexOf('\uFFFD'); at !== -1; at = text.indexOf('\uFFFD', at + 1)) {
    const offset = Buffer.byteLength(text.slice(0, at))
    // A file may hold the replacement character itself.
    if (bytes.toString('hex', offset, offset + 3) !== 'efbfbd') return offset
  }
  return undefined
}

function refused(one: RefusedFile, fault: FileFault, words: Words): GeminiImageError {
  const { codes, isOwnPlace } = FILE_KINDS[one.kind]
  const place = words.place ?? (isOwnPlace ? startOf(one.root, one.file) : undefined)
  return new GeminiImageError({ ...words, code: codes[fault], place })
}

function nameOf({ root, file }: RefusedFile): string {
  return projectPath(root, file) || '/'
}
