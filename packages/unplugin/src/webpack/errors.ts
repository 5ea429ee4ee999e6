import type { GeminiImageError } from '@gemini-image/core'
import { isGeminiImageError } from '@gemini-image/core/host'
import type { Compiler, WebpackError } from 'webpack'

/**
 * What is wrong as errors of a compilation: one for each mistake, each with its code and its place, so
 * that `stats` shows them as it shows those of webpack.
 */
export function toErrors(error: unknown, { webpack }: Compiler): readonly WebpackError[] {
  return flatten(error).map((one) => {
    const shown = new webpack.WebpackError(one instanceof Error ? one.message : String(one))
    if (!isGeminiImageError(one)) return shown
    const { code, place, loc } = one
    Object.assign(shown, { code, name: 'GeminiImageError', hideStack: true })
    if (place && loc) {
      shown.file = place.path
      shown.loc = { start: { line: loc.line, column: loc.column } }
    }
    return shown
  })
}

function flatten(error: unknown): readonly unknown[] {
  return isGeminiImageError(error) && error.problems.length > 0
    ? error.problems.flatMap((one: GeminiImageError) => flatten(one))
    : [error]
}
