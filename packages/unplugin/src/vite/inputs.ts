import { isSourceFile } from '@gemini-image/core'
import { normalizePath } from 'vite'

/**
 * What pictures are made from besides their prompt file, as far as this process has seen: styles,
 * reference images, other declarations. Paths may have slashes of either kind.
 */
export class Inputs {
  /** Prompt file → its inputs. */
  readonly #inputs = new Map<string, ReadonlySet<string>>()
  /** Prompt files with a mistake, in themselves or in an input; which inputs they have is not known. */
  readonly #broken = new Set<string>()
  #watch: (file: string) => void = () => undefined

  /** From now on `watch` is called with every file that is noted, more than once as well. */
  watchWith(watch: (file: string) => void): void {
    this.#watch = watch
  }

  /** Replaces what was known of a prompt file. */
  note(promptFile: string, inputs: readonly string[]): void {
    const [user, ...files] = [promptFile, ...inputs].map((file) => normalizePath(file))
    if (user === undefined) return
    this.#inputs.set(user, new Set(files))
    this.#broken.delete(user)
    for (const file of [user, ...files]) this.#watch(file)
  }

  /** What was known of a prompt file stays so; any other file may be what it lacks, too. */
  noteBroken(promptFile: string): void {
    this.#broken.add(normalizePath(promptFile))
  }

  /** Whether the last look at a prompt file met a mistake. */
  isBroken(promptFile: string): boolean {
    return this.#broken.has(normalizePath(promptFile))
  }

  /** The prompt files that could be read at some time until now. */
  known(): ReadonlySet<string> {
    return new Set(this.#inputs.keys())
  }

  /** The prompt files whose pictures a file decides, or may mend. */
  usersOf(file: string): ReadonlySet<string> {
    const input = normalizePath(file)
    const users = [...this.#inputs].filter(([, inputs]) => inputs.has(input)).map(([user]) => user)
    return new Set([...users, ...(mayBeInput(file) ? this.#broken : [])])
  }
}

/** Whether a declaration may name a file: neither sources nor the lockfile. */
export function mayBeInput(file: string): boolean {
  return !isSourceFile(file) && !file.endsWith('.lock')
}
