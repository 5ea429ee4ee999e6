import path from 'node:path'
import { isGeminiImageError, type Plan, type PlanRow } from '@gemini-image/core'
import {
  ALIKE,
  type Declaration,
  type DeclarationId,
  type Declared,
  findAsked,
  formerOf,
  git,
  isInlineId,
  type LockEntries,
  type LockEntry,
  type ResolvedOptions,
  shownBy,
  similarity,
  toSteps,
  validate,
} from '@gemini-image/core/internal'

/** The commit that is compared with, as far as inline declarations matter. */
export interface PastProject {
  readonly commit: string
  readonly entries: LockEntries
  /** Files that do not say today what they said, by their paths from the root. */
  readonly changedFiles: ReadonlySet<string>
}

/** An inline declaration that is gone without a successor. */
export interface RemovedInline {
  readonly path: string
  readonly declaration: Declaration
  readonly before: LockEntry
}

/** What was declared in other files than prompt files, in another commit. */
export class PastInline {
  readonly #past: PastProject
  readonly #options: ResolvedOptions
  readonly #rows: readonly PlanRow[]
  /** Id of today → what it was then. */
  readonly #former = new Map<DeclarationId, Declaration>()
  /** What was declared then and has no successor, with the path of its file. */
  readonly #gone: { readonly path: string; readonly declaration: Declaration }[] = []

  constructor(plan: Plan, past: PastProject, options: ResolvedOptions) {
    this.#past = past
    this.#options = options
    this.#rows = plan.rows.filter(({ declared }) => isInlineId(declared.id))
  }

  /** Reads the files that have changed since. */
  async read(): Promise<void> {
    const { changedFiles, entries } = this.#past
    const froms = [...entries.values()].flatMap(({ from }) => from ?? [])
    const declaring = new Set([...froms, ...this.#rows.map(({ declared }) => declared.place.path)])
    const changed = [...declaring].filter(
      (file) => changedFiles.has(file) && !file.endsWith('.prompt.md'),
    )
    await Promise.all(changed.map((file) => this.#readFile(file)))
  }

  /** The picture that a declaration had then. */
  pictureThen({ declared }: PlanRow): LockEntry | undefined {
    const { entries, changedFiles } = this.#past
    const same = entries.get(declared.fingerprint)
    const former = this.#former.get(declared.id)
    // In a file that has not changed, it said the same.
    const isNew = former === undefined && changedFiles.has(declared.place.path)
    if (isNew) return same
    const isEdited = former !== undefined && former.id !== declared.id
    const then = isEdited ? this.#entryOf(former, declared) : undefined
    return then ?? same ?? formerOf(declared, entries, this.#others(declared))?.entry
  }

  /** What is gone, and had a picture. */
  removed(): readonly RemovedInline[] {
    const taken = new Set(this.#rows.map(({ declared }) => declared.fingerprint))
    return this.#gone.flatMap(({ path: file, declaration }) => {
      const namesake = [...this.#past.entries].findLast(
        ([key, entry]) =>
          !taken.has(key) && entry.from === file && entry.file.startsWith(`${declaration.name}.`),
      )
      const before = this.#entryOf(declaration, undefined) ?? namesake?.[1]
      return before ? [{ path: file, declaration, before }] : []
    })
  }

  async #readFile(file: string): Promise<void> {
    const { root } = this.#options
    const text = await git(root, 'show', `${this.#past.commit}:./${file}`)
    if (text === undefined) return
    const asked = findAsked(text, { file: path.join(root, file), root }, 'any')
    const declarations = asked.declarations.flatMap((one) => (isGeminiImageError(one) ? [] : one))
    const then = new Map(declarations.map((one) => [one.id, one]))
    const now = this.#rows.filter(({ declared }) => declared.place.path === file)
    const unmatched = new Map(now.map(({ declared }) => [declared.id, declared]))
    for (const id of unmatched.keys()) {
      const same = then.get(id)
      if (!same) continue
      this.#former.set(id, same)
      unmatched.delete(id)
      then.delete(id)
    }
    for (const [declared, declaration] of pairUp([...unmatched.values()], [...then.values()])) {
      this.#former.set(declared.id, declaration)
      then.delete(declaration.id)
    }
    for (const declaration of then.values()) this.#gone.push({ path: file, declaration })
  }

  /** What was pinned for what was declared then, if all else is as it is now. */
  #entryOf(declaration: Declaration, now: Declared | undefined): LockEntry | undefined {
    try {
      const validated = validate(declaration, this.#options)
      const { result } = toSteps(validated, now ? shownBy(now.result.request) : [])
      return this.#past.entries.get(result.fingerprint)
    } catch {
      return undefined
    }
  }

  #others(declared: Declared): readonly Declared[] {
    return this.#rows.map((row) => row.declared).filter((other) => other !== declared)
  }
}

/** Which declaration of a file became which: the most alike first, and each once. */
function pairUp(
  now: readonly Declared[],
  then: readonly Declaration[],
): readonly (readonly [Declared, Declaration])[] {
  const pairs = now.flatMap((one) =>
    then.map((other) => [one, other, likenessOf(one, other)] as const),
  )
  const likely = pairs.filter(([, , degree]) => degree >= ALIKE)
  const paired = new Set<object>()
  return likely
    .toSorted(([, , one], [, , other]) => other - one)
    .flatMap(([one, other]) => {
      if (paired.has(one) || paired.has(other)) return []
      paired.add(one).add(other)
      return [[one, other] as const]
    })
}

function likenessOf(now: Declared, then: Declaration): number {
  return Number(now.name === then.name) + similarity(now.spec.prompt, then.prompt)
}
