import { readFileSync } from 'node:fs'
import path from 'node:path'
import { isByLanguage, readImportHead, splitMarker, type HeadImport } from '@gemini-image/core/host'
import { checkAsk } from '../project/check-ask.ts'
import { relativeToAll } from '../project/relative-to.ts'
import { declarationIn, isRendition, readAsk, type Ask } from '../source/ask.ts'
import { MAY_DECLARE } from '../source/filters.ts'
import { moduleRequest } from './requests.ts'
import { SOURCE_FILE } from './rules.ts'
import type { Session } from './session.ts'

// Rspack does not tell what is imported of a module, and asks a plugin about every request of a site, one by one, which
// takes longer than resolving it. So where it builds once, the source loader writes down where imports of pictures lead.

/** An import of a picture, and the request that is to stand in its place. */
export interface Redirect extends HeadImport {
  readonly request: string
}

/**
 * The imports of pictures at the head of a module, each with where it leads: a mere default import to the stored file,
 * if the module says nothing else of the prompt file; any other to a module of ours.
 * @param file The module, absolute.
 * @param isAhead Whether the latter are among them. Otherwise they are left to {@link redirect}.
 */
export function findRedirects(
  code: string,
  file: string,
  session: Session,
  isAhead: boolean,
): readonly Redirect[] {
  const found = importsOf(code, file, session)
  if (found.length === 0) return []
  const counts = countSpecifiers(code)
  const nameOf = relativeToAll(path.dirname(file))
  return found.flatMap(({ promptFile, picture, ask: { form, query, selection }, ...one }) => {
    const { specifier, isDefault } = one
    if (form === 'asset' && !isByLanguage(selection) && isDefault && counts.get(specifier) === 1) {
      return { ...one, request: nameOf(picture) + query }
    }
    return isAhead ? { ...one, request: moduleRequest(promptFile, specifier) } : []
  })
}

const PROMPT_FILE = '.prompt.md'

/** An import of a picture that was found. */
export interface PictureImport extends HeadImport {
  readonly ask: Ask
  /** Absolute path. */
  readonly promptFile: string
  /** The absolute path of the stored file. */
  readonly picture: string
}

function findImports(code: string, folder: string, session: Session): readonly PictureImport[] {
  if (!code.includes(PROMPT_FILE)) return []
  return readImportHead(code).flatMap((one) => {
    const marked = splitMarker(one.specifier)
    if (!marked || marked.file.includes('!')) return []
    const ask = readAsk(marked.query, session.options)
    const promptFile = path.resolve(folder, marked.file)
    const isOne = ask.inline === undefined
    const picture = isOne ? session.fileAtHand(declarationIn(promptFile, ask)) : undefined
    return picture === undefined ? [] : { ...one, ask, promptFile, picture }
  })
}

/** What {@link canRedirectAll} has found in the very same text, or else what is found now. */
function importsOf(code: string, file: string, session: Session): readonly PictureImport[] {
  const known = session.imports.get(file)
  return known?.code === code ? known.found : findImports(code, path.dirname(file), session)
}

/** A prompt file between quotes. What stands between blanks or quotes is one specifier. */
const QUOTED = /["'`]([^\s"'`]+\.prompt\.md\?[^\s"'`]*)(?=["'`])/g

function countSpecifiers(code: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const [, specifier = ''] of code.matchAll(QUOTED)) {
    counts.set(specifier, (counts.get(specifier) ?? 0) + 1)
  }
  return counts
}

/**
 * Whether all that the source asks for can be redirected by the source loader, so that Rspack need not ask about
 * requests: nothing but sound imports at the heads of scripts.
 */
export async function canRedirectAll(session: Session): Promise<boolean> {
  for (const file of session.importers) {
    const code = SOURCE_FILE.test(file) ? readText(file) : undefined
    if (code === undefined || MAY_DECLARE.test(code)) return false
    const found = findImports(code, path.dirname(file), session)
    if (found.length !== code.split(PROMPT_FILE).length - 1) return false
    session.imports.set(file, { code, found })
    for (const one of found) {
      if (isRendition(one.ask.form) && !(await isSound(one, file, session))) return false
    }
  }
  return true
}

function isSound(
  { ask, specifier }: PictureImport,
  file: string,
  session: Session,
): Promise<boolean> {
  return checkAsk(ask, specifier, file, session).then(
    () => true,
    () => false,
  )
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // Whoever asks for it is told why.
    return undefined
  }
}
