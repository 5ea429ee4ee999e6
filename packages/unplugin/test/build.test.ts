import { describe, expect, test } from 'vitest'
import type { Plan, Prepared, ResolvedImage } from '@gemini-image/core'
import type { Host } from '@gemini-image/core/host'
import { Build, type BuildState } from '../src/project/build.ts'

/** What may happen to a build, each well or badly. */
type Event = 'begin' | 'begin badly' | 'picture' | 'picture badly' | 'verify' | 'verify badly'

/** One that takes what is wrong at once, as Vite does where it does not watch. */
class Impatient extends Build {
  override get isPatient(): boolean {
    return false
  }
}

/** A build whose host does as the next event says. */
function stage(HostBuild: typeof Build) {
  let isBad = false
  const answer = async <Value>(value: Value): Promise<Value> => {
    if (isBad) throw new Error('bad')
    return value
  }
  const image = { file: '/site/a.jpg' } as ResolvedImage
  const none: Omit<Prepared, 'at' | 'image' | 'verify'> = {
    ids: [],
    languages: [],
    sheets: new Map(),
    inputs: [],
    importers: [],
    generated: 0,
    placeholders: 0,
    spent: 0,
  }
  const prepared: Prepared = {
    ...none,
    at: () => undefined,
    image: () => answer(image),
    verify: () => answer(undefined),
  }
  const logger = { info: () => undefined, warn: () => undefined }
  const host = {
    options: { mode: 'auto', root: '/site', lockfile: '/site/lock', logger },
    prepare: () => answer(prepared),
    addDeclarations: () => undefined,
  } as unknown as Host
  class OfEvents extends HostBuild {
    override plan(): Promise<Plan> {
      return Promise.resolve({ rows: [], inputs: [], problems: [] } as unknown as Plan)
    }
  }
  const build = new OfEvents(host)
  /** What comes of it: what is told, and what is handed over. */
  const happen = async (event: Event): Promise<'told' | 'handed over' | 'nothing'> => {
    isBad = event.endsWith('badly')
    const [deed] = event.split(' ')
    try {
      if (deed === 'begin') await build.begin()
      else if (deed === 'verify') await build.verify()
      else return (await build.picture('/site/a.prompt.md')) ? 'handed over' : 'nothing'
      return 'nothing'
    } catch {
      return 'told'
    }
  }
  return { build, happen }
}

const WAYS: readonly [BuildState, readonly Event[]][] = [
  ['idle', []],
  ['sound', ['begin']],
  ['wrong', ['begin', 'picture badly']],
  ['verified', ['begin', 'verify']],
]

type Row = readonly [from: BuildState, event: Event, to: BuildState, outcome: string]

/** From each state, by each event. `prepare` answers before anything else may happen. */
const PATIENT: readonly Row[] = [
  ['idle', 'begin', 'sound', 'nothing'],
  ['idle', 'begin badly', 'wrong', 'nothing'],
  ['idle', 'picture badly', 'idle', 'told'],
  ['idle', 'verify badly', 'idle', 'told'],
  ['sound', 'begin', 'sound', 'nothing'],
  ['sound', 'begin badly', 'wrong', 'nothing'],
  ['sound', 'picture', 'sound', 'handed over'],
  ['sound', 'picture badly', 'wrong', 'nothing'],
  ['sound', 'verify', 'verified', 'nothing'],
  ['sound', 'verify badly', 'wrong', 'told'],
  ['wrong', 'begin', 'sound', 'nothing'],
  ['wrong', 'begin badly', 'wrong', 'nothing'],
  ['wrong', 'picture', 'wrong', 'nothing'],
  ['wrong', 'picture badly', 'wrong', 'nothing'],
  ['wrong', 'verify', 'wrong', 'nothing'],
  ['wrong', 'verify badly', 'wrong', 'told'],
  ['verified', 'begin', 'sound', 'nothing'],
  ['verified', 'begin badly', 'wrong', 'nothing'],
  ['verified', 'picture', 'verified', 'handed over'],
  ['verified', 'picture badly', 'wrong', 'nothing'],
  ['verified', 'verify', 'verified', 'nothing'],
  ['verified', 'verify badly', 'wrong', 'told'],
]

/** The same, but that what goes wrong is told there and then. */
const IMPATIENT: readonly Row[] = PATIENT.map(([from, event, to, outcome]) => {
  const isNews = event.endsWith('badly') && !(from === 'wrong' && event === 'picture badly')
  return [from, event, to, isNews ? 'told' : outcome]
})

describe.for([
  ['a host that takes what is wrong later', Build, PATIENT],
  ['a host that takes what is wrong at once', Impatient, IMPATIENT],
] as const)('%s', ([, HostBuild, rows]) => {
  test.for(rows)('%s: %s → %s, %s', async ([from, event, to, outcome]) => {
    const { build, happen } = stage(HostBuild)
    const way = WAYS.find(([state]) => state === from)?.[1] ?? []
    for (const step of way) await happen(step)
    expect(build.state).toBe(from)
    expect(await happen(event)).toBe(outcome)
    expect(build.state).toBe(to)
    const assertSound = (): void => build.assertSound()
    if (to === 'wrong') expect(assertSound).toThrow('bad')
    else expect(assertSound).not.toThrow()
  })

  test('what is wrong is the first of it, until the next build begins', async () => {
    const { build, happen } = stage(HostBuild)
    await happen('begin badly')
    const first = build.failure
    await happen('verify badly')
    expect(build.failure).toBe(first)
    await happen('begin')
    expect(build.failure).toBeUndefined()
  })

  test('while it prepares, nothing is known to be wrong', async () => {
    const { build } = stage(HostBuild)
    const begun = build.begin()
    expect(build.state).toBe('preparing')
    await begun
  })
})
