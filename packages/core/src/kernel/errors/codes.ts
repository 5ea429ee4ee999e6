import { answers } from './codes/answers.ts'
import { batches } from './codes/batches.ts'
import { commands } from './codes/commands.ts'
import { declarations } from './codes/declarations.ts'
import { files } from './codes/files.ts'
import { imports } from './codes/imports.ts'
import { references } from './codes/references.ts'
import { renditions } from './codes/renditions.ts'
import type { ErrorRow } from './codes/row.ts'
import { runs } from './codes/runs.ts'
import { stores } from './codes/stores.ts'

/** The stable name of a kind of failure. */
export type ErrorCode =
  | keyof typeof declarations
  | keyof typeof references
  | keyof typeof imports
  | keyof typeof renditions
  | keyof typeof runs
  | keyof typeof files
  | keyof typeof answers
  | keyof typeof batches
  | keyof typeof stores
  | keyof typeof commands

/** Heading of docs/errors.md → its codes. */
export const ERROR_AREAS: Readonly<Record<string, Readonly<Record<string, ErrorRow>>>> = {
  Declarations: declarations,
  References: references,
  'Imports and names': imports,
  'Sizes, formats and layers': renditions,
  'Runs, options and money': runs,
  'Files and the lockfile': files,
  'Calls and answers': answers,
  'Batch jobs': batches,
  'Shared stores': stores,
  'The command': commands,
}

/** Every code, and what is known of it. Only docs and `gemini-image explain` load these texts. */
export const ERRORS: Readonly<Record<ErrorCode, ErrorRow>> = {
  ...declarations,
  ...references,
  ...imports,
  ...renditions,
  ...runs,
  ...files,
  ...answers,
  ...batches,
  ...stores,
  ...commands,
}

/** Whether a code is one of these. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code)
}
