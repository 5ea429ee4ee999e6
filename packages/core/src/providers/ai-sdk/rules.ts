import type { CapabilityRule, Problem } from '../rules.ts'
import type { Entry } from './entries.ts'

/** Settings that another check speaks of. */
const ELSEWHERE: ReadonlySet<string> = new Set(['transport'])

/** What models of the AI SDK take besides a prompt, a ratio and a size. @param entries By the ids of their rows. */
export function rulesOf(entries: ReadonlyMap<string, Entry>): readonly CapabilityRule[] {
  const tooMuch: CapabilityRule = (_, { id, references }, beyondPrompt) => {
    const entry = entries.get(id)
    const taken = new Set(['providerOptions'])
    if (references.total > 0) taken.add('references').add('turns')
    if (entry?.takesSeed) taken.add('seed')
    return beyondPrompt()
      .filter((setting) => !taken.has(setting) && !ELSEWHERE.has(setting))
      .map((setting) => ({
        code: 'UNSUPPORTED_SETTING',
        what: `${nameFor(entry, id)} does not take "${setting}".`,
        fix: fixFor(setting),
        at: [setting],
      }))
  }
  const words: CapabilityRule = ({ turns }, { id }) =>
    turns.flatMap(({ output = 'image' }, index): readonly Problem[] => {
      if (output === 'image') return []
      const what = `${nameFor(entries.get(id), id)} answers with a picture, and with no text.`
      const fix = 'leave "output" out.'
      return [{ code: 'UNSUPPORTED_SETTING', what, fix, at: ['turns', index, 'output'] }]
    })
  const images: CapabilityRule = ({ turns, references }, { id, references: { total } }) => {
    const sent = references.length + 1
    if (turns.length === 0 || total === 0 || references.length > total || sent <= total) return []
    return [
      {
        code: 'TOO_MANY_REFERENCES',
        what: `${nameFor(entries.get(id), id)} looks at ${total} images; a turn would send ${sent}: the picture that it changes, and the references.`,
        fix: 'leave references out, or declare the picture that is changed as a reference of a declaration of its own.',
        at: ['references'],
      },
    ]
  }
  const unknownShape: CapabilityRule = ({ aspectRatio, size }, { id, sizes }) => {
    const entry = entries.get(id)
    const row = Object.hasOwn(sizes, size) ? sizes[size] : undefined
    const isKnown = row !== undefined && Object.hasOwn(row.pixels, aspectRatio)
    if (!entry || entry.knowsSizes || isKnown) return []
    const isSize = row === undefined
    return [
      {
        code: isSize ? 'UNSUPPORTED_SIZE' : 'UNSUPPORTED_ASPECT_RATIO',
        what: `Nobody has said what ${nameFor(entry, id)} draws at ${size} and ${aspectRatio}.`,
        fix: `write its pixels in the configuration: aiSdk(…, { sizes: { '${size}': { '${aspectRatio}': '…' } } }).`,
        at: [isSize ? 'size' : 'aspectRatio'],
      },
    ]
  }
  return [tooMuch, words, images, unknownShape]
}

function nameFor(entry: Entry | undefined, id: string): string {
  return entry ? `${entry.company}'s ${entry.name.replace(/^[^/]*\//, '')}` : id
}

/** Where a person knows more of the model than we do. */
const STATED: Readonly<Record<string, string>> = {
  references: 'references: 4',
  turns: 'references: 1',
  seed: 'seed: true',
}

function fixFor(setting: string): string {
  const stated = STATED[setting]
  if (stated === undefined) return 'leave it out, or declare another model.'
  return `leave it out; or, where the model does, say so in the configuration: aiSdk(…, { ${stated} }).`
}
