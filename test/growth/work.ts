// Plans the site in the working directory, then tries to generate it with a provider that refuses, and says as
// JSON what came of both. A process of its own, so that its memory can be limited.
import process from 'node:process'
import { generate, GeminiImageError, openProject, plan } from '@gemini-image/core'
import { formatPlace, resolveOptions } from '@gemini-image/core/internal'

/** An error's code and place. */
export interface Told {
  readonly code: string
  readonly at: string | undefined
}

/** What came of a site. */
export interface Outcome {
  /** How many pictures are planned. */
  readonly rows: number
  /** What is wrong with declarations. */
  readonly problems: readonly Told[]
  /** What generating met. */
  readonly failures: readonly Told[]
  /** The longest message of all, in characters. */
  readonly longest: number
}

function told({ code, place }: GeminiImageError): Told {
  return { code, at: place && formatPlace(place) }
}

async function failuresOf(work: Promise<unknown>): Promise<readonly GeminiImageError[]> {
  try {
    await work
    return []
  } catch (error) {
    if (!(error instanceof GeminiImageError)) throw error
    return error.problems.length > 0 ? error.problems : [error]
  }
}

const refuse = (): Promise<never> =>
  Promise.reject(new GeminiImageError({ code: 'BLOCKED', what: 'No.', fix: 'ask for another.' }))
const options = resolveOptions(
  { budget: 10_000, provider: { name: 'refusing', generate: refuse } },
  { hostRoot: process.cwd(), env: {} },
)
const project = openProject(options)
const { rows, problems, declarations } = await plan(project)
const failures = await failuresOf(generate(project, { rows, declarations }))
const outcome: Outcome = {
  rows: rows.length,
  problems: problems.map(told),
  failures: failures.map(told),
  longest: Math.max(0, ...[...problems, ...failures].map(({ message }) => message.length)),
}
process.stdout.write(JSON.stringify(outcome))
