import { generate, isGeminiImageError, plan, type PlanRow, type Project } from '@gemini-image/core'
import {
  AltWarnings,
  canGenerate,
  captionOf,
  cutOff,
  isInlineId,
  stop,
  type Selection,
} from '@gemini-image/core/internal'
import { showProgress } from '../output/progress.ts'
import { count } from '../output/table.ts'
import type { Terminal } from '../output/terminal.ts'

/**
 * Keeps the pictures of a project up to date, one run after another. What could not be drawn is not
 * asked for again until something that decides it is saved: it may have been paid for.
 */
export class Keeper {
  readonly #project: Project
  readonly #terminal: Terminal
  /** Fingerprints that were asked for in vain. */
  readonly #vain = new Set<string>()
  readonly #altWarnings = new AltWarnings()
  #inputs: ReadonlySet<string> = new Set()
  #running: Promise<void> = Promise.resolve()
  #isClosed = false
  generated = 0
  /** US dollars. */
  spent = 0

  constructor(project: Project, terminal: Terminal) {
    this.#project = project
    this.#terminal = terminal
  }

  /** Absolute paths of images and styles that decide what the declared pictures show. */
  get inputs(): ReadonlySet<string> {
    return this.#inputs
  }

  /** Draws what is missing, once what is under way has ended. */
  catchUp(changed: ReadonlySet<string>): void {
    this.#running = this.#running.then(() => this.#catchUp(changed))
  }

  /** Begins no further call, and resolves once those under way have landed. */
  async close(): Promise<void> {
    this.#isClosed = true
    await stop(this.#project)
    await this.#running
  }

  /** Cuts off what is under way. */
  abort(): void {
    cutOff(this.#project)
  }

  /** What is wrong is told, and mended by the next save. */
  async #catchUp(changed: ReadonlySet<string>): Promise<void> {
    if (this.#isClosed) return
    try {
      const { rows, inputs, problems, declarations } = await plan(this.#project)
      this.#inputs = new Set(inputs)
      for (const { message } of problems) this.#terminal.say(message)
      this.#warnOfAlts(rows)
      const due = rows.filter(({ state }) => state !== 'pinned')
      const worthy = due.filter((row) => this.#isWorthAsking(row, changed))
      await this.#draw({ rows: worthy, declarations })
      this.#tell((await plan(this.#project)).rows)
    } catch (error) {
      this.#tellError(error)
    } finally {
      this.#terminal.status(undefined)
    }
  }

  #warnOfAlts(rows: readonly PlanRow[]): void {
    const news = this.#altWarnings.news(rows.map(({ declared }) => captionOf(declared)))
    if (news !== undefined) this.#terminal.say(news)
  }

  #isWorthAsking({ declared }: PlanRow, changed: ReadonlySet<string>): boolean {
    if (!this.#vain.has(declared.fingerprint)) return true
    // Source code is saved for many reasons; saving a prompt file asks for its picture.
    const own = isInlineId(declared.id) ? [] : [declared.file]
    return [...own, ...declared.inputs].some((file) => changed.has(file))
  }

  async #draw(selected: Selection): Promise<void> {
    if (selected.rows.length === 0 || !canGenerate(this.#project)) return
    for (const { declared } of selected.rows) this.#vain.add(declared.fingerprint)
    const show = showProgress(this.#terminal)
    let last = { ended: 0, failed: 0, spent: 0 }
    try {
      await generate(this.#project, selected, {
        onProgress: (progress) => {
          last = progress
          show(progress)
        },
      })
    } catch (error) {
      this.#tellError(error)
    }
    this.generated += last.ended - last.failed
    this.spent += last.spent
  }

  #tell(rows: readonly PlanRow[]): void {
    if (this.#isClosed) return
    const left = rows.filter(({ state }) => state !== 'pinned')
    const { provider, mode } = this.#project.options
    const why =
      mode === 'auto' ? (provider ? '' : ': there is no API key') : `: the mode is "${mode}"`
    const missing = left.length > 0 ? `, ${left.length} missing${why}` : ''
    this.#terminal.say(`${count(rows.length, 'picture')}${missing}. Watching.`)
  }

  #tellError(error: unknown): void {
    this.#terminal.status(undefined)
    if (isGeminiImageError(error)) this.#terminal.say(error.message)
    // Nothing that goes wrong in one run ends the watch; an interruption is no error.
    else if ((error as Error).name !== 'AbortError') this.#terminal.say(String(error))
  }
}
