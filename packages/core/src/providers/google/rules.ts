import type { ProviderSetting } from '../request.ts'
import type { CapabilityRule, Problem } from '../rules.ts'

/** Imagen takes a prompt, a ratio and a size, and nothing else. */
const promptAlone: CapabilityRule = (_, { id, family }, beyondPrompt) =>
  family === 'imagen'
    ? beyondPrompt().map((key) => ({
        code: 'UNSUPPORTED_SETTING',
        what: `${id} draws from a prompt alone and does not take "${key}".`,
        fix: 'leave it out, or declare a Gemini model such as nano-banana.',
        at: [key],
      }))
    : []

const NONE: readonly Problem[] = []

/** Google gives no picture where a grounded answer may not hold text. */
const silence: CapabilityRule = ({ grounding, output, turns }) => {
  const isSilent = (asked: typeof output | undefined): boolean =>
    asked === 'image' || asked === 'images'
  if (!grounding && turns.length === 0) return NONE
  return [
    ...(grounding && isSilent(output) ? [silent(['output'])] : []),
    ...turns.flatMap((turn, index) => {
      const isGrounded = turn.grounding ?? grounding
      return isGrounded && isSilent(turn.output) ? [silent(['turns', index, 'output'])] : []
    }),
  ]
}

function silent(at: Problem['at']): Problem {
  return {
    code: 'UNSUPPORTED_SETTING',
    what: 'A grounded request that may not answer in text gets no picture.',
    fix: 'leave "output" out, or write text-and-image.',
    at,
  }
}

const format: CapabilityRule = ({ format: asked, transport }) =>
  asked !== undefined && transport === 'generate-content'
    ? [
        {
          code: 'UNSUPPORTED_SETTING',
          what: 'generateContent cannot be asked for a format.',
          fix: 'leave "transport" out, or write interactions.',
          at: ['format'],
        },
      ]
    : NONE

/** The settings that only Vertex AI takes, of all that are Google's. */
export const OF_VERTEX: readonly ProviderSetting[] = [
  'personGeneration',
  'prominentPeople',
  'imageOutputOptions',
]

/** Settings that the Developer API refuses. */
export const noneOfVertex: CapabilityRule = (spec) => {
  const asked = OF_VERTEX.filter((name) => spec[name] !== undefined)
  return asked.map((name) => ({
    code: 'UNSUPPORTED_SETTING',
    what: `The Gemini API does not take "${name}"; Vertex AI does.`,
    fix: 'leave it out, or write "provider: vertex()" in the configuration (docs/providers.md).',
    at: [name],
  }))
}

/** What no row of the catalogue says of Google's models. */
export const RULES: readonly CapabilityRule[] = [promptAlone, silence, format]
