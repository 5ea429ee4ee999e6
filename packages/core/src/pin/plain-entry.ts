import { COLOR } from '../pixels/image.ts'
import { FILE_NAME, SHA_256, type LockEntry } from './lock-entry.ts'

type Check = (value: unknown) => boolean

const isText: Check = (value) => typeof value === 'string'
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0
const isPositive: Check = (value) => Number.isSafeInteger(value) && (value as number) > 0
const isObject: Check = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const BASE64 = /^[A-Za-z\d+/]+={0,2}$/

/** What most entries hold, and nothing else. */
const REQUIRED: ReadonlyMap<string, Check> = new Map<keyof LockEntry, Check>([
  ['file', (value) => isText(value) && FILE_NAME.test(value as string)],
  ['object', (value) => isText(value) && SHA_256.test(value as string)],
  ['type', (value) => value === 'image/jpeg' || value === 'image/png' || value === 'image/webp'],
  ['width', isPositive],
  ['height', isPositive],
  ['model', isText],
  ['cost', (value) => Number.isFinite(value) && (value as number) >= 0],
  ['tokens', isTokens],
  ['created', isText],
])
const OPTIONAL: ReadonlyMap<string, Check> = new Map<keyof LockEntry, Check>([
  ['redrawn', isCount],
  ['from', isText],
  ['request', isObject],
  ['look', isLook],
  ['replay', isReplay],
])

/**
 * Whether a value is a pinned result as most are: one picture, nothing looked up. It says yes only
 * where the schema does, in a tenth of the time; a lockfile may hold ten thousand.
 */
export function isPlainEntry(value: unknown): boolean {
  if (!isObject(value)) return false
  const fields = value as Readonly<Record<string, unknown>>
  let found = 0
  // What JSON has made has no other keys than its own.
  for (const key in fields) {
    const required = REQUIRED.get(key)
    if (!(required ?? OPTIONAL.get(key))?.(fields[key])) return false
    if (required) found += 1
  }
  return found === REQUIRED.size
}

function isLook(value: unknown): boolean {
  const { color, thumbhash } = (value ?? {}) as Record<string, unknown>
  return (
    isText(color) &&
    COLOR.test(color as string) &&
    isText(thumbhash) &&
    BASE64.test(thumbhash as string)
  )
}

function isReplay(value: unknown): boolean {
  const { api, items, id } = (value ?? {}) as Record<string, unknown>
  return isText(api) && Array.isArray(items) && (id === undefined || isText(id))
}

function isTokens(value: unknown): boolean {
  const { input, image, text } = (value ?? {}) as Record<string, unknown>
  return isCount(input) && isCount(image) && isCount(text)
}
