import { GeminiImageError } from '@gemini-image/core'
import type { Tool } from '@modelcontextprotocol/sdk/spec.types.js'

/** What a value of an input is, as JSON Schema. */
type Property =
  | { readonly type: 'string'; readonly description: string; readonly enum?: readonly string[] }
  | { readonly type: 'integer' | 'number'; readonly minimum: number; readonly description: string }
  | { readonly type: 'object'; readonly description: string }
  | {
      readonly type: 'array'
      readonly items: { readonly type: 'string' }
      readonly minItems: 1
      readonly description: string
    }

/** What a tool takes: the names of what it must be given, and of what it may be given. */
export interface InputSchema {
  readonly properties: Readonly<Record<string, Property>>
  readonly required: readonly string[]
}

/** The same as clients are told it. */
export function toJsonSchema({ properties, required }: InputSchema): Tool['inputSchema'] {
  return {
    type: 'object',
    properties: { ...properties },
    required: [...required],
    additionalProperties: false,
  } as Tool['inputSchema']
}

/** An input that was held against its schema. */
export type Input = Readonly<Record<string, unknown>>

/**
 * Makes sure that an input is what a tool takes.
 * @throws {GeminiImageError} `INVALID_ARGUMENT`.
 */
export function readInput(given: unknown, { properties, required }: InputSchema): Input {
  if (!isObject(given)) throw invalid('The arguments are no object.', properties)
  for (const name of required) {
    if (given[name] === undefined) throw invalid(`"${name}" is missing.`, properties)
  }
  for (const [name, value] of Object.entries(given)) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (!property) throw invalid(`There is no argument ${JSON.stringify(name)}.`, properties)
    if (!fits(value, property)) {
      throw invalid(
        `"${name}" is ${JSON.stringify(value)}, and not ${wordsFor(property)}.`,
        properties,
      )
    }
  }
  return given
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function fits(value: unknown, property: Property): boolean {
  switch (property.type) {
    case 'string':
      return typeof value === 'string' && (property.enum?.includes(value) ?? true)
    case 'integer':
    case 'number': {
      const isRight = property.type === 'integer' ? Number.isInteger(value) : Number.isFinite(value)
      return isRight && (value as number) >= property.minimum
    }
    case 'object':
      return isObject(value)
    case 'array':
      return (
        Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string')
      )
  }
}

function wordsFor(property: Property): string {
  switch (property.type) {
    case 'string':
      return property.enum ? `one of ${property.enum.join(', ')}` : 'a text'
    case 'integer':
    case 'number':
      return `a${property.type === 'integer' ? ' whole' : ''} number from ${property.minimum}`
    case 'object':
      return 'an object'
    case 'array':
      return 'a list of names'
  }
}

function invalid(what: string, properties: InputSchema['properties']): GeminiImageError {
  const names = Object.keys(properties).join(', ')
  return new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what,
    why: 'Nothing was done.',
    fix: names === '' ? 'call it without arguments.' : `it takes: ${names}.`,
  })
}
