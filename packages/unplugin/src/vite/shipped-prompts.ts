import { readFile } from 'node:fs/promises'
import { GeminiImageError, isPromptFile } from '@gemini-image/core'
import type { Rolldown } from 'vite'
import type { Session } from './session.ts'

/**
 * The safety net of a build: no prompt file may be shipped in a picture's place, neither as a file
 * nor as a data URL.
 * @throws {GeminiImageError} `UNRESOLVED_REFERENCE`.
 */
export async function assertNoPromptShipped(
  bundle: Rolldown.OutputBundle,
  { engine, declarations }: Session,
): Promise<void> {
  const { rows } = await engine.plan()
  const files = rows.map(({ declared }) => declared.file).filter((file) => declarations.has(file))
  for (const output of Object.values(bundle)) {
    const original =
      output.type === 'asset' ? output.originalFileNames.find(isPromptFile) : undefined
    const inlined = original ?? (await findInlined(textOf(output), files))
    if (inlined !== undefined) throw shipped(inlined, output.fileName)
  }
}

async function findInlined(text: string, files: readonly string[]): Promise<string | undefined> {
  if (!text.includes('data:text/markdown')) return undefined
  for (const file of files) {
    const bytes = await readFile(file)
    if (text.includes(bytes.toString('base64'))) return file
  }
  return undefined
}

function textOf(output: Rolldown.OutputAsset | Rolldown.OutputChunk): string {
  if (output.type === 'chunk') return output.code
  return typeof output.source === 'string' ? output.source : ''
}

function shipped(promptFile: string, output: string): GeminiImageError {
  return new GeminiImageError({
    code: 'UNRESOLVED_REFERENCE',
    what: `${output} would carry the prompt file ${promptFile} in place of its picture.`,
    why: 'Something takes its path that gemini-image does not see.',
    fix: "import the picture in a module (import hero from './hero.prompt.md?gemini-image') and use that.",
  })
}
