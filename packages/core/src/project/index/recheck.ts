import { hash } from 'node:crypto'
// oxlint-disable-next-line no-restricted-imports -- lists folders of the project, and opens none of their files.
import { readdirSync, statSync, type Dirent } from 'node:fs'
import path from 'node:path'
import { CONTENT_PACKAGE, isContentFile } from '../../declare/inline/content.ts'
import { mentions } from '../../declare/inline/imports.ts'
import { isPromptFile } from '../../declare/prompt-file-name.ts'
import { isSourceFile, UNSEARCHED } from '../../declare/source-file.ts'
import { findSpecifiers } from '../../declare/specifiers.ts'
import { isGeminiImageError } from '../../kernel/errors/error.ts'
import { openFiles } from '../../kernel/files/files.ts'
import { stampOf } from '../../kernel/files/stamp.ts'
import type { Stamped } from './build-index.ts'

/** Whether all that was touched still says what it said. */
export async function isAsBefore(touched: readonly Stamped[], root: string): Promise<boolean> {
  for (const [file, , check] of touched) {
    if (check !== (checkFolder(file) ?? (await asksOf(file, root)))) return false
  }
  return true
}

function checkFolder(file: string): string | undefined {
  const isFolder = statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false
  return isFolder ? namesIn(file) : undefined
}

/** The names in a folder of which one may matter, and git's list of what is private. */
export function namesIn(folder: string): string {
  const names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === '.gitignore')
      return stampOf(statSync(path.join(folder, entry.name), { bigint: true }))
    return mayMatter(entry) ? `${entry.name}${entry.isDirectory() ? '/' : ''}` : []
  })
  return digest(names.toSorted())
}

/** What a scan may look at; it follows links. */
function mayMatter(entry: Dirent): boolean {
  const { name } = entry
  if (name.startsWith('.') || UNSEARCHED.includes(name)) return false
  return !entry.isFile() || isPromptFile(name) || isSourceFile(name) || isContentFile(name)
}

/**
 * What a source file asks for, and where it declares something. `undefined` where something else of it matters as
 * well, or where something is wrong with it.
 */
export async function asksOf(file: string, root: string): Promise<string | undefined> {
  if (!isSourceFile(file) || isContentFile(file) || isPromptFile(file)) return undefined
  const files = openFiles(root)
  const text = files.reader('source')(file)
  if (text === undefined || text.includes(CONTENT_PACKAGE)) return undefined
  const specifiers = findSpecifiers(text)
  // Nearly none does, and what reads declarations takes its time to load.
  if (!mentions(text, 'macro') && !mentions(text, 'components')) return digest([specifiers, []])
  const { findAsked } = await import('../../declare/inline/find.ts')
  const { declarations } = findAsked(text, { file, root }, undefined)
  const places: unknown[] = []
  for (const one of declarations) {
    if (isGeminiImageError(one)) return undefined
    places.push([one.id, one.place.line, one.place.column])
  }
  if (places.length > 0 && !isForModels(file, text, root)) return undefined
  return digest([specifiers, places])
}

function isForModels(file: string, text: string, root: string): boolean {
  try {
    openFiles(root).assertForModels('source', file, text)
    return true
  } catch {
    return false
  }
}

/** Characters of a digest: 132 bits. */
const ENOUGH = 22

function digest(value: unknown): string {
  return hash('sha256', JSON.stringify(value), 'base64url').slice(0, ENOUGH)
}
