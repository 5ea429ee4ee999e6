import type { ResolvedImage } from '@gemini-image/core'
import { formatPlace } from '@gemini-image/core/host'

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
