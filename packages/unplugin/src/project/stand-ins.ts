import type { ResolvedImage } from '@gemini-image/core'
import type { Declared } from '@gemini-image/core/internal'
import { formatPlace } from '@gemini-image/core/host'
import type { HostProject } from './host-project.ts'

/** Where a placeholder is declared, why it is shown, and what to do; `undefined` for a picture. */
export function placeholderLine({ place, why }: ResolvedImage): string | undefined {
  return why && `${formatPlace(place)}: ${why.text.replace(/\.$/, '')}. ${why.next}`
}

/** Code that has a browser say so in its console, for a module; empty for a picture. */
export function consoleCode(image: ResolvedImage): string {
  const line = placeholderLine(image)
  if (line === undefined) return ''
  const said = JSON.stringify(`[gemini-image] ${line}`)
  return `if (typeof document !== 'undefined') console.info(${said})\n`
}

/** Says that stand-ins will stay, where there is no key to draw pictures with. */
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
