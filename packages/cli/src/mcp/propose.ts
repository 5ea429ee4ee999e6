import { randomUUID } from 'node:crypto'
import { GeminiImageError, plan } from '@gemini-image/core'
import { isPromptFile, openFiles, parsePromptFile, shownId } from '@gemini-image/core/internal'
import type { Proposal } from '@gemini-image/studio/verbs'
import type { Input } from './input.ts'
import { fileInside, rowNamed, type Session } from './session.ts'

/** An edit of a declaration, or a new prompt file, as it would be; nothing is written. */
export async function propose(
  { picture, file, prompt, settings = {}, turn }: Input,
  session: Session,
): Promise<Proposal> {
  const change = { prompt, settings, turn } as { prompt?: string; settings: object; turn?: string }
  if ((picture === undefined) === (file === undefined)) {
    throw invalid('A proposal is about a picture that is declared, or about a new prompt file.')
  }
  if (picture !== undefined) {
    const { declared } = rowNamed(picture as string, await plan(session.project))
    fileInside(declared.file, session.project)
    return session.edits.proposeEdit(
      shownId(declared),
      change as Parameters<typeof session.edits.proposeEdit>[1],
    )
  }
  if (prompt === undefined) throw invalid('A new prompt file needs a prompt.')
  if (turn !== undefined) throw invalid('A new picture has no turns: write all into its prompt.')
  return proposeFile(file as string, prompt as string, settings as object, session)
}

async function proposeFile(
  named: string,
  prompt: string,
  settings: object,
  session: Session,
): Promise<Proposal> {
  const { project, newFiles } = session
  const { root } = project.options
  const file = fileInside(named, project)
  if (!isPromptFile(file)) throw invalid(`${named} does not end with ".prompt.md".`)
  if (openFiles(root).locate('emitted', file)) throw exists(named)
  const text = textOf(prompt, settings)
  const { priceOf } = await import('@gemini-image/studio/verbs')
  const declaration = parsePromptFile(text, file, root)
  const price = await priceOf({ id: file, declaration }, project)
  const token = randomUUID()
  newFiles.set(token, { file, text })
  const lines = text.trimEnd().split('\n')
  return {
    file: named,
    diff: [
      '--- /dev/null',
      `+++ b/${named}`,
      `@@ -0,0 +1,${lines.length} @@`,
      ...lines.map((line) => `+${line}`),
    ].join('\n'),
    token,
    price,
  }
}

/** JSON is YAML: nothing that a value says becomes another setting. */
function textOf(prompt: string, settings: object): string {
  const lines = Object.entries(settings).map(([key, value]) => {
    if (!/^[A-Za-z]\w*$/.test(key)) throw invalid(`${JSON.stringify(key)} is no setting.`)
    return `${key}: ${JSON.stringify(value)}\n`
  })
  return `---\n${lines.join('')}---\n\n${prompt.trim()}\n`
}

/** Writes what was proposed, as it was shown. */
export async function apply(
  { proposal }: Input,
  session: Session,
): Promise<{ readonly id: string }> {
  const { project, newFiles, edits } = session
  const token = proposal as string
  const added = newFiles.get(token)
  if (!added) return edits.applyEdit(token)
  const files = openFiles(project.options.root)
  fileInside(added.file, project)
  if (files.locate('emitted', added.file)) throw exists(added.file)
  await files.write('emitted', added.file, added.text)
  newFiles.delete(token)
  return { id: added.file }
}

function exists(file: string): GeminiImageError {
  return invalid(
    `${file} is there already.`,
    'propose an edit of it, with "picture" instead of "file".',
  )
}

function invalid(
  what: string,
  fix = 'give "picture" for an edit, or "file" (ending with ".prompt.md") and "prompt" for a new one.',
): GeminiImageError {
  return new GeminiImageError({ code: 'INVALID_ARGUMENT', what, why: 'Nothing was written.', fix })
}
