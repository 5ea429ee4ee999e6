import type { EventEmitter } from 'node:events'
import process from 'node:process'

/** Work that must not be torn apart by the end of its process. */
interface Guarded {
  /** Begins nothing more; what is under way may come to its end. */
  stop(): void
  /** Says what is still under way, a moment later. */
  announce(): void
  /** Cuts off what is under way. */
  cutOff(): void
}

/**
 * Does work that outlives the wish to end the process. At the first SIGINT, SIGTERM or SIGHUP, or once nobody
 * reads stdout or stderr any more, nothing more begins, and what is under way comes to its end; then the process ends as
 * it would have ended: by the listeners of the host, or by the signal itself. A second signal cuts off.
 *
 * Hosts call `process.exit` in their listeners. While work is guarded none of them is called, whenever it was added.
 * Work that is part of other guarded work must not be guarded itself.
 * @returns what the work gives; where the process is to end, not before all that is guarded in it has ended.
 */
export async function guardProcess<Value>(
  guarded: Guarded,
  work: () => Promise<Value>,
): Promise<Value> {
  // Of a package that is loaded twice there is one, too.
  const place = process as { [GUARD]?: ProcessGuard }
  const guard = (place[GUARD] ??= new ProcessGuard(() => delete place[GUARD]))
  guard.enter(guarded)
  try {
    return await work()
  } finally {
    await guard.leave(guarded)
  }
}

const GUARD: unique symbol = Symbol.for('gemini-image.guard')

/** The signals by which people and systems end a process in order. */
export const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

type Signal = (typeof ENDING_SIGNALS)[number]

/**
 * A terminal, a shell and a package manager may each pass on one Ctrl-C: signals within so many milliseconds are one. Nobody is
 * told before that a second would cut off.
 */
const ECHO = 200

/** Guards the process for as long as anything is guarded in it. */
class ProcessGuard {
  readonly #onEnd: () => void
  readonly #guarded = new Set<Guarded>()
  readonly #held: readonly HeldEvent[]
  readonly #ended = Promise.withResolvers<void>()
  /** How often the process was told to end, echoes left out. */
  #count = 0
  #lastAt = 0
  #signal: Signal | undefined
  #isStopping = false
  #announcing: NodeJS.Timeout | undefined
  #hasEnded = false

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd
    const onClosed = (): void => this.#stop()
    this.#held = [
      ...ENDING_SIGNALS.map(
        (signal) => new HeldEvent(process, signal, () => this.#onSignal(signal)),
      ),
      new HeldEvent(process.stdout, 'error', onClosed),
      new HeldEvent(process.stderr, 'error', onClosed),
    ]
  }

  enter(guarded: Guarded): void {
    this.#guarded.add(guarded)
    if (this.#isStopping) guarded.stop()
  }

  async leave(guarded: Guarded): Promise<void> {
    this.#guarded.delete(guarded)
    if (this.#guarded.size === 0) this.#end()
    // Whoever goes on now might end the process, while others are under way.
    else if (this.#isStopping) await this.#ended.promise
  }

  #onSignal(signal: Signal): void {
    const now = performance.now()
    if (this.#count > 0 && now - this.#lastAt < ECHO) return
    this.#count += 1
    this.#lastAt = now
    this.#signal ??= signal
    if (this.#count === 1) this.#stop()
    else if (this.#count === 2) for (const one of this.#guarded) one.cutOff()
    // Whatever does not even let itself be cut off.
    else this.#end()
  }

  #stop(): void {
    if (this.#isStopping) return
    this.#isStopping = true
    for (const one of this.#guarded) one.stop()
    this.#announcing = setTimeout(() => {
      for (const one of this.#guarded) one.announce()
    }, ECHO)
  }

  #end(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    clearTimeout(this.#announcing)
    for (const one of this.#held) one.release()
    this.#onEnd()
    this.#ended.resolve()
    const signal = this.#signal
    if (signal === undefined) return
    if (process.listenerCount(signal) > 0) process.emit(signal, signal)
    else process.kill(process.pid, signal)
  }
}

type Listener = (...args: unknown[]) => void

/** What stands for a listener that is not to be called for now. Whoever removes the listener removes it. */
interface Gate extends Listener {
  /** By which an emitter knows what is to be removed. */
  listener: unknown
  readonly behind: Listener
}

/** An event that its other listeners are not told of, whether they were there before or come later. */
class HeldEvent {
  readonly #emitter: EventEmitter
  readonly #event: string
  readonly #listener: Listener
  #isReplacing = false

  constructor(emitter: EventEmitter, event: string, listener: Listener) {
    this.#emitter = emitter
    this.#event = event
    this.#listener = listener
    // First of all: a signal that nobody listens to would end the process.
    emitter.on(event, listener)
    this.#shut()
    emitter.on('newListener', this.#onAdded)
  }

  release(): void {
    this.#emitter.off('newListener', this.#onAdded)
    this.#replaceEach((one) => (isGate(one) ? one.behind : one))
    this.#emitter.off(this.#event, this.#listener)
  }

  /** It is told before the listener is there. */
  readonly #onAdded = (event: string | symbol): void => {
    if (event === this.#event && !this.#isReplacing) queueMicrotask(() => this.#shutLate())
  }

  #shutLate(): void {
    if (this.#emitter.listeners('newListener').includes(this.#onAdded)) this.#shut()
  }

  #shut(): void {
    this.#replaceEach((one) => (isGate(one) ? one : gateFor(one)))
  }

  /** In their order. */
  #replaceEach(replace: (listener: Listener) => Listener): void {
    this.#isReplacing = true
    for (const one of this.#emitter.rawListeners(this.#event) as Listener[]) {
      if (one === this.#listener) continue
      this.#emitter.off(this.#event, one)
      this.#emitter.on(this.#event, replace(one))
    }
    this.#isReplacing = false
  }
}

function gateFor(behind: Listener): Gate {
  const { listener = behind } = behind as Partial<Gate>
  return Object.assign(() => undefined, { listener, behind })
}

function isGate(listener: Listener): listener is Gate {
  return 'behind' in listener
}
