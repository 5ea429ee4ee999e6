import path from 'node:path'
import { fileOfId, GeminiImageError, startOf } from '@gemini-image/core/host'
import {
  missingAlt,
  type DeclarationId,
  type HostEngine,
  type Logger,
  type ResolvedImage,
} from '@gemini-image/core'
import { openProjectEngine } from '../project/open-engine.ts'

/** What Turbopack's loaders are told: JSON, since they run in processes of their own. */
export interface LoaderOptions {
  /** The folder of the Next.js configuration. */
  readonly root: string
}

/** The engine of a Next.js project. Its options come from `gemini-image.config.*` alone. */
export function openNext(root: string, logger: Logger): Promise<HostEngine> {
  const outputs = ['.next', 'out'].map((folder) => path.join(root, folder))
  return openProjectEngine({}, { hostRoot: root, outputs, logger })
}

/** A logger that says nothing: each of many processes would say the same. */
export const SILENT: Logger = { info: () => undefined, warn: () => undefined }

/**
 * The picture that a loader was asked for. It never spends: in a build, everything that the source asks
 * for was drawn before Next.js began.
 * @throws {GeminiImageError} `MISSING_PICTURE` or `MISSING_ALT` in a build; what is wrong with the declaration.
 */
export async function pictureFor(
  id: DeclarationId,
  engine: HostEngine,
  isBuild: boolean,
): Promise<ResolvedImage> {
  const image = await engine.preview(id)
  await engine.verify()
  if (isBuild && image.alt === undefined) throw missingAlt(image)
  if (!isBuild || image.state === 'pinned' || engine.options.mode === 'placeholder') return image
  throw new GeminiImageError({
    code: 'MISSING_PICTURE',
    place: startOf(engine.options.root, fileOfId(id)),
    what: `The picture of ${path.relative(engine.options.root, id)} has not been drawn.`,
    why: 'No literal import or macro asks for it, and Turbopack never draws by itself.',
    fix: 'import it by a literal path, or run: npx gemini-image generate',
  })
}
