import { formatPlace, type Declared, type Engine } from '@gemini-image/core'

/** Says that stand-ins will stay, where there is no key to draw pictures with. */
export function announceStandIns(missing: readonly Declared[], { options }: Engine): void {
  const { provider, mode, logger } = options
  if (mode !== 'auto' || provider) return
  const count = missing.length === 1 ? '1 placeholder is' : `${missing.length} placeholders are`
  const list = missing.map(({ place }) => `\n  ${formatPlace(place)}`).join('')
  logger.warn(
    `${count} shown, because there is no API key to generate with:${list}\n  Set GEMINI_API_KEY (https://aistudio.google.com/apikey) to get the real pictures.`,
  )
}
