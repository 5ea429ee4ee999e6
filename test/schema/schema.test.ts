import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parsePromptFile, resolveOptions, validate } from '@gemini-image/core/internal'
import { Ajv, type ValidateFunction } from 'ajv'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

type Schema = { readonly [keyword: string]: unknown; readonly properties?: Record<string, Schema> }

const PACKAGES = path.resolve(import.meta.dirname, '../../packages')

async function schemaOf(name: string, of = 'cli'): Promise<Schema> {
  return JSON.parse(await readFile(path.join(PACKAGES, of, 'schema', name), 'utf8')) as Schema
}

const promptSchema = await schemaOf('prompt.json')
const configSchema = await schemaOf('config.json')
const ajv = new Ajv({ allErrors: true, strict: false })
const validatePrompt = ajv.compile(promptSchema)
const validatePicture = ajv.compile(await schemaOf('picture.json'))
const validateConfig = ajv.compile(configSchema)

/** Frontmatter, and whether it is one that the reader takes. */
const SETTINGS: readonly (readonly [yaml: string, isRight: boolean])[] = [
  ['', true],
  ['alt: A fox', true],
  ['alt: ""', true],
  ['alt: 3', false],
  ['alt: [a]', false],
  ['alt: { en: A fox, pt-BR: Uma raposa }', true],
  ['alt: { en: 3 }', false],
  ['alt: {}', false],
  ['altDraft: A fox?', true],
  ['altDraft: 1', false],
  ['model: nano-banana-pro', true],
  ['model: 3', false],
  ['modle: nano-banana', false],
  ['aspectRatio: "16:9"', true],
  ['aspectRatio: 1.5', false],
  ['size: 2K', true],
  ['model: gemini-3.1-flash-image\nsize: 512', true],
  ['size: true', false],
  ['references: [./a.png]', true],
  ['references: []', false],
  ['references: ./a.png', false],
  ['references: [" "]', false],
  ['references: [{ image: ./a.png, as: style, label: Mood }]', true],
  ['references: [{ image: ./a.png, as: mood }]', false],
  ['references: [{ as: style }]', false],
  ['references: [{ image: ./a.png, name: x }]', false],
  ['turns: [Now at night]', true],
  ['turns: Now at night', false],
  ['turns: [{ prompt: Now, aspectRatio: "21:9", size: 2K, output: image }]', true],
  ['turns: [{ prompt: Now, output: video }]', false],
  ['turns: [{ prompt: Now, seed: 1 }]', false],
  ['turns: [{ size: 2K }]', false],
  ['turns: [{ prompt: Now, grounding: { web: true } }]', true],
  ['turns: [{ prompt: Now, grounding: { web: false } }]', false],
  ['template: sticker\nslots: { subject: a fox, style: flat }', true],
  ['template: stikcer\nslots: { subject: a fox }', false],
  ['template: sticker\nslots: { subject: a fox, style: flat, colour: red }', false],
  ['template: sticker\nslots: { style: flat }', false],
  ['template: sticker\nslots: { subject: 3, style: flat }', false],
  ['slots: 3', false],
  ['style: [" "]', false],
  ['style: { a: b }', false],
  ['vars: { season: autumn, year: 2026, leap: false }', true],
  ['vars: { season: [autumn] }', false],
  ['each: { language: [English, Spanish] }\nvars: { a: b }', true],
  ['each: { language: English }', false],
  ['each: { language: [] }', false],
  ['each: {}', false],
  ['each: { language: [a, a] }', false],
  ['each: { language: ["a;b"] }', false],
  ['each: { "two words": [a] }', false],
  ['system: You draw maps', true],
  ['system: " "', false],
  ['seed: 42', true],
  ['seed: -1', true],
  ['seed: 1.5', false],
  ['seed: 99999999999', false],
  ['temperature: 2', true],
  ['temperature: 2.1', false],
  ['temperature: "1"', false],
  ['safety: { harassment: none }', true],
  ['safety: { harassment: some }', false],
  ['safety: { rudeness: none }', false],
  ['thinking: high', true],
  ['thinking: hard', false],
  ['keepThoughts: true', true],
  ['keepThoughts: "true"', false],
  ['grounding: { web: true }', true],
  ['grounding: { pages: true }', false],
  ['grounding: { web: true }\nfresh: 12h', true],
  ['grounding: { web: true }\nfresh: 12', false],
  ['grounding: { web: true }\nfresh: 12 hours', false],
  ['variants: 4\npick: 3', true],
  ['variants: 0', false],
  ['variants: 17', false],
  ['variants: 1.5', false],
  ['pick: 0', false],
  ['output: images', true],
  ['output: picture', false],
  ['format: png', true],
  ['format: webp', false],
  ['personGeneration: everybody', false],
  ['prominentPeople: maybe', false],
  ['imageOutputOptions: { compressionQuality: 80, mimeType: image/png }', false],
  ['imageOutputOptions: { compressionQuality: 101 }', false],
  ['imageOutputOptions: {}', false],
  ['providerOptions: { openai: high }', false],
  ['transport: interactions', true],
  ['transport: 1', false],
  ['focus: attention', true],
  ['focus: 30% 60%', true],
  ['focus: the middle', false],
  ['focus: 130% 60%', false],
  ['transparent: true', true],
  ['transparent: false', true],
  ['transparent: { key: "#00ff00" }', true],
  ['transparent: { key: green }', false],
  ['transparent: yes please', false],
  ['after: " "', false],
  ['layers: 3', false],
  ['layers: []', false],
  ['layers: { scrim: bottom }', true],
  [
    'layers: [{ scrim: top, color: black, opacity: 0.5 }, { shape: rect, width: 50, height: 2.5 }]',
    true,
  ],
  ['layers: [{ scrim: below }]', false],
  ['layers: [{ scrim: top, opacity: 2 }]', false],
  ['layers: [{ shape: rect, width: 50 }]', false],
  ['layers: [{ shape: star, width: 50, height: 2 }]', false],
  ['layers: [{ scrim: top, colour: black }]', false],
  ['layers: [{ color: black }]', false],
  ['layers: [{ text: Hello }]', false],
  ['layers: [{ text: Hello, font: [] }]', false],
  ['layers: [{ text: Hello, font: a.ttf, lines: 0.5 }]', false],
]

/** What the reader says: its codes are those of the schema, not those of the catalogue. */
function isRead(yaml: string): boolean {
  const file = '/site/a.prompt.md'
  const each = yaml.includes('each:') ? ' in {{language}}' : ''
  const declaration = parsePromptFile(`---\n${yaml}\n---\nA fox${each}\n`, file, '/site')
  // One picture of a set has a value in the place of its list.
  const id = yaml.includes('English, Spanish') ? `${file}?each=English` : file
  try {
    validate({ ...declaration, id }, { model: 'nano-banana', root: '/site' })
    return true
  } catch {
    return false
  }
}

test.each(SETTINGS)('the schema takes what the reader takes: %s', (yaml, isRight) => {
  const value: unknown = parse(yaml, { version: '1.2' }) ?? {}
  expect(isRead(yaml)).toBe(isRight)
  expect(said(validatePrompt, value)).toBe(isRight)
  const inContent = { prompt: 'A fox', ...(value as object) }
  expect(said(validatePicture, inContent)).toBe(isRight)
})

function said(validate: ValidateFunction, value: unknown): boolean {
  return validate(value) as boolean
}

test('each setting of the reader is in the schema, with words', () => {
  const { properties = {} } = promptSchema
  const unknown = parsePromptFile('---\nodd: 1\n---\nA fox', '/site/a.prompt.md', '/site')
  let message = ''
  try {
    validate(unknown, { model: 'nano-banana' })
  } catch (error) {
    message = (error as Error).message
  }
  for (const [name, { description }] of Object.entries(properties)) {
    expect(`${name}: ${String(description)}`).toMatch(/^\w+: [A-Z`0-9].{10,}$/)
    expect(message).toContain(name)
  }
  const listed = /The settings are (.*)\.$/m.exec(message)?.[1]?.split(/, | and /) ?? []
  expect(Object.keys(properties).toSorted()).toEqual(listed.toSorted())
})

test('what cannot be told apart by its type has its default, its unit and its values', () => {
  const { properties = {} } = promptSchema
  expect(properties['aspectRatio']).toMatchObject({ default: '1:1' })
  expect(properties['aspectRatio']?.['examples']).toContain('16:9')
  expect(properties['model']?.['examples']).toContain('nano-banana-pro')
  expect(properties['thinking']?.['enum']).toEqual(['minimal', 'low', 'medium', 'high'])
  expect(configSchema.properties?.['timeout']).toMatchObject({
    default: 180_000,
    exclusiveMinimum: 0,
  })
  expect(configSchema.properties?.['timeout']?.['description']).toContain('Milliseconds')
  expect(configSchema.properties?.['budget']?.['description']).toContain('US dollars')
})

test('a field of content is a picture or the path of a prompt file', () => {
  expect(said(validatePicture, './hero.prompt.md')).toBe(true)
  expect(said(validatePicture, './poster.prompt.md?each=English')).toBe(true)
  expect(said(validatePicture, './hero.png')).toBe(false)
  expect(said(validatePicture, { prompt: 3 })).toBe(false)
})

const OPTIONS: readonly (readonly [options: object, isRight: boolean])[] = [
  [{}, true],
  [{ mode: 'frozen' }, true],
  [{ mode: 'cold' }, false],
  [{ budget: 0 }, true],
  [{ budget: -1 }, false],
  [{ concurrency: 0 }, false],
  [{ timeout: 1.5 }, false],
  [{ apiVersion: 'v1' }, true],
  [{ apiVersion: '1' }, false],
  [{ styles: { brand: 'Flat' } }, true],
  [{ languages: ['en', 'pt-BR'] }, true],
  [{ languages: [] }, false],
  [{ languages: 'en' }, false],
  [{ languages: ['in English'] }, false],
  [{ styles: { brand: 1 } }, false],
  [{ remoteHosts: ['images.example.com'] }, true],
  [{ remoteHosts: ['https://images.example.com'] }, false],
  [{ aliases: { house: ['nano-banana-pro'] } }, true],
  [{ aliases: { house: [] } }, false],
  [{ models: { mine: { like: 'gemini-3-pro-image' } } }, true],
  [{ models: { mine: { like: 1 } } }, false],
  [{ store: { commit: false } }, true],
  [{ store: { leaseExpiry: 1 } }, false],
  [{ store: { folder: 'x' } }, false],
  [{ presets: { card: { widths: [400, 800], ratio: '4:3' } } }, true],
  [{ presets: { card: { widths: [] } } }, false],
  [{ presets: { card: { quality: 0 } } }, false],
  [{ layers: { card: [{ text: '{{title}}', font: ['/a.ttf'], at: 'top start' }] } }, true],
  [{ layers: { card: ['text'] } }, false],
  [{ forms: {} }, true],
  [{ labels: { prompt: true } }, true],
  [{ budgget: 1 }, false],
]

describe('the schema of the configuration', () => {
  test.each(OPTIONS)('takes what the reader takes: %j', (options, isRight) => {
    const read = (): unknown => resolveOptions(options, { hostRoot: '/site', env: {} })
    if (isRight) expect(read).not.toThrow()
    else expect(read).toThrow('INVALID_OPTION')
    expect(said(validateConfig, options)).toBe(isRight)
  })
})

test.each(['unplugin', 'astro'])('%s has the same schemas', async (name) => {
  for (const file of ['prompt.json', 'picture.json', 'config.json']) {
    expect(await schemaOf(file, name)).toEqual(await schemaOf(file))
  }
})
