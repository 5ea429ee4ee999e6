import { describe, expect, test } from 'vitest'
import { parsePromptFile } from '../src/declare/prompt-file.ts'
import { validate, type ValidatedSpec } from '../src/declare/spec.ts'
import { isGeminiImageError, type GeminiImageError } from '../src/kernel/errors/error.ts'
import { ALIASES, MODELS } from '../src/providers/google/catalogue.ts'
import { findModel, findModels, modelNames } from '../src/providers/models/line-up.ts'
import { DEFAULT_PROVIDER } from '../src/providers/built-in.ts'
import type { Options } from '../src/options/options.ts'
import { resolveOptions, type ResolvedOptions } from '../src/options/resolve-options.ts'

function resolved(options: unknown): ResolvedOptions {
  return resolveOptions(options as Options, { hostRoot: '/', env: {} })
}

function refusal(options: unknown): GeminiImageError {
  try {
    resolved(options)
  } catch (error) {
    if (isGeminiImageError(error)) return error
    throw error
  }
  throw new Error('Expected one of our errors')
}

function validated(frontmatter: string, options: Options): ValidatedSpec {
  const source = `---\n${frontmatter}\n---\nA fox`
  return validate(parsePromptFile(source, '/a.prompt.md', '/'), resolved(options))
}

const ids = (name: string, options: Options = {}): string[] =>
  findModels(name, resolved(options).lineUp).map(({ id }) => id)

describe('the option "models"', () => {
  test('adds a model that is like another, under its own name', () => {
    const { lineUp } = resolved({ models: { 'fox-1': { like: 'gemini-3-pro-image' } } })
    const [pro, fox] = [findModel('gemini-3-pro-image', lineUp), findModel('fox-1', lineUp)]
    expect(fox).toEqual({ ...pro, id: 'fox-1', name: 'fox-1' })
    expect(modelNames(lineUp)).toContain('fox-1')
    expect(findModel('fox-1', DEFAULT_PROVIDER.catalogue)).toBeUndefined()
  })

  test('changes what it names of a built-in row, and keeps the rest', () => {
    const price = { textIn: 1, textOut: 2, imageOut: 3 }
    const { lineUp } = resolved({
      models: { 'gemini-2.5-flash-image': { price, shutdown: '2030-01-01' } },
    })
    const before = MODELS.find(({ id }) => id === 'gemini-2.5-flash-image')
    expect(findModel('gemini-2.5-flash-image', lineUp)).toEqual({
      ...before,
      price,
      shutdown: '2030-01-01',
    })
    expect(lineUp.models.map(({ id }) => id)).toEqual(MODELS.map(({ id }) => id))
  })

  test('may build on a row that stands before it', () => {
    const { lineUp } = resolved({
      models: {
        'fox-1': { like: 'gemini-3-pro-image', takesSize: false },
        'fox-2': { like: 'fox-1', name: 'Fox Two' },
      },
    })
    expect(findModel('fox-2', lineUp)).toMatchObject({ name: 'Fox Two', takesSize: false })
  })

  test('is what declarations are validated by', () => {
    const options: Options = {
      models: {
        'fox-1': {
          like: 'gemini-3-pro-image',
          sizes: { '8K': { pixels: { '7:5': [7000, 5000] }, tokens: 9 } },
        },
      },
    }
    const { models, pixels } = validated('model: fox-1\nsize: 8K\naspectRatio: 7:5', options)
    expect(models.map(({ id }) => id)).toEqual(['fox-1'])
    expect(pixels).toEqual({ width: 7000, height: 5000 })
    expect(() => validated('model: fox-1\naspectRatio: 7:5', options)).toThrow('UNSUPPORTED_SIZE')
    expect(() => validated('model: fox-1', {})).toThrow('UNKNOWN_MODEL')
  })

  test('may offer other ratios at each size', () => {
    const sizes = {
      '1K': { pixels: { '1:1': [1000, 1000], '2:1': [2000, 1000] }, tokens: 1 },
      '2K': { pixels: { '1:1': [2000, 2000] }, tokens: 1 },
    } as const
    const options: Options = { models: { fox: { like: 'gemini-3-pro-image', sizes } } }
    expect(validated('model: fox\naspectRatio: 2:1', options).pixels).toEqual({
      width: 2000,
      height: 1000,
    })
    expect(() => validated('model: fox\naspectRatio: 2:1\nsize: 2K', options)).toThrow(
      'UNSUPPORTED_ASPECT_RATIO at a.prompt.md:3:14',
    )
  })

  test('makes the option "model" valid', () => {
    const models = { fox: { like: 'gemini-3-pro-image' } }
    expect(resolved({ model: 'fox', models }).model).toBe('fox')
  })

  test('offers for "like" only what can be used there', () => {
    const { fix } = refusal({ models: { fox: { like: 'nobody' } } })
    const offered = fix.slice(fix.indexOf(': ') + 2).match(/[a-z][\w.-]*\w/g) ?? []
    const names = offered.filter((word) => word !== 'and')
    expect(names).toContain('gemini-3-pro-image')
    for (const like of names) expect(() => resolved({ models: { fox: { like } } })).not.toThrow()
  })

  test.for([
    [{ fox: {} }, 'the model "fox" is like "fox"'],
    [{ fox: { like: 'nobody' } }, 'like "nobody"'],
    [{ fox: { like: 'constructor' } }, 'like "constructor"'],
  ] as const)('%j is like no row and refused', ([models, said]) => {
    const { code, what, fix } = refusal({ models })
    expect(code).toBe('INVALID_OPTION')
    expect(what).toContain(said)
    expect(fix).toContain('gemini-nano-banana-2.1')
  })

  test.for([
    [{ fox: { like: 'gemini-3-pro-image', prize: 3 } }],
    [{ fox: { like: 3 } }],
    [{ fox: { like: 'gemini-3-pro-image', id: 'x' } }],
    [{ fox: { like: 'gemini-3-pro-image', family: 'dall-e' } }],
    [{ fox: { like: 'gemini-3-pro-image', price: { textIn: 1 } } }],
    [{ fox: { like: 'gemini-3-pro-image', price: { textIn: -1, textOut: 1, imageOut: 1 } } }],
    [{ fox: { like: 'gemini-3-pro-image', price: { textIn: 1, textOut: 1, imageOut: '1' } } }],
    [{ fox: { like: 'gemini-3-pro-image', sizes: { '1K': { pixels: { '1:1': [0, 1] } } } } }],
    [
      {
        fox: { like: 'gemini-3-pro-image', sizes: { '1K': { pixels: { '1:1': [1] }, tokens: 1 } } },
      },
    ],
    [{ fox: { like: 'gemini-3-pro-image', thinking: ['deep'] } }],
    [{ fox: { like: 'gemini-3-pro-image', grounding: ['maps'] } }],
    [{ fox: { like: 'gemini-3-pro-image', references: { total: 1 } } }],
    [{ fox: 'gemini-3-pro-image' }],
    [['gemini-3-pro-image']],
  ] as const)('the bad row %j is refused', ([models]) => {
    const { code, message } = refusal({ models })
    const codes = code === 'SEVERAL_PROBLEMS' ? message : code
    expect(codes).toContain('INVALID_OPTION')
    expect(message).toContain('option "models')
  })
})

describe('the option "aliases"', () => {
  test('adds one, for a single model or for several in the order given', () => {
    const aliases = {
      brand: 'gemini-3-pro-image',
      house: ['gemini-2.5-flash-image', 'gemini-nano-banana-2.1'],
    }
    expect(ids('brand', { aliases })).toEqual(['gemini-3-pro-image'])
    expect(ids('house', { aliases })).toEqual(['gemini-2.5-flash-image', 'gemini-nano-banana-2.1'])
    expect(ids('house')).toEqual([])
  })

  test('points a built-in one elsewhere, and leaves the others', () => {
    const aliases = { 'nano-banana': 'gemini-3-pro-image' }
    expect(ids('nano-banana', { aliases })).toEqual(['gemini-3-pro-image'])
    expect(ids('nano-banana-2', { aliases })).toEqual(ids('nano-banana-2'))
    expect(validated('alt: A', { aliases }).models[0].id).toBe('gemini-3-pro-image')
  })

  test('may name a model that the configuration adds', () => {
    const options: Options = {
      models: { fox: { like: 'gemini-3-pro-image' } },
      aliases: { animal: ['fox', 'gemini-3-pro-image'] },
      model: 'animal',
    }
    expect(ids('animal', options)).toEqual(['fox', 'gemini-3-pro-image'])
    expect(validated('alt: A', options).models[0].id).toBe('fox')
  })

  test('is validated by the first of its models that there is', () => {
    const options: Options = { aliases: { animal: ['not-yet', 'gemini-2.5-flash-image'] } }
    expect(ids('animal', options)).toEqual(['gemini-2.5-flash-image'])
    expect(() => validated('model: animal\nsize: 2K', options)).toThrow(
      'gemini-2.5-flash-image does not offer',
    )
  })

  test('that stands for nothing known is no model', () => {
    expect(refusal({ aliases: { animal: 'nobody' }, model: 'animal' }).code).toBe('INVALID_OPTION')
    expect(() => validated('model: animal', { aliases: { animal: 'nobody' } })).toThrow(
      'UNKNOWN_MODEL',
    )
  })

  test.for([[{ a: [] }], [{ a: 3 }], [{ a: [3] }], ['a']] as const)(
    '%j is refused',
    ([aliases]) => {
      expect(refusal({ aliases }).message).toMatch(/INVALID_OPTION[\s\S]*option "aliases/)
    },
  )
})

describe('the names', () => {
  test('of aliases give their rows in order, those of models themselves, others nothing', () => {
    for (const { alias, candidates } of ALIASES) expect(ids(alias)).toEqual(candidates)
    for (const { id } of MODELS) expect(ids(id)).toEqual([id])
    for (const name of ['', 'nobody', 'constructor', '__proto__']) expect(ids(name)).toEqual([])
  })

  test('are listed with aliases first, each once', () => {
    const names = modelNames(DEFAULT_PROVIDER.catalogue)
    expect(new Set(names).size).toBe(names.length)
    expect(names.slice(0, ALIASES.length)).toEqual(ALIASES.map(({ alias }) => alias))
  })

  test('an alias with one usable candidate drops the rest without a word', () => {
    expect(ids('nano-banana-pro')).toEqual(['gemini-3-pro-image', 'gemini-3-pro-image-preview'])
    const { models } = validated('model: nano-banana-pro\nsize: 4K', {})
    expect(models.map(({ id }) => id)).toEqual(ids('nano-banana-pro'))
  })
})
