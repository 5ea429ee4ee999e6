import { readFile } from 'node:fs/promises'
import { GeminiImageError, isPromptFile } from '@gemini-image/core/host'
import type { Rolldown } from 'vite'
import type { Session } from './session.ts'

type Output = Rolldown.OutputAsset | Rolldown.OutputChunk

/**
 * The last look at a build: every picture in it is the one that the lockfile pins, and no prompt file
 * is shipped in a picture's place, neither as a file nor as a data URL.
 * @throws {GeminiImageError} `CORRUPT_OBJECT` or `UNRESOLVED_REFERENCE`.
 */
export async function assertFitToShip(
  bundle: Rolldown.OutputBundle,
  session: Session,
): Promise<void> {
  await session.verify()
  for (const output of Object.values(bundle)) {
    const found =
      findEmitted(output) ??
      (await findInlined(textOf(output), [...session.declarations.all()].filter(isPromptFile)))
    if (found !== undefined) throw shipped(found, output.fileName)
  }
}

function findEmitted(output: Output): string | undefined {
  // An asset keeps the extension of its source; looking closer at each picture would take its time.
  if (!output.fileName.endsWith('.md') || output.type !== 'asset') return undefined
  return output.originalFileNames.find(isPromptFile)
}

async function findInlined(text: string, files: Iterable<string>): Promise<string | undefined> {
  if (!text.includes('data:text/markdown')) return undefined
  for (const file of files) {
    const bytes = await readFile(file)
    if (text.includes(bytes.toString('base64'))) return file
  }
  return undefined
}

/** The text of code, styles and pages. Reading an asset's source copies it, so pictures are passed over. */
function textOf(output: Output): string {
  if (output.type === 'chunk') return output.code
  return /\.(?:css|html)$/.test(output.fileName) ? String(output.source) : ''
}

function shipped(promptFile: string, output: string): GeminiImageError {
  return new GeminiImageError({
    code: 'UNRESOLVED_REFERENCE',
    what: `${output} would carry the prompt file ${promptFile} in place of its picture.`,
    why: 'Something takes its path that gemini-image does not see.',
    fix: "import the picture in a module (import hero from './hero.prompt.md?gemini-image') and use that.",
  })
}
