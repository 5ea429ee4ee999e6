import { formatPlace } from '../kernel/place.ts'
import { listWords } from '../kernel/suggest.ts'
import type { Plan, PlanRow } from './plan.ts'

/** For each picture that pages show by language, the languages of the site that get another one's. */
export function fallbackLines({ languages }: Pick<Plan, 'languages'>): readonly string[] {
  const files = new Map<string, string>()
  for (const { declared } of languages) {
    const line = lineOf(declared)
    // One file may be asked for in several ways.
    if (line !== undefined) files.set(declared.file, line)
  }
  return [...files.values()]
}

function lineOf({ languages, spec, place }: PlanRow['declared']): string | undefined {
  const { fallbacks = [] } = languages ?? {}
  if (fallbacks.length === 0) return undefined
  const isSet = spec.language !== undefined
  const thing = isSet ? 'picture' : 'alternative text'
  const shown = Map.groupBy(fallbacks, (one) => one.shown)
  const parts = [...shown].map(([language, all]) => {
    const names = listWords(all.map((one) => one.language))
    return `pages in ${names} ${isSet ? 'show the one' : 'have that'} in ${language}`
  })
  const lacking = listWords(fallbacks.map((one) => one.language))
  return `${formatPlace(place)} has no ${thing} in ${lacking}: ${parts.join('; ')}.`
}
