import { existsSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { fileOfId, GeminiImageError, startOf } from '@gemini-image/core/host'
import type { ResolvedImage } from '@gemini-image/core'
import {
  CONFIG_FILES,
  findProjectRoot,
  missingAlt,
  type DeclarationId,
  type Logger,
} from '@gemini-image/core/internal'
import type { LoaderContext } from 'webpack'
import { HostProject } from '../project/host-project.ts'
import { openHostWithEnv } from '../project/open-host.ts'

/** What Turbopack's loaders are told: JSON, since they run in processes of their own. */
export interface LoaderOptions {
  /** The folder of the Next.js configuration. */
  readonly root: string
  /** Where Turbopack keeps what it builds; absent where it keeps nothing. */
  readonly kept?: string | undefined
}

/** A Next.js project. Its options come from `gemini-image.config.*` alone. */
export async function openNext(root: string, logger: Logger): Promise<HostProject> {
  const outputs = ['.next', 'out'].map((folder) => path.join(root, folder))
  // Next.js has loaded env files into the process: they are held against it.
  const envMode = process.env.NODE_ENV
  return new HostProject(await openHostWithEnv({}, { hostRoot: root, outputs, logger, envMode }))
}

/**
 * The project of a loader. A mistake in its configuration is put right there: Turbopack asks again when that changes, or
 * what it imports.
 */
export async function openForLoader(
  loader: Pick<LoaderContext<LoaderOptions>, 'getOptions' | 'addDependency'>,
): Promise<HostProject> {
  const { root } = loader.getOptions()
  const folder = findProjectRoot(undefined, root)
  const files = CONFIG_FILES.map((name) => path.join(folder, name)).filter((file) =>
    existsSync(file),
  )
  for (const file of files) loader.addDependency(file)
  const project = await openNext(root, SILENT)
  for (const file of project.options.configInputs ?? []) loader.addDependency(file)
  return project
}

/** A logger that says nothing: each of many processes would say the same. */
const SILENT: Logger = { info: () => undefined, warn: () => undefined }

/**
 * The picture that a loader was asked for. It never spends: in a build, everything that the source asks
 * for was drawn before Next.js began.
 * @throws {GeminiImageError} `MISSING_PICTURE` or `MISSING_ALT` in a build; what is wrong with the declaration.
 */
export async function pictureFor(
  id: DeclarationId,
  project: HostProject,
  isBuild: boolean,
): Promise<ResolvedImage> {
  const image = await project.preview(id, !isBuild)
  await project.verify()
  if (isBuild && image.alt === undefined) throw missingAlt(image)
  if (!isBuild || image.state === 'pinned' || project.options.mode === 'placeholder') return image
  throw new GeminiImageError({
    code: 'MISSING_PICTURE',
    place: startOf(project.options.root, fileOfId(id)),
    what: `The picture of ${path.relative(project.options.root, id)} has not been drawn.`,
    why: 'No literal import or macro asks for it, and Turbopack never draws by itself.',
    fix: 'import it by a literal path, or run: npx gemini-image generate',
  })
}
