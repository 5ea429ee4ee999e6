import process from 'node:process'
import { isGeminiImageError, type Project } from '@gemini-image/core'
import { cutOff, ENDING_SIGNALS, stop } from '@gemini-image/core/internal'
import type { Terminal } from '../output/terminal.ts'

/** How work ended that a person may have interrupted. */
export interface Interruptible<Value> {
  readonly isInterrupted: boolean
  /** `undefined` where it was interrupted before it came to an end. */
  readonly value: Value | undefined
}

/**
 * Does work that Ctrl-C ends in order. While calls are under way that are paid for, the project keeps the signal back until
 * they have landed; at any other time it ends the work at once.
 */
export async function whileInterruptible<Value>(
  project: Project,
  terminal: Terminal,
  work: () => Promise<Value>,
): Promise<Interruptible<Value>> {
  let isInterrupted = false
  const onInterrupt = (): void => {
    if (isInterrupted) cutOff(project)
    isInterrupted = true
    void stop(project)
  }
  for (const signal of ENDING_SIGNALS) process.on(signal, onInterrupt)
  try {
    return { value: await work(), isInterrupted }
  } catch (error) {
    if (!isInterrupted) throw error
    // What went wrong beside the interruption is told; how it ends is clear.
    if (isGeminiImageError(error)) terminal.say(error.message)
    else if ((error as Error).name !== 'AbortError') throw error
    return { value: undefined, isInterrupted }
  } finally {
    for (const signal of ENDING_SIGNALS) process.off(signal, onInterrupt)
  }
}

/**
 * Resolves at the first Ctrl-C, which the project keeps back while calls are under way that are paid for; every further one is
 * told.
 */
export function untilInterrupted(onAnother: () => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let isStopping = false
  const onInterrupt = (): void => {
    if (isStopping) onAnother()
    isStopping = true
    resolve()
  }
  for (const signal of ENDING_SIGNALS) process.on(signal, onInterrupt)
  return promise
}
