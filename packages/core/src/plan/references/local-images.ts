import { statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { projectPath } from '../../kernel/place.ts'
import { GeminiImageError } from '../../kernel/errors/error.ts'
import { openFileIndex } from '../../kernel/files/file-index.ts'
import { sha256 } from '../../kernel/hash.ts'
import { inspectReference } from './inspect-reference.ts'
import { isBelow, realPath } from '../../kernel/files/inside.ts'
import type { ReferenceFacts } from '../../providers/reference-image.ts'

/** The images of the project's own files. */
export interface LocalImages {
  /**
   * Looks at an image. One that nothing has touched since is not read again.
   * @param file Absolute path.
   * @throws {GeminiImageError} `REFERENCE_NOT_FOUND`, `REFERENCE_OUTSIDE_ROOT`, and as
   *   `inspectReference`.
   */
  inspect(file: string): Promise<ReferenceFacts>
  /** Its bytes. @throws {GeminiImageError} `REFERENCE_CHANGED` where they are not those any more. */
  read(file: string, sha256: string): Promise<Uint8Array>
  /** Remembers on this machine what was found out. */
  save(): Promise<void>
}

const factsSchema: z.ZodType<ReferenceFacts> = z.object({
  sha256: z.string(),
  type: z.enum(['image/jpeg', 'image/png', 'image/webp']),
  size: z.number(),
})

/** Opens the images below `root`, symbolic links resolved. */
export function openLocalImages(root: string, indexFile: string): LocalImages {
  const index = openFileIndex(indexFile, factsSchema)

  const inspect = async (file: string): Promise<ReferenceFacts> => {
    const name = projectPath(root, file)
    // Synchronous: what the file system knows at once is not worth a thread's time.
    const real = realPath(file)
    if (real === undefined) throw notFound(name, 'There is no such file')
    const realRoot = realPath(root) ?? root
    if (!isBelow(realRoot, real)) throw outside(name, file, real)
    const stats = statSync(real, { bigint: true })
    if (!stats.isFile()) throw notFound(name, 'It is not a file')
    const promised = path.extname(file).slice(1)
    // What a name promises is part of what was looked at.
    const key = `${promised}:${projectPath(realRoot, real)}`
    const known = index.find(key, stats)
    if (known) return known
    const bytes = await readFile(real)
    const facts = await inspectReference(bytes, name, promised)
    index.note(key, stats, facts)
    return facts
  }

  const read = async (file: string, expected: string): Promise<Uint8Array> => {
    const bytes = await readFile(file)
    if (sha256(bytes) === expected) return bytes
    throw new GeminiImageError({
      code: 'REFERENCE_CHANGED',
      what: `${projectPath(root, file)} changed while pictures were being generated.`,
      why: 'The picture that refers to it was not asked for.',
      fix: 'run again.',
    })
  }

  return { inspect, read, save: index.save }
}

function notFound(name: string, why: string): GeminiImageError {
  return new GeminiImageError({
    code: 'REFERENCE_NOT_FOUND',
    what: `The reference ${name} cannot be read.`,
    why: `${why}.`,
    fix: 'add the image, or mend the path; paths go from the declaring file, or from the root with a leading slash.',
  })
}

function outside(name: string, file: string, real: string): GeminiImageError {
  const isLink = path.resolve(file) !== real
  return new GeminiImageError({
    code: 'REFERENCE_OUTSIDE_ROOT',
    what: `The reference ${name} is outside the project${isLink ? ', by way of a symbolic link' : ''}.`,
    why: 'Files from elsewhere are never sent to Google.',
    fix: 'copy the image into the project.',
  })
}
