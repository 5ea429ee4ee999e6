import type { Writer } from '@gemini-image/core/internal'

/** Some hosts make an object of an image, which holds its URL. */
export const URL_OF = 'const urlOf = (image) => image.src ?? image'

/** An expression that stands for itself. */
export class Code {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/**
 * Writes addresses as expressions: each file is an image of the host's own, which names and ships it like any other.
 * @param files Those that are at hand, as `image0` and so on.
 * @param first The number of the first of them.
 */
export function codeWriter(files: readonly string[], first: number = 0): Writer {
  const urlOf = (file: string): string => `urlOf(image${first + files.indexOf(file)})`
  return {
    url: (file) => new Code(urlOf(file)),
    srcset(candidates) {
      const written = candidates.map(
        ({ file, descriptor }) => `${urlOf(file)} + ${JSON.stringify(` ${descriptor}`)}`,
      )
      return new Code(`[${written.join(', ')}].join(', ')`)
    },
  }
}

/** The expression of a value that holds expressions. */
export function toCode(value: unknown): string {
  if (value instanceof Code) return value.text
  if (Array.isArray(value)) return `[${value.map(toCode).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined'
  const members = Object.entries(value).map(([name, one]) => `${name}: ${toCode(one)}`)
  return `{ ${members.join(', ')} }`
}
