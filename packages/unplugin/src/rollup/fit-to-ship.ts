import { GeminiImageError, splitMarker } from '@gemini-image/core/host'
import type { OutputBundle } from 'rollup'
import type { Build } from '../project/build.ts'

/**
 * The last look at a bundle: every picture in it is the one that the lockfile pins, and none is left to
 * whoever runs it.
 * @throws {GeminiImageError} `CORRUPT_OBJECT` or `UNRESOLVED_REFERENCE`.
 */
export async function assertFitToShip(bundle: OutputBundle, build: Build): Promise<void> {
  await build.verify()
  for (const output of Object.values(bundle)) {
    if (output.type === 'asset') continue
    const left = [...output.imports, ...output.dynamicImports].find(splitMarker)
    if (left !== undefined) throw leftOut(left, output.fileName)
  }
}

function leftOut(id: string, output: string): GeminiImageError {
  return new GeminiImageError({
    code: 'UNRESOLVED_REFERENCE',
    what: `${output} would import ${id} when it runs, and there is no such module.`,
    why: 'The option "external" takes it for a package.',
    fix: 'have "external" leave out what ends in "?gemini-image".',
  })
}
