import { readFile } from 'node:fs/promises'
import { fileOfId, GeminiImageError, isPromptFile } from '@gemini-image/core/host'
import type { ResolvedConfig, Rolldown } from 'vite'
import type { Build } from '../project/build.ts'

/**
 * VitePress makes a page of every Markdown file.
 * @throws {GeminiImageError} `UNRESOLVED_REFERENCE` where one of them is a prompt file.
 */
export function assertNoPages(config: ResolvedConfig): void {
  const { vitepress } = config as { readonly vitepress?: { readonly pages?: readonly string[] } }
  const page = vitepress?.pages?.find(isPromptFile)
  if (page === undefined) return
  throw new GeminiImageError({
    code: 'UNRESOLVED_REFERENCE',
    what: `VitePress would publish the prompt file ${page} as a page.`,
    fix: "wrap what .vitepress/config exports: withGeminiImage(config), from 'unplugin-gemini-image/vitepress', in the place of the Vite plugin.",
  })
}

type Output = Rolldown.OutputAsset | Rolldown.OutputChunk

/**
 * The last look at a build: every picture in it is the one that the lockfile pins, and no prompt file
 * is shipped in a picture's place, neither as a file nor as a data URL.
 * @throws {GeminiImageError} `CORRUPT_OBJECT` or `UNRESOLVED_REFERENCE`.
 */
export async function assertFitToShip(bundle: Rolldown.OutputBundle, build: Build): Promise<void> {
  await build.verify()
  const outputs = Object.values(bundle)
  const inlined = outputs.map((output) => inlinedIn(textOf(output)))
  // Read only where something of their kind is inlined, which is hardly ever.
  const isAny = inlined.some((texts) => texts.length > 0)
  const files = isAny ? await readPromptFiles(build.declarations.all()) : new Map<string, string>()
  for (const [index, output] of outputs.entries()) {
    const text = inlined[index]?.find((one) => files.has(one)) ?? ''
    const found = findEmitted(output) ?? files.get(text)
    if (found !== undefined) throw shipped(found, output.fileName)
  }
}

function findEmitted(output: Output): string | undefined {
  // An asset keeps the extension of its source; looking closer at each picture would take its time.
  if (!output.fileName.endsWith('.md') || output.type !== 'asset') return undefined
  return output.originalFileNames.find(isPromptFile)
}

/** What data URLs of Markdown hold, in base64. */
function inlinedIn(text: string): readonly string[] {
  return Array.from(
    text.matchAll(/data:text\/markdown[^,]{0,80},([\w+/=]+)/g),
    ([, data = '']) => data,
  )
}

/** Text in base64 → the prompt file that holds it. */
async function readPromptFiles(declared: Iterable<string>): Promise<ReadonlyMap<string, string>> {
  const files = [...new Set(Array.from(declared, fileOfId))].filter(isPromptFile)
  const read = async (file: string): Promise<[string, string]> => [
    (await readFile(file)).toString('base64'),
    file,
  ]
  return new Map(await Promise.all(files.map(read)))
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
