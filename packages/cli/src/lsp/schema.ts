import { readFileSync } from 'node:fs'

/** A JSON Schema, as far as it is gone through here. */
export interface Schema {
  readonly description?: string
  readonly default?: unknown
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly examples?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly pattern?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly allOf?: readonly { readonly if: Schema; readonly then: Schema }[]
}

/** The schema that this package ships: its build writes it from the settings that the reader takes. */
const PICTURE = JSON.parse(
  readFileSync(new URL('../schema/picture.json', import.meta.url), 'utf8'),
) as Schema

/** All settings of a declaration, the prompt among them. */
const SETTINGS: Schema = PICTURE.anyOf?.find(({ properties }) => properties) ?? {}

/** Whether this is the name of a setting. */
export function isSetting(name: string): boolean {
  return name === 'prompt' || Object.hasOwn(SETTINGS.properties ?? {}, name)
}

/**
 * What may stand at a path, each alternative for itself.
 * @param known Settings of the picture, for those that depend on others.
 */
export function schemasAt(
  path: readonly string[],
  known: ReadonlyMap<string, string>,
): readonly Schema[] {
  const dependent = (SETTINGS.allOf ?? [])
    .filter(({ if: condition }) =>
      Object.entries(condition.properties ?? {}).every(
        ([key, { const: value }]) => known.get(key) === value,
      ),
    )
    .map(({ then }) => then)
  let schemas: readonly Schema[] = [...dependent, SETTINGS]
  for (const key of path) schemas = schemas.flatMap((one) => inside(one, key))
  return schemas.flatMap(alternatives)
}

function alternatives(schema: Schema): readonly Schema[] {
  return schema.anyOf ? schema.anyOf.flatMap(alternatives).concat(schema) : [schema]
}

function inside(schema: Schema, key: string): readonly Schema[] {
  return alternatives(schema).flatMap(({ items, properties, additionalProperties: other }) => {
    if (key === '[]') return items ? [items] : []
    const own = properties && Object.hasOwn(properties, key) ? properties[key] : undefined
    if (own) return [own]
    return typeof other === 'object' ? [other] : []
  })
}

/** The names that a map at a path may have, with their schemas. */
export function keysAt(
  path: readonly string[],
  known: ReadonlyMap<string, string>,
): ReadonlyMap<string, Schema> {
  const found = new Map<string, Schema>()
  for (const { properties = {} } of schemasAt(path, known)) {
    for (const [name, schema] of Object.entries(properties)) {
      if (!found.has(name)) found.set(name, schema)
    }
  }
  return found
}

/** A value to choose from. */
export interface Choice {
  readonly value: string
  readonly detail?: string | undefined
}

/** The values that schemas name. */
export function choicesOf(schemas: readonly Schema[]): readonly Choice[] {
  const values = schemas.flatMap(({ enum: listed, examples, const: only, type }) => [
    ...(listed ?? []),
    ...(examples ?? []),
    ...(only === undefined ? [] : [only]),
    ...(type === 'boolean' ? [true, false] : []),
  ])
  return [...new Set(values.map(String))].map((value) => ({ value }))
}

/** A setting in Markdown: its words, its default and its values. */
export function describe(name: string, schemas: readonly Schema[]): string {
  const description = schemas.find((one) => one.description)?.description ?? ''
  const standard = schemas.find((one) => one.default !== undefined)?.default
  const listed = schemas.flatMap((one) => one.enum ?? []).map((value) => `\`${String(value)}\``)
  const ranged = schemas.find((one) => one.minimum !== undefined && one.maximum !== undefined)
  const facts = [
    ...(standard === undefined
      ? []
      : [`Default: \`${JSON.stringify(standard).replaceAll('"', '')}\`.`]),
    ...(listed.length > 0 ? [`Values: ${listed.join(', ')}.`] : []),
    ...(ranged ? [`From ${ranged.minimum} to ${ranged.maximum}.`] : []),
  ]
  return [`**${name}**`, description, facts.join(' ')].filter((part) => part !== '').join('\n\n')
}
