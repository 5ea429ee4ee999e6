import type { Question } from './question.ts'
import type { Piece } from './result.ts'

/** How one API words what came of one question. Each gives the body of a 200. */
export interface Dialect {
  /** Called once the pieces are made; they hold no picture where the model only talks. */
  result(pieces: readonly Piece[]): object
  blocked(reason: string): object
  promptBlocked(reason: string): object
  /** How a body begins. */
  opening: string
}

/** A good request, and the words for its answer. */
export interface Task {
  question: Question
  dialect: Dialect
}

export const blockedMessage =
  'Unable to show the generated image. The prompt could not be submitted. If you think this was an ' +
  'error, send feedback. Support code: 42876398.'
