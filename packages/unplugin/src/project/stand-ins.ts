import type { Declared } from '@gemini-image/core/internal'
import { formatPlace } from '@gemini-image/core/host'
import type { HostProject } from './host-project.ts'

/** Says that placeholders will stay, where there is no key to draw pictures with. */
export async function announceStandIns(
  missing: readonly Declared[],
  project: HostProject,
): Promise<void> {
  const { mode, logger } = project.options
  if (mode !== 'auto' || (await project.canGenerate())) return
  const { variable, page } = await project.credentials()
  const count = missing.length === 1 ? '1 placeholder is' : `${missing.length} placeholders are`
  const list = missing.map(({ place }) => `\n  ${formatPlace(place)}`).join('')
  logger.warn(
    `${count} shown, because there is no API key to generate with:${list}\n  Set ${variable} (${page}) to get the real pictures.`,
  )
}
