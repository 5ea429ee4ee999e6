import type { ErrorCode } from '../errors/codes.ts'

/** What a file of the project is read or written as. */
export type FileKindName =
  | 'prompt'
  | 'style'
  | 'source'
  | 'content'
  | 'reference'
  | 'font'
  | 'layer'
  | 'lockfile'
  | 'record'
  | 'ledger'
  | 'review'
  | 'object'
  | 'cache'
  | 'batch'
  | 'emitted'
  | 'adopted'

export type FileFault =
  | 'outside'
  | 'irregular'
  | 'denied'
  | 'large'
  | 'encoding'
  | 'private'
  | 'pointer'

interface FileKind {
  readonly noun: string
  /** The most bytes it may have. */
  readonly most: number
  /**
   * Where it may lie, links resolved. `root`: below the folder that the gate was opened for. `workspace`:
   * in the rest of the repository as well, where a host resolved the path.
   */
  readonly reach: 'root' | 'workspace'
  /** Whether a text must be UTF-8 as soon as it is read. */
  readonly isStrict: boolean
  /** Whether its text goes to a model: hidden and git-ignored files are refused. */
  readonly isForModels: boolean
  /** Whether messages point at the file itself, and not at whatever named it. */
  readonly isOwnPlace: boolean
  readonly codes: Readonly<Record<FileFault, ErrorCode>>
}

const MB = 1_000_000

/** A text of a person's: no model takes a prompt as long as this. */
const MOST_PROMPT = 1 * MB
/** Far above every source file that a person wrote. */
const MOST_SOURCE = 32 * MB
/** Above what APIs take for a whole request (20 MB), so that it can be told how much too large an image is. */
const MOST_IMAGE = 100 * MB
/** Fonts with all Chinese characters have a tenth of it. */
const MOST_FONT = 100 * MB
/** Half of the longest string in Node.js; ten times a lockfile of 10,000 pictures. */
const MOST_RECORDS = 256 * MB

/** Far above what APIs take (2 GB) and answers with. These are streamed. */
const MOST_BATCH = 100_000 * MB

const CODES: FileKind['codes'] = {
  outside: 'FILE_OUTSIDE_ROOT',
  irregular: 'UNREADABLE_FILE',
  denied: 'UNREADABLE_FILE',
  large: 'UNREADABLE_FILE',
  encoding: 'NOT_UTF8',
  private: 'PRIVATE_FILE',
  pointer: 'UNREADABLE_FILE',
}

/** The same code for every fault but that of a file outside of the project. */
function unless(outside: ErrorCode, code: ErrorCode): FileKind['codes'] {
  return {
    outside,
    irregular: code,
    denied: code,
    large: code,
    encoding: code,
    private: code,
    pointer: code,
  }
}

const DATA = {
  reach: 'root',
  isStrict: true,
  isForModels: false,
  isOwnPlace: false,
  codes: CODES,
} as const

/** Every kind of file that is opened by a name from data. */
export const FILE_KINDS: Readonly<Record<FileKindName, FileKind>> = {
  prompt: {
    ...DATA,
    noun: 'prompt file',
    most: MOST_PROMPT,
    reach: 'workspace',
    isForModels: true,
    codes: { ...CODES, irregular: 'PROMPT_FILE_NOT_FOUND' },
  },
  style: {
    ...DATA,
    noun: 'style file',
    most: MOST_PROMPT,
    isForModels: true,
    codes: { ...CODES, outside: 'UNKNOWN_STYLE', irregular: 'UNKNOWN_STYLE' },
  },
  // Decoded as bundlers do; it must be UTF-8 where it declares something.
  source: {
    ...DATA,
    noun: 'source file',
    most: MOST_SOURCE,
    reach: 'workspace',
    isStrict: false,
  },
  content: {
    ...DATA,
    noun: 'content file',
    most: MOST_SOURCE,
    reach: 'workspace',
    isStrict: false,
    isForModels: true,
  },
  reference: {
    ...DATA,
    noun: 'reference',
    most: MOST_IMAGE,
    codes: {
      ...CODES,
      outside: 'REFERENCE_OUTSIDE_ROOT',
      irregular: 'REFERENCE_NOT_FOUND',
      large: 'REFERENCE_TOO_LARGE',
      pointer: 'UNSUPPORTED_REFERENCE',
    },
  },
  font: {
    ...DATA,
    noun: 'font',
    most: MOST_FONT,
    reach: 'workspace',
    codes: { ...CODES, irregular: 'LAYER_FILE_NOT_FOUND', pointer: 'UNREADABLE_FONT' },
  },
  layer: {
    ...DATA,
    noun: 'image of a layer',
    most: MOST_IMAGE,
    codes: { ...CODES, irregular: 'LAYER_FILE_NOT_FOUND', pointer: 'UNSUPPORTED_LAYER' },
  },
  lockfile: {
    ...DATA,
    noun: 'lockfile',
    most: MOST_RECORDS,
    isOwnPlace: true,
    codes: unless('FILE_OUTSIDE_ROOT', 'CORRUPT_LOCKFILE'),
  },
  record: {
    ...DATA,
    noun: 'record of batch jobs',
    most: MOST_RECORDS,
    isOwnPlace: true,
    codes: unless('FILE_OUTSIDE_ROOT', 'CORRUPT_BATCH_RECORD'),
  },
  // Broken bytes are those of one line.
  ledger: { ...DATA, noun: 'ledger', most: MOST_RECORDS, isOwnPlace: true, isStrict: false },
  review: {
    ...DATA,
    noun: 'file of decisions',
    most: MOST_RECORDS,
    isOwnPlace: true,
    isStrict: false,
  },
  object: {
    ...DATA,
    noun: 'stored picture',
    most: MOST_RECORDS,
    codes: unless('FILE_OUTSIDE_ROOT', 'CORRUPT_OBJECT'),
  },
  cache: { ...DATA, noun: 'cached file', most: MOST_RECORDS },
  batch: { ...DATA, noun: 'file of a batch job', most: MOST_BATCH },
  adopted: { ...DATA, noun: 'picture', most: MOST_IMAGE },
  emitted: { ...DATA, noun: 'emitted file', most: MOST_RECORDS },
}
