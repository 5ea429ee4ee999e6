import { readFileSync } from 'node:fs'
import { startOf, type Place } from '../declaration/place.ts'
import { parsePromptFile } from '../declaration/prompt-file.ts'
import { judge, type JudgedSpec } from '../declaration/spec.ts'
import { GeminiImageError } from '../errors/error.ts'
import { estimateCost } from '../models/price.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { fingerprint } from '../request/fingerprint.ts'
import { toRequest } from '../request/request.ts'
import type { ProviderJob } from '../providers/provider.ts'

/** A declaration with all that follows from it alone. */
export interface Declared extends JudgedSpec, ProviderJob {
  /** Absolute path of the file that declares it. */
  readonly file: string
  readonly name: string
  readonly place: Place
  /** What it would cost to generate, in US dollars. */
  readonly estimate: number
}

/**
 * Reads and judges a prompt file.
 * @throws {GeminiImageError} `PROMPT_FILE_NOT_FOUND`, or whatever is wrong with what it says.
 */
export function declare(
  file: string,
  { root, model: defaultModel }: Pick<ResolvedOptions, 'root' | 'model'>,
): Declared {
  const source = readSource(file, root)
  const declaration = parsePromptFile(source, file, root)
  const judged = judge(declaration, { model: defaultModel })
  const request = toRequest(judged.spec)
  return {
    ...judged,
    request,
    fingerprint: fingerprint(request),
    file,
    name: declaration.name,
    place: declaration.place,
    estimate: estimateCost(judged.model, request.size, request.prompt),
  }
}

// Synchronous: thousands of small files read several times faster than through promises.
function readSource(file: string, root: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw notFound(file, root)
    throw error
  }
}

function notFound(file: string, root: string): GeminiImageError {
  const { path } = startOf(root, file)
  return new GeminiImageError({
    code: 'PROMPT_FILE_NOT_FOUND',
    what: `There is no prompt file ${path}.`,
    fix: 'create it, or mend the path where it is imported.',
  })
}
