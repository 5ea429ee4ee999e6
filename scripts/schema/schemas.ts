import path from 'node:path'
import { z } from 'zod'
import { LAYER_SCHEMA } from '../../packages/core/src/declare/layers.ts'
import { expectedOf, SETTINGS_SCHEMA } from '../../packages/core/src/declare/settings.ts'
import { TEMPLATES } from '../../packages/core/src/declare/templates/templates.ts'
import { OPTIONS_SCHEMA } from '../../packages/core/src/options/resolve-options.ts'
import { DEFAULT_PROVIDER } from '../../packages/core/src/providers/built-in.ts'
import { modelNames } from '../../packages/core/src/providers/models/line-up.ts'
import { readTypes, type Documented, type Types } from './tsdoc.ts'

/** A JSON Schema (draft 7), as far as it is gone through. */
export interface Schema {
  readonly [keyword: string]: unknown
  readonly properties?: Readonly<Record<string, Schema>>
}

const CORE = path.resolve(import.meta.dirname, '../../packages/core/src')

/** Where the types of settings and options stand; one that others extend comes before them. */
const SOURCES = [
  'providers/request.ts',
  'providers/models/model.ts',
  'providers/models/price.ts',
  'providers/models/line-up.ts',
  'pixels/renditions/settings.ts',
  'declare/layers.ts',
  'declare/settings.ts',
  'options/options.ts',
].map((file) => path.join(CORE, file))

/**
 * The schemas for editors: name in `schema/` → JSON Schema. Each setting is what the reader's own schema takes, with what
 * the TSDoc of its type says.
 */
export function schemas(): Readonly<Record<string, Schema>> {
  const types = readTypes(SOURCES)
  const settings = document(toJson(SETTINGS_SCHEMA), ['PictureSettings'], types)
  const options = document(toJson(OPTIONS_SCHEMA), ['Options'], types)
  // The reader fills in the model of the options before it looks.
  const { required: _, ...known } = withKnown(settings)
  const { prompt } = documented({ prompt: { type: 'string' } }, types)
  const { definitions, ...rest } = known
  const picture = { ...rest, properties: { prompt, ...known.properties } }
  return {
    'prompt.json': {
      $schema: DRAFT,
      title: 'A prompt file',
      description: 'The frontmatter of a prompt file (*.prompt.md); its body is the prompt.',
      ...known,
    },
    'picture.json': {
      $schema: DRAFT,
      title: 'A picture in content',
      description: 'A field of frontmatter or data that holds a picture.',
      anyOf: [
        {
          type: 'string',
          pattern: String.raw`\.prompt\.md(\?.*)?$`,
          description: 'The path of a prompt file.',
        },
        picture,
      ],
      ...(definitions !== undefined && { definitions }),
    },
    'config.json': {
      $schema: DRAFT,
      title: 'gemini-image',
      description: 'The options of gemini-image.config.ts and of the plugins.',
      ...withKnown(options),
    },
  }
}

const DRAFT = 'http://json-schema.org/draft-07/schema#'

function toJson(schema: z.ZodType): Schema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    // What only a program can hold: a shared store, a provider.
    unrepresentable: 'any',
    reused: 'inline',
    override: ({ jsonSchema }) => {
      const { takesAlso, takesLayer, isLayer, ...own } = jsonSchema as Record<string, unknown>
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
      const layer = isLayer || takesLayer ? toJson(LAYER_SCHEMA) : undefined
      if (takesAlso === undefined && !isLayer) return
      for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key)
      const also = [takesAlso ?? [], layer?.['anyOf'] ?? []].flat()
      jsonSchema.anyOf = [...also, ...(isLayer ? [] : [own])] as NonNullable<
        typeof jsonSchema.anyOf
      >
    },
  })
  return json as Schema
}

function documented(
  properties: Readonly<Record<string, Schema>>,
  types: Types,
): Readonly<Record<string, Schema>> {
  return document({ type: 'object', properties }, ['PictureSettings'], types).properties ?? {}
}

/** Adds what the TSDoc of types says to the properties that are theirs, however deep. */
function document(declared: Schema, outer: readonly string[], types: Types): Schema {
  const { declaredAs, ...schema } = declared
  const names = typeof declaredAs === 'string' ? [declaredAs] : outer
  const entries = Object.entries(schema).map(([keyword, value]): [string, unknown] => {
    if (keyword === 'properties') return [keyword, documentAll(value as Properties, names, types)]
    if (!NESTING.has(keyword)) return [keyword, value]
    if (Array.isArray(value)) {
      return [keyword, value.map((one: Schema) => document(one, names, types))]
    }
    const isSchema = typeof value === 'object' && value !== null
    return [keyword, isSchema ? document(value as Schema, names, types) : value]
  })
  return Object.fromEntries(entries)
}

type Properties = Readonly<Record<string, Schema>>

const NESTING = new Set(['anyOf', 'items', 'additionalProperties'])

function documentAll(properties: Properties, names: readonly string[], types: Types): Properties {
  const keys = Object.keys(properties)
  const countIn = (name: string): number => keys.filter((key) => types.get(name)?.has(key)).length
  const [fitting] = names.toSorted((one, other) => countIn(other) - countIn(one))
  const entries = Object.entries(properties).map(([key, schema]) => {
    const said = fitting === undefined ? undefined : types.get(fitting)?.get(key)
    const isSetting = names.includes('PictureSettings')
    const inner = document(schema, namesFor(said, names, types), types)
    return [key, withWords(inner, said, isSetting ? expectedOf(key) : undefined)]
  })
  return Object.fromEntries(entries) as Properties
}

/** The types in the type of a property, and those that they name. */
function namesFor(
  said: Documented | undefined,
  outer: readonly string[],
  types: Types,
): readonly string[] {
  if (!said) return outer.filter((name) => name !== 'PictureSettings' && name !== 'Options')
  return said.types.filter((name) => types.has(name))
}

function withWords(
  schema: Schema,
  said: Documented | undefined,
  expected: string | undefined,
): Schema {
  const literal = said?.default === undefined ? undefined : literalOf(said.default)
  const byWords =
    said?.default !== undefined && literal === undefined && schema['default'] === undefined
      ? `Default: ${said.default}.`
      : ''
  const text = said?.text || (expected === undefined ? '' : `Takes ${expected}.`)
  const description = [text, byWords].filter((part) => part !== '').join(' ')
  return {
    ...(description !== '' && { description }),
    ...schema,
    ...(literal !== undefined && { default: literal }),
  }
}

/** `'1K'`, `1.00`, `30_000`, `false`, `[]` or `{}`; `undefined` for words. */
function literalOf(written: string): unknown {
  const json = written
    .replaceAll(/(?<=\d)_(?=\d)/g, '')
    .replace(/^'([^']*)'$/, '"$1"')
    .replaceAll(/(?<=[{,]\s*)(\w+)(?=:)/g, '"$1"')
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** What only the catalogue and the templates know: names to choose from. A project may have more models, and others' ratios. */
function withKnown(schema: Schema): Schema {
  const { catalogue } = DEFAULT_PROVIDER
  const sizes = catalogue.models.flatMap((model) => Object.keys(model.sizes))
  const ratios = catalogue.models.flatMap(({ sizes }) =>
    Object.values(sizes).flatMap(({ pixels }) => Object.keys(pixels)),
  )
  const examples: Readonly<Record<string, readonly string[]>> = {
    model: modelNames(catalogue),
    aspectRatio: [...new Set(ratios), 'auto'],
    size: [...new Set(sizes)],
    transport: catalogue.transports ?? [],
    focus: ['attention', 'entropy', 'center', '30% 60%'],
    fresh: ['30m', '12h', '1d', '2w'],
  }
  const withExamples = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.map(withExamples)
    if (typeof one !== 'object' || one === null) return one
    const entries = Object.entries(one).map(([key, value]): [string, unknown] => {
      if (key !== 'properties') return [key, withExamples(value)]
      const properties = Object.entries(value as Properties).map(([name, inner]) => {
        const isOurs = inner['enum'] === undefined && inner['type'] !== 'number'
        const known = isOurs ? examples[name] : undefined
        const nested = withExamples(inner) as Schema
        return [name, known ? { ...nested, examples: known } : nested]
      })
      return [key, Object.fromEntries(properties)]
    })
    return Object.fromEntries(entries)
  }
  const known = withExamples(schema) as Schema
  return known.properties?.['template'] ? withTemplates(known) : known
}

/** Each template has slots of its own. */
function withTemplates(schema: Schema): Schema {
  const names = Object.keys(TEMPLATES)
  const { template } = schema.properties ?? {}
  return {
    ...schema,
    properties: { ...schema.properties, template: { ...template, enum: names } },
    allOf: Object.entries(TEMPLATES).map(([name, { slots }]) => ({
      if: { properties: { template: { const: name } }, required: ['template'] },
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema.
      then: { properties: { slots: slotsOf(slots) } },
    })),
  }
}

function slotsOf(
  slots: Readonly<Record<string, { readonly describe: string; readonly required: boolean }>>,
): Schema {
  const required = Object.entries(slots).flatMap(([slot, one]) => (one.required ? slot : []))
  const properties = Object.entries(slots).map(([slot, { describe }]) => [
    slot,
    { type: ['string', 'null'], description: `${describe}.` },
  ])
  return { properties: Object.fromEntries(properties), required, additionalProperties: false }
}
