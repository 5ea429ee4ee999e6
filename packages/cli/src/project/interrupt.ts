import process from 'node:process'
import { isGeminiImageError, type Project } from '@gemini-image/core'
import { cutOff, stop } from '@gemini-image/core/internal'
import type { Terminal } from '../output/terminal.ts'

/** How work ended that a person may have interrupted. */
export interface Interruptible<Value> {
  readonly isInterrupted: boolean
  /** `undefined` where it was interrupted before it came to an end. */
  readonly value: Value | undefined
}

/**
 * Does work that Ctrl-C ends in order: the first begins no further call and lets those under way
 * land, because they are paid for; the second cuts them off.
 */
export async function whileInterruptible<Value>(
  project: Project,
  terminal: Terminal,
  work: () => Promise<Value>,
): Promise<Interruptible<Value>> {
  let interrupts = 0
  const onInterrupt = (): void => {
    interrupts += 1
    if (interrupts > 1) return cutOff(project)
    terminal.say(
      'Stopping: calls under way are paid for and may land. Press Ctrl-C again to cut them off.',
    )
    stop(project)
  }
  process.on('SIGINT', onInterrupt)
  process.on('SIGTERM', onInterrupt)
  try {
    return { value: await work(), isInterrupted: interrupts > 0 }
  } catch (error) {
    if (interrupts === 0) throw error
    // What went wrong beside the interruption is told; how it ends is clear.
    if (isGeminiImageError(error)) terminal.say(error.message)
    else if ((error as Error).name !== 'AbortError') throw error
    return { value: undefined, isInterrupted: true }
  } finally {
    process.off('SIGINT', onInterrupt)
    process.off('SIGTERM', onInterrupt)
  }
}
