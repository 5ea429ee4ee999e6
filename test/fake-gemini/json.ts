export type Json = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function record(value: unknown): Json {
  return isRecord(value) ? value : {}
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Not `table[key]`: `toString` is no aspect ratio. */
export function ownValue<Value>(
  table: Readonly<Record<string, Value>>,
  key: unknown,
): Value | undefined {
  return Object.entries(table).find(([name]) => name === key)?.[1]
}
