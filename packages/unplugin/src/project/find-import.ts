import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Place } from '@gemini-image/core'
import {
  fileOfId,
  placeOfText,
  splitMarker,
  startOf,
  type DeclarationId,
  type HostOptions,
} from '@gemini-image/core/host'
import { readAsk } from '../source/ask.ts'

/** What an import asks for. */
interface Wanted {
  readonly declaration: DeclarationId
  readonly form: string
  /** The files that ask for pictures, absolute. */
  readonly importers: readonly string[]
}

/** The place of the first import that asks for a picture in a form. By an alias, a file of the same name may be meant. */
export async function findImport(
  { declaration, form, importers }: Wanted,
  options: Pick<HostOptions, 'forms' | 'root'>,
): Promise<Place | undefined> {
  const { findRequests } = await import('@gemini-image/core/internal')
  const name = path.basename(fileOfId(declaration))
  for (const importer of importers) {
    const text = readFileSync(importer, 'utf8')
    for (const request of findRequests(text, importer)) {
      if (!('specifier' in request) || path.posix.basename(request.file) !== name) continue
      const { query = '' } = splitMarker(request.specifier) ?? {}
      if (readAsk(query, options).form !== form) continue
      return placeOfText(text, request.specifier, startOf(options.root, importer))
    }
  }
  return undefined
}
