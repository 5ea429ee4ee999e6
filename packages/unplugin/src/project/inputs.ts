import type { DeclarationId } from '@gemini-image/core/internal'
import { fileOfId, isSourceFile } from '@gemini-image/core/host'
import { withSlashes } from './with-slashes.ts'

/**
 * What pictures are made from besides their declaration, as far as this process has seen: styles,
 * reference images, other declarations. Paths may have slashes of either kind.
 */
export class Inputs {
  /** Declaration → its inputs. */
  readonly #inputs = new Map<string, ReadonlySet<string>>()
  /** Declarations with a mistake, in themselves or in an input; which inputs they have is not known. */
  readonly #broken = new Set<string>()
  #watch: (file: string) => void = () => undefined

  /** From now on `watch` is called with every file that is noted, more than once as well. */
  watchWith(watch: (file: string) => void): void {
    this.#watch = watch
  }

  /**
   * Replaces what was known of a declaration.
   * @param inputs At least the files that it names itself, where the declarations behind them are noted as well.
   */
  note(id: DeclarationId, inputs: readonly string[]): void {
    const [user, ...files] = [id, ...inputs].map((file) => withSlashes(file))
    if (user === undefined) return
    this.#inputs.set(user, new Set(files))
    this.#broken.delete(user)
    for (const file of [fileOfId(user), ...files]) this.#watch(file)
  }

  /** What was known of a declaration stays so; any other file may be what it lacks, too. */
  noteBroken(id: DeclarationId): void {
    this.#broken.add(withSlashes(id))
  }

  /** Whether the last look at a declaration met a mistake. */
  isBroken(id: DeclarationId): boolean {
    return this.#broken.has(withSlashes(id))
  }

  /** The declarations that could be read at some time until now. */
  known(): ReadonlySet<DeclarationId> {
    return new Set(this.#inputs.keys())
  }

  /** The declarations whose pictures a file decides, or may mend. */
  usersOf(file: string): ReadonlySet<DeclarationId> {
    const uses = [...this.#inputs].flatMap(([user, inputs]) =>
      [...inputs].map((input) => ({ user, input })),
    )
    const usesByInput = Map.groupBy(uses, ({ input }) => input)
    const users = new Set<DeclarationId>()
    // The id of a prompt file is its path, which others may name. A set goes on to what is added meanwhile.
    const changed = new Set([withSlashes(file)])
    for (const input of changed) {
      for (const { user } of usesByInput.get(input) ?? []) {
        users.add(user)
        changed.add(user)
      }
    }
    return new Set([...users, ...(mayBeInput(file) ? this.#broken : [])])
  }
}

/** Whether a declaration may name a file: neither sources nor the lockfile. */
export function mayBeInput(file: string): boolean {
  return !isSourceFile(file) && !file.endsWith('.lock')
}
