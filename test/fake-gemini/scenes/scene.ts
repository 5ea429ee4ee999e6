import type { Canvas } from './svg.ts'

/** A picture worth looking at, for some prompts. */
export interface Scene {
  /** A prompt that holds all of these words, in any order, gets this scene. */
  words: readonly string[]
  draw(canvas: Canvas): string
}
