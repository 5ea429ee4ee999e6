import { expect } from 'vitest'
import { leftIn, type Stage } from '../errors/stage.ts'

/** What was said when a reference was refused, and what had happened by then. */
export interface Refusal {
  /** The first line: code and place. */
  readonly head: string
  readonly message: string
  /** How many calls had reached Google. */
  readonly asked: number
  /** What lay at the root, of lockfile and store. */
  readonly left: readonly string[]
}

/** Looks at a stage after something was refused. */
export async function refusalOf({ gemini, site }: Stage, message: string): Promise<Refusal> {
  const [head = ''] = message.split('\n')
  return { head, message, asked: gemini.requests.length, left: await leftIn(site) }
}

/** Refused at an exact place, before anything was paid for or written. */
export function refused(code: string, at: string, says = ''): Refusal {
  const message = expect.stringContaining(says) as string
  return { head: `${code} at ${at}`, message, asked: 0, left: [] }
}
