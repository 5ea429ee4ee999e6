import type { FormFile, Writer } from '@gemini-image/core/internal'

/** Some hosts make an object of an image, which holds its URL. */
const URL_OF = 'const urlOf = (image) => image.src ?? image'

/** The functions that the expression of a value calls. */
export async function helpersFor(expression: string): Promise<readonly string[]> {
  if (!expression.includes(CANDIDATE)) return [URL_OF]
  const { NOT_IN_SRCSET } = await import('@gemini-image/core/internal')
  const encoded = `urlOf(image).replace(${NOT_IN_SRCSET}, encodeURIComponent)`
  return [URL_OF, `const candidateOf = (image) => ${encoded}`]
}

const CANDIDATE = 'candidateOf('

/**
 * What stands in a text for an expression, between two signs that are no characters. NUL would not do: URLs lose it.
 * @see https://www.unicode.org/faq/private_use.html#nonchar1
 */
const MARK = /\uFDD0(\d+)\uFDD1/

/** The same where a text was encoded for a URL: an address that nobody knows yet cannot be. */
const SPOILT = /%EF%B7%90\d+%EF%B7%91/i

/** The code of values in whose texts expressions stand: what only the bundler knows. */
export class ValueCode {
  readonly #expressions: string[] = []

  /** A text that stands for an expression, as a whole value or within one. */
  of(expression: string): string {
    const known = this.#expressions.indexOf(expression)
    if (known === -1) this.#expressions.push(expression)
    return `\uFDD0${known === -1 ? this.#expressions.length - 1 : known}\uFDD1`
  }

  /**
   * The expression of a value.
   * @param at What a person calls the value, for errors.
   * @throws {TypeError} where it holds what is no data, or an address that was encoded. Its message may follow a colon.
   */
  write(value: unknown, at: string): string {
    if (typeof value === 'string') return this.#text(value, at)
    if (value === undefined || value === null || typeof value === 'boolean') return String(value)
    if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value)
    if (Array.isArray(value)) {
      return `[${value.map((one, index) => this.write(one, `${at}[${index}]`)).join(', ')}]`
    }
    if (!isPlain(value)) throw new TypeError(`${at} is ${kindOf(value)}, which no module can hold`)
    const members = Object.entries(value).map(
      ([name, one]) => `${keyOf(name)}: ${this.write(one, `${at}.${name}`)}`,
    )
    return `{ ${members.join(', ')} }`
  }

  #text(text: string, at: string): string {
    if (SPOILT.test(text)) {
      throw new TypeError(
        `${at} encodes an address, which is not known before the bundler names the file`,
      )
    }
    // Every other part is the number of an expression.
    const parts = text.split(MARK)
    const written = parts.flatMap((part, index) => {
      if (index % 2 === 1) return this.#expressions[Number(part)] ?? []
      return part === '' ? [] : JSON.stringify(part)
    })
    return written.length === 0 ? '""' : written.join(' + ')
  }
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function kindOf(value: unknown): string {
  if (typeof value === 'number') return String(value)
  return typeof value === 'object' && value !== null
    ? `an object of the class ${value.constructor.name}`
    : `a ${typeof value}`
}

/** A literal `__proto__` would set the prototype. */
function keyOf(name: string): string {
  if (name === '__proto__') return '["__proto__"]'
  return /^[a-z_$][\w$]*$/i.test(name) ? name : JSON.stringify(name)
}

/**
 * Writes addresses as expressions: each file is an image of the host's own, which names and ships it like any other.
 * @param files Those that are at hand, as `image0` and so on.
 * @param first The number of the first of them.
 */
export function addressWriter(
  files: readonly string[],
  code: ValueCode,
  first: number = 0,
): Writer {
  const imageOf = (file: string): string => {
    const index = files.indexOf(file)
    if (index === -1) throw new TypeError(`${file} is no file of this picture`)
    return `image${first + index}`
  }
  const candidate = ({ file, descriptor }: FormFile): string =>
    `${code.of(`${CANDIDATE}${imageOf(file)})`)} ${descriptor}`
  return {
    url: (file) => code.of(`urlOf(${imageOf(file)})`),
    srcset: (candidates) => candidates.map(candidate).join(', '),
  }
}
