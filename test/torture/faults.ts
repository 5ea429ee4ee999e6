import { openProject, prepare, verify } from '@gemini-image/core'
import { generateDeclarations } from '@gemini-image/core/internal'
import type { Options } from '@gemini-image/core'
import { driveBatches, type Batches } from '../support/driver.ts'
import {
  failureOf,
  laboratory,
  pinnedIn,
  watched,
  whatIsUntold,
  type Case,
  type Lab,
  type Row,
} from './lab.ts'
import { oddAnswers, oddPictures } from './odd-answers.ts'
import { randomOf } from './random.ts'
import { TRACKS, type Stage, type Track } from './tracks.ts'
import { BODY_FAULTS, WIRE_FAULTS } from './wire-faults.ts'
import type { WireFault } from './wire.ts'

/** Milliseconds for one attempt, where only a timeout ends it. */
const TIMEOUT = 300

/** Every way by which a picture comes, with every fault, once and for good. */
export const faults: Row = {
  name: 'faults',
  what: 'every transport with every fault, once and always',
  share: 5,
  cases: async function* (seed) {
    const kinds = new Map<Track, readonly WireFault[]>()
    // One by one: Vertex AI takes the place of all of Google's hosts.
    for (const track of TRACKS) kinds.set(track, await kindsOf(track))
    const all = [...kinds].flatMap(([track, ofTrack]) =>
      ofTrack.flatMap((fault) =>
        [1, Number.POSITIVE_INFINITY].map((times): Case => ({
          name: `${track.name}, ${times === 1 ? 'once' : 'always'}: ${fault.name}`,
          run: (lab) => (track.isBatch ? inBatch : atOnce)(lab, track, fault, times),
        })),
      ),
    )
    yield* randomOf(`${seed}/faults`).shuffle(all)
  },
}

async function kindsOf(track: Track): Promise<WireFault[]> {
  const { isBatch = false, hasLines = false } = track
  if (isBatch && !hasLines) return [...WIRE_FAULTS]
  const sample = await sampleOf(track)
  const odd = [...oddAnswers(sample, hasLines), ...(await oddPictures(hasLines))]
  const ofBody = [...(isBatch ? [] : BODY_FAULTS), ...odd]
  if (!track.isReadByOthers) return [...WIRE_FAULTS, ...ofBody]
  const read = ofBody.map((fault): WireFault =>
    fault.arrives === 'whole' ? { ...fault, arrives: 'perhaps' } : fault,
  )
  return [...WIRE_FAULTS, ...read]
}

/** A good answer, or a good line of one. */
async function sampleOf(track: Track): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>()
  const closers: (() => unknown)[] = []
  const lab = laboratory('sample', closers, () => undefined)
  const stage = await track.open(lab, track.meant)
  stage.wire.harm(
    {
      name: 'none',
      arrives: 'whole',
      apply: async (socket, good) => {
        resolve(
          JSON.parse(
            String((await good()).body)
              .trim()
              .split('\n')[0] ?? '',
          ),
        )
        socket.destroy()
      },
    },
    1,
  )
  await (track.isBatch
    ? submitAndCollect(stage, {})
    : failureOf(() => prepare(openProject(stage.resolve()))))
  for (const close of closers.toReversed()) await close()
  return promise
}

function optionsFor(fault: WireFault): Options {
  return fault.isTimed ? { timeout: TIMEOUT } : {}
}

async function atOnce(lab: Lab, track: Track, fault: WireFault, times: number): Promise<void> {
  const stage = await track.open(lab, track.meant)
  const { wire, site } = stage
  wire.harm(fault, times)
  const options = optionsFor(fault)
  const error = await watched(lab, fault.isTimed ? 2 * TIMEOUT : 0, () =>
    failureOf(() => prepare(openProject(stage.resolve(options)))),
  )
  const told = error === undefined ? undefined : whatIsUntold(error)
  if (told !== undefined) lab.harm('untold', told)
  const pinned = (await pinnedIn(lab, site)).size
  const whole = wire.passed.findIndex((one) => !one.fault || one.fault.arrives === 'whole')
  if (whole >= 0 && pinned === 0)
    lab.harm('lost', `an answer came whole, and nothing is pinned: ${String(error)}`)
  if (whole >= 0 && wire.passed.length > whole + 1) {
    lab.harm(
      'paid again',
      `call ${whole + 1} was answered whole, and ${wire.passed.length} were made`,
    )
  }
  wire.heal()
  await mustPin(lab, stage, wire.passed.length, pinned > 0)
}

/** Without faults, what is missing is generated, and nothing else. */
async function mustPin(lab: Lab, stage: Stage, before: number, isPinned: boolean): Promise<void> {
  const again = openProject(stage.resolve())
  const ids = [stage.site.path('hero.prompt.md')]
  const error = await failureOf(() => generateDeclarations(again, ids, { retry: true }))
  if (error !== undefined) lab.harm('lost', `it does not come any more: ${String(error)}`)
  else if ((await pinnedIn(lab, stage.site)).size !== 1)
    lab.harm('lost', 'nothing is pinned in the end')
  const calls = stage.wire.passed.length - before
  if (isPinned && calls > 0) lab.harm('paid again', 'it was pinned, and was asked for again')
  const broken = await failureOf(() => verify(again))
  if (broken !== undefined) lab.harm('unreadable', String(broken))
}

async function submitAndCollect(stage: Stage, options: Options): Promise<unknown[]> {
  const batches = (): Batches => driveBatches(stage.resolve(options))
  const errors: unknown[] = []
  const note = async (
    work: () => Promise<{ readonly failures: readonly unknown[] }>,
  ): Promise<void> => {
    try {
      errors.push(...(await work()).failures)
    } catch (error) {
      errors.push(error)
    }
  }
  await note(() => batches().submit([stage.site.path('hero.prompt.md')]))
  await note(() => batches().collect())
  return errors
}

/** What is wrong when jobs whose creation was cut off are cleared up. */
async function resumed(stage: Stage): Promise<unknown[]> {
  const error = await failureOf(() => driveBatches(stage.resolve()).resume())
  return error === undefined ? [] : [error]
}

async function inBatch(lab: Lab, track: Track, fault: WireFault, times: number): Promise<void> {
  const stage = await track.open(lab, track.meant)
  stage.wire.harm(fault, times)
  // An attempt at the upload, at the job, at its state and at its results.
  const errors = await watched(lab, fault.isTimed ? 8 * TIMEOUT : 0, () =>
    submitAndCollect(stage, optionsFor(fault)),
  )
  for (const error of errors) {
    const told = whatIsUntold(error)
    if (told !== undefined) lab.harm('untold', told)
  }
  stage.wire.heal()
  const later = [...(await resumed(stage)), ...(await submitAndCollect(stage, {}))]
  if (fault.arrives !== 'whole')
    await failureOf(() =>
      generateDeclarations(openProject(stage.resolve()), [stage.site.path('hero.prompt.md')], {
        retry: true,
      }),
    )
  if ((await pinnedIn(lab, stage.site)).size !== 1) {
    lab.harm(
      'lost',
      `nothing is pinned in the end: ${[...errors, ...later].map(String).join('\n')}`,
    )
  }
  const isAnswered = !track.hasLines || WIRE_FAULTS.includes(fault) || fault.arrives === 'whole'
  if (isAnswered && stage.jobs() !== 1) {
    lab.harm(
      'paid again',
      `${stage.jobs()} jobs were made for one picture: ${errors.map(String).join('\n')}`,
    )
  }
}
