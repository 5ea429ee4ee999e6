import path from 'node:path'
import { z } from 'zod'
import { projectPath } from '../../kernel/place.ts'
import { GeminiImageError } from '../../kernel/errors/error.ts'
import { openFiles } from '../../kernel/files/files.ts'
import { openFileIndex } from '../../kernel/files/file-index.ts'
import { sha256 } from '../../kernel/hash.ts'
import { IMAGE_TYPES } from '../../pixels/image.ts'
import { inspectReference } from './inspect-reference.ts'
import type { ReferenceFacts } from '../../providers/provider.ts'

/** The images of the project's own files. */
export interface LocalImages {
  /**
   * Looks at an image. One that nothing has touched since is not read again.
   * @param file Absolute path.
   * @throws {GeminiImageError} `REFERENCE_NOT_FOUND`, what the gate to files says, and as
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
  type: z.enum(IMAGE_TYPES),
  size: z.number(),
})

export function openLocalImages(root: string, indexFile: string): LocalImages {
  const index = openFileIndex(indexFile, factsSchema)

  const inspect = async (file: string): Promise<ReferenceFacts> => {
    const name = projectPath(root, file)
    // Anew each time: between two builds of a dev server, folders come and go.
    const files = openFiles(root)
    const found = files.locate('reference', file)
    if (!found) throw notFound(name)
    const { path: real, stats } = found
    const promised = path.extname(file).slice(1)
    // What a name promises is part of what was looked at.
    const key = `${promised}:${projectPath(root, real)}`
    const known = index.find(key, stats)
    if (known) return known
    const bytes = await files.readBytes('reference', file)
    if (!bytes) throw notFound(name)
    const facts = await inspectReference(bytes, name, promised)
    index.note(key, stats, facts)
    return facts
  }

  const read = async (file: string, expected: string): Promise<Uint8Array> => {
    const bytes = await openFiles(root).readBytes('reference', file)
    if (bytes && sha256(bytes) === expected) return bytes
    throw new GeminiImageError({
      code: 'REFERENCE_CHANGED',
      what: `${projectPath(root, file)} changed while pictures were being generated.`,
      why: 'The picture that refers to it was not asked for.',
      fix: 'run again.',
    })
  }

  return { inspect, read, save: index.save }
}

function notFound(name: string): GeminiImageError {
  return new GeminiImageError({
    code: 'REFERENCE_NOT_FOUND',
    what: `There is no reference ${name}.`,
    fix: 'add the image, or fix the path; paths go from the declaring file, or from the root with a leading slash.',
  })
}
