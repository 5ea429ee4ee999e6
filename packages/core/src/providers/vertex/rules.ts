import { OF_VERTEX } from '../google/rules.ts'
import type { CapabilityRule, Problem } from '../rules.ts'

/** generateContent alone takes what the Developer API does not, and Interactions alone the setting `format`. */
export const ofOneApi: CapabilityRule = (spec) => {
  const asked = OF_VERTEX.filter((name) => spec[name] !== undefined)
  if (asked.length === 0) return []
  const problem = (setting: string, fix: string): Problem => ({
    code: 'UNSUPPORTED_SETTING',
    what: `Interactions cannot be asked for ${asked.map((name) => `"${name}"`).join(' and ')}.`,
    fix,
    at: [setting],
  })
  return [
    ...(spec.transport === 'interactions'
      ? [problem('transport', 'leave "transport" out, or write generate-content.')]
      : []),
    ...(spec.format === undefined
      ? []
      : [problem('format', 'leave "format" out: "imageOutputOptions" has a mimeType.')]),
  ]
}
