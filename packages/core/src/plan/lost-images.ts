import type { Place } from '../kernel/place.ts'
import { isGeminiImageError, type GeminiImageError } from '../kernel/errors/error.ts'
import { storedImages, type StoredImage } from '../pin/lock-entry.ts'
import type { TeamStore } from '../team/team-store.ts'
import type { Declared } from './declared.ts'
import type { PlanRow } from './plan.ts'
import type { PinnedState } from './pinned-state.ts'

/** What is to be done about pinned pictures that are lost here and may be in the shared store. */
export type Reach = 'look' | 'fetch'

/** What became of pictures that were looked for in the shared store. */
interface Reached {
  /** Names of objects that are here now, or could be. */
  readonly found: readonly string[]
  /** What is wrong with single pictures, each at the place of a declaration. */
  readonly problems: readonly GeminiImageError[]
}

/** Looks for the lost pictures of rows; those that were looked for before are passed over. */
export class LostImages {
  readonly #team: TeamStore
  readonly #reach: Reach
  readonly #asked = new Set<string>()

  constructor(team: TeamStore, reach: Reach) {
    this.#team = team
    this.#reach = reach
  }

  /**
   * Looks for what is pinned for rows, and for those that they wait for, and not here.
   * @throws {GeminiImageError} what the store throws, where it is only looked at.
   */
  async find(rows: readonly PlanRow[], pinnedState: PinnedState): Promise<Reached> {
    const lost = [...lostImages(rows, pinnedState)].filter(([{ file }]) => !this.#asked.has(file))
    for (const [{ file }] of lost) this.#asked.add(file)
    const images = lost.map(([image]) => image)
    if (images.length === 0) return { found: [], problems: [] }
    const outcomes =
      this.#reach === 'fetch' ? await this.#team.restore(images) : await this.#team.has(images)
    const isFound = (outcome: unknown): boolean => outcome === true || outcome === 'restored'
    const found = images.filter((_, index) => isFound(outcomes[index]))
    const problems = lost.flatMap(([, place], index) => {
      const outcome = outcomes[index]
      return isGeminiImageError(outcome) ? outcome.at(place) : []
    })
    return { found: found.map(({ file }) => file), problems }
  }
}

/** The images that are pinned for missing steps and are not here, with who needs them. */
function lostImages(
  rows: readonly PlanRow[],
  pinnedState: PinnedState,
): ReadonlyMap<StoredImage, Place> {
  const lost = new Map<string, [StoredImage, Place]>()
  const add = ({ place }: Declared, fingerprint: string): void => {
    const entry = pinnedState.lock.entries.get(fingerprint)
    for (const image of entry ? storedImages(entry) : []) {
      if (!pinnedState.isStored(image.file)) lost.set(image.file, [image, place])
    }
  }
  for (const { declared, missing } of rows) {
    for (const { fingerprint } of missing) add(declared, fingerprint)
  }
  return new Map(lost.values())
}
