import {
  invalidArgument,
  invalidValue,
  missingField,
  unknownField,
  type Failure,
} from './failure.ts'
import { isRecord, ownValue } from './json.ts'

/** Says what Google finds wrong with a value; `place` is its path with snake_case names. */
export type Check = (value: unknown, place: string) => Failure | undefined

const base64Pattern = /^[\w+/-]*={0,2}$/
const int32Limit = 2 ** 31

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function join(place: string, name: string): string {
  return place === '' ? snakeCase(name) : `${place}.${snakeCase(name)}`
}

function firstFailure<Item>(
  items: readonly Item[],
  check: (item: Item, index: number) => Failure | undefined,
): Failure | undefined {
  for (const [index, item] of items.entries()) {
    const failure = check(item, index)
    if (failure !== undefined) return failure
  }
  return undefined
}

function scalar(type: string, holds: (value: unknown) => boolean): Check {
  return (value, place) => (holds(value) ? undefined : invalidValue(place, type, value))
}

export const anything: Check = () => undefined
export const text: Check = scalar('TYPE_STRING', (value) => typeof value === 'string')
export const flag: Check = scalar('TYPE_BOOL', (value) => typeof value === 'boolean')
export const int32: Check = scalar(
  'TYPE_INT32',
  (value) => Number.isInteger(value) && Number(value) >= -int32Limit && Number(value) < int32Limit,
)

export const base64: Check = (value, place) =>
  typeof value === 'string' && base64Pattern.test(value)
    ? undefined
    : invalidArgument(`Invalid value at '${place}' (TYPE_BYTES), Base64 decoding failed.`)

export function oneOf(type: string, known: readonly unknown[]): Check {
  return scalar(type, (value) => known.includes(value))
}

export function between(least: number, most: number): Check {
  return (value, place) => {
    if (typeof value !== 'number') return invalidValue(place, 'TYPE_FLOAT', value)
    if (value >= least && value <= most) return undefined
    return invalidArgument(`* ${place}: must be in the range [${least}, ${most}]: got ${value}.`)
  }
}

export function listOf(item: Check): Check {
  return (value, place) => {
    if (!Array.isArray(value)) return invalidValue(place, 'list', value)
    return firstFailure(value, (entry: unknown, index) => item(entry, `${place}[${index}]`))
  }
}

/** An object with these fields and no other. The names at the end must be there. */
export function fields(known: Readonly<Record<string, Check>>, ...required: string[]): Check {
  return (value, place) => {
    if (!isRecord(value)) return invalidValue(place, 'message', value)
    const strange = Object.keys(value).find((name) => !Object.hasOwn(known, name))
    if (strange !== undefined) return unknownField(strange, place)
    const missing = required.find((name) => !Object.hasOwn(value, name))
    if (missing !== undefined) return missingField(join(place, missing))
    return firstFailure(Object.entries(value), ([name, field]) =>
      ownValue(known, name)?.(field, join(place, name)),
    )
  }
}

/** An object whose `type` says which check it has to pass. */
export function tagged(shapes: Readonly<Record<string, Check>>): Check {
  return (value, place) => {
    if (!isRecord(value)) return invalidValue(place, 'message', value)
    if (value['type'] === undefined) return missingField(join(place, 'type'))
    const shape = ownValue(shapes, value['type'])
    return shape === undefined
      ? invalidValue(join(place, 'type'), 'type', value['type'])
      : shape(value, place)
  }
}

export function refuseBody(body: unknown, check: Check): Failure | undefined {
  if (isRecord(body)) return check(body, '')
  return invalidArgument('Invalid JSON payload received. Unexpected token.')
}
