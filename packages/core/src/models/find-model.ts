import { ALIASES, MODELS } from './catalogue.ts'
import type { ModelRow } from './model.ts'
import type { Pixels } from './pixels.ts'

/** The row behind an id or an alias (its first candidate), or `undefined`. */
export function findModel(name: string): ModelRow | undefined {
  const id = ALIASES.find((row) => row.alias === name)?.candidates[0] ?? name
  return MODELS.find((row) => row.id === id)
}

/** Every name that a declaration may use, aliases first. */
export function modelNames(): string[] {
  return [...ALIASES.map((row) => row.alias), ...MODELS.map((row) => row.id)]
}

/** The pixel size that the catalogue promises, or `undefined` where the model lacks it. */
export function pixelsOf(model: ModelRow, aspectRatio: string, size: string): Pixels | undefined {
  const found = model.sizes[size]?.pixels[aspectRatio]
  return found && { width: found[0], height: found[1] }
}
