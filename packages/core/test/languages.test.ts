import { describe, expect, test } from 'vitest'
import { byLanguage, withSiteLanguages, type SiteLanguages } from '../src/declare/languages.ts'
import { parsePromptFile } from '../src/declare/prompt-file.ts'
import { splitSelection } from '../src/declare/selection.ts'
import { select, selectionsOf } from '../src/declare/sets.ts'
import { validate } from '../src/declare/spec.ts'
import { isGeminiImageError } from '../src/kernel/errors/error.ts'
import { inLanguage, matchLanguage } from '../src/kernel/language.ts'
import {
  readAstro,
  readNext,
  readNextIntl,
  readParaglide,
  readVitePress,
} from '../src/options/language-lists.ts'
import { toDeclared } from '../src/plan/declared.ts'

const FILE = '/site/poster.prompt.md'
const SITE: SiteLanguages = {
  list: ['de', 'en', 'fr', 'pt-BR'],
  default: 'de',
  fallback: { fr: 'en' },
  file: '/site/astro.config.mjs',
}

describe('a language', () => {
  test.each([
    ['de-AT', ['en', 'de'], 'de'],
    ['de', ['en', 'de-CH', 'de-AT'], 'de-CH'],
    ['de-AT', ['de-CH', 'de'], 'de'],
    ['pt_br', ['pt', 'pt-BR'], 'pt-BR'],
    ['DE', ['de'], 'de'],
    ['zh-TW', ['zh', 'zh-Hant'], 'zh-Hant'],
    ['zh-TW', ['zh-Hans'], undefined],
    ['sr-Latn', ['sr'], undefined],
    ['ca-valencia', ['ca'], 'ca'],
    ['fr', ['en'], undefined],
    ['English', ['English', 'en'], 'English'],
    ['not a tag', ['en'], undefined],
    ['', ['en'], undefined],
  ])('%s of %s is %s', (wanted, available, found) => {
    expect(matchLanguage(wanted, available)).toBe(found)
  })

  test('that is not there gives the first', () => {
    expect(inLanguage({ en: 1, de: 2 }, 'de-AT')).toBe(2)
    expect(inLanguage({ en: 1, de: 2 }, 'fr')).toBe(1)
    expect(inLanguage({ en: 1, de: 2 }, undefined)).toBe(1)
    expect(() => inLanguage({}, 'en')).toThrow(RangeError)
  })
})

describe('the languages of a site are read from its configuration, which is not run', () => {
  test.each([
    [
      'Astro',
      readAstro(`
        // i18n: { locales: ['xx'] }
        export default defineConfig({ integrations: [starlight({ locales: { nl: {} } })], i18n: {
          locales: ['es', "en", { path: 'brasil', codes: ['pt-BR', 'pt'] }],
          defaultLocale: 'brasil', domains: { es: process.env.ES },
          fallback: { brasil: 'es' },
        } })`),
      { list: ['es', 'en', 'pt-BR'], default: 'pt-BR', fallback: { 'pt-BR': 'es' } },
    ],
    [
      'Starlight',
      readAstro(
        `export default defineConfig({ integrations: [starlight({ title, locales: { root: { label: 'E', lang: 'en' }, de: { label: 'D' }, 'zh-cn': { lang: 'zh-CN' } } })] })`,
      ),
      { list: ['en', 'de', 'zh-CN'], default: 'en' },
    ],
    [
      'Next.js',
      readNext(
        `const config: NextConfig = { i18n: { locales: ['en', 'nl'] as string[], defaultLocale: 'nl' } }`,
      ),
      { list: ['en', 'nl'], default: 'nl' },
    ],
    [
      'next-intl',
      readNextIntl(
        `export const routing = defineRouting({ locales: ['en', 'de'] as const, defaultLocale: 'de', pathnames: { '/': f() } })`,
      ),
      { list: ['en', 'de'], default: 'de' },
    ],
    [
      'VitePress',
      readVitePress(
        `export default { locales: { root: { label: 'English', lang: 'en', themeConfig: { nav: nav() } }, fr: { label: 'F' } } }`,
      ),
      { list: ['en', 'fr'], default: 'en' },
    ],
    [
      'Paraglide',
      readParaglide('{ "baseLocale": "de", "locales": ["en", "de"] }'),
      { list: ['en', 'de'], default: 'de' },
    ],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected)
  })

  test.each([
    readAstro(`import { locales } from './locales'; export default { i18n: { locales } }`),
    readAstro(`export default { i18n: { locales: all(), defaultLocale: 'en' } }`),
    readAstro(`const text = "i18n: { locales: ['en'] }"`),
    readNext(`export default { i18n: { locales: [] } }`),
    readParaglide('{'),
    readVitePress('export default {}'),
  ])('nothing is read where nothing is a constant', (found) => {
    expect(found).toBeUndefined()
  })
})

function parse(text: string, site?: SiteLanguages): ReturnType<typeof parsePromptFile> {
  return withSiteLanguages(parsePromptFile(text, FILE, '/site'), () => site)
}

/** A declaration by its query. */
function declared(text: string, query = '', site?: SiteLanguages): ReturnType<typeof toDeclared> {
  const { selection } = splitSelection(query)
  const declaration = select(parse(text, site), selection)
  const context = { model: 'nano-banana', root: '/site', siteLanguages: () => site }
  const { id, file, name, place } = declaration
  return toDeclared({ id, file, name, place, ...validate(declaration, context) }, [])
}

const SET = `---
each: { language: [en, de] }
alt: { en: 'A poster, {{language}}', de: Ein Plakat, fr: Une affiche }
---
A poster in {{language}}
`
const TEXTS = `---
alt: { en: Boats, de: Boote }
---
A harbour
`

describe('alternative text by language', () => {
  test('is that of the picture in its set, and of the site alone', () => {
    expect(declared(SET, '?each=en').spec.alt).toBe('A poster, en')
    expect(declared(SET, '?each=de').spec.alt).toBe('Ein Plakat')
    expect(declared(TEXTS).spec.alt).toBe('Boats')
    expect(declared(TEXTS, '', SITE).spec.alt).toBe('Boote')
    expect(declared(TEXTS, '', SITE).sources).toEqual(['/site/astro.config.mjs'])
    const lacking = SET.replace('de: Ein Plakat, ', '')
    expect(declared(lacking, '?each=de').spec.alt).toBeUndefined()
  })

  test('is no part of the fingerprint', () => {
    const plain = declared('---\nalt: Boats\n---\nA harbour\n')
    expect(declared(TEXTS).fingerprint).toBe(plain.fingerprint)
    const set = SET.replace(/alt: .*/, 'alt: A poster')
    expect(declared(SET, '?each=de').fingerprint).toBe(declared(set, '?each=de').fingerprint)
  })

  test.each([
    ['---\nalt: {}\n---\nA', '', 'INVALID_VALUE 2:6'],
    ['---\nalt: { en: 1 }\n---\nA', '', 'INVALID_VALUE 2:'],
    ['---\nalt: { " ": A }\n---\nA', '', 'INVALID_VALUE 2:'],
    ['---\neach: { language: site }\n---\nA {{language}}', '?each=de', 'INVALID_VALUE 2:19'],
  ])('%s is wrong', (text, query, at) => {
    let told = 'nothing'
    try {
      declared(text, query)
    } catch (error) {
      if (!isGeminiImageError(error)) throw error
      told = `${error.code} ${error.place?.line}:${error.place?.column}`
    }
    expect(told).toContain(at)
  })
})

describe('words by language', () => {
  const HELLO = `---
each: { language: [en, de-AT] }
vars: { hello: { en: Hello, de: Hallo }, year: 2027 }
alt: '{{hello}}, {{year}}'
---
A poster that says "{{hello}}"
`

  test('are those of the picture, and name its language', () => {
    expect(declared(HELLO, '?each=en').spec).toMatchObject({
      prompt: 'A poster that says "Hello"',
      alt: 'Hello, 2027',
    })
    expect(declared(HELLO, '?each=de-AT').spec).toMatchObject({
      prompt: 'A poster that says "Hallo"',
      alt: 'Hallo, 2027',
    })
  })

  test.each([
    [
      HELLO.replace(', de: Hallo', ''),
      '?each=de-AT',
      'INVALID_VALUE at poster.prompt.md:3:16',
      'no text in de-AT',
    ],
    [
      HELLO.replace(/each.*\n/, ''),
      '',
      'INVALID_VALUE at poster.prompt.md:2:16',
      'the picture is of none',
    ],
    [HELLO.replaceAll('{{hello}}', '{{year}}'), '?each=en', 'INVALID_VALUE', '{{language}}'],
  ])('%s is wrong', (text, query, at, what) => {
    const wrong = (): unknown => declared(text, query)
    expect(wrong).toThrow(at)
    expect(wrong).toThrow(what)
  })
})

describe('by=language', () => {
  const membersOf = (text: string, site?: SiteLanguages, query = '?by=language'): unknown => {
    const declaration = parse(text, site)
    const typed = declaration.settings.get('alt')?.value
    const alts = typeof typed === 'object' ? (typed as Record<string, string>) : undefined
    const { members, fallbacks } = byLanguage(
      declaration,
      splitSelection(query).selection,
      alts,
      site,
    )
    const shown = members.map(({ language, id, alt }) => {
      const picture = id.slice(FILE.length) || 'the picture'
      return `${language}: ${picture}${alt === undefined ? '' : `, ${alt}`}`
    })
    return [...shown, ...fallbacks.map(({ language, shown: by }) => `${language} < ${by}`)]
  }

  test('is a picture for each language of the set, the default one first', () => {
    expect(membersOf(SET)).toEqual(['en: ?each=en', 'de: ?each=de', 'fr: ?each=en, Une affiche'])
    expect(membersOf(SET, SITE)).toEqual([
      'de: ?each=de',
      'en: ?each=en',
      'fr: ?each=de, Une affiche',
      'pt-BR: ?each=de',
      'pt-BR < de',
      'fr < de',
    ])
  })

  test('follows the fallback of the site', () => {
    const set = SET.replace(/alt: .*/, 'alt: A poster')
    expect(membersOf(set, SITE)).toEqual([
      'de: ?each=de',
      'en: ?each=en',
      'fr: ?each=en',
      'pt-BR: ?each=de',
      'fr < en',
      'pt-BR < de',
    ])
    const loop = { ...SITE, fallback: { fr: 'pt-BR', 'pt-BR': 'fr' } }
    expect(membersOf(set, loop)).toContain('fr < de')
  })

  test('is one picture with a text for each language', () => {
    expect(membersOf(TEXTS)).toEqual(['en: the picture, Boats', 'de: the picture, Boote'])
    expect(membersOf(TEXTS, SITE)).toEqual([
      'de: the picture, Boote',
      'en: the picture, Boats',
      'fr: the picture, Boats',
      'pt-BR: the picture, Boote',
      'fr < en',
      'pt-BR < de',
    ])
  })

  test('goes with a scene, a turn and other lists', () => {
    const text =
      '---\neach: { language: [en, de], view: [front, back] }\nturns: [Again]\n---\n{{language}} {{view}}'
    expect(membersOf(text, undefined, '?each=back&turn=0&by=language')).toEqual([
      'en: ?each=back;en&turn=0',
      'de: ?each=back;de&turn=0',
    ])
  })

  test('of the site has the languages of the site', () => {
    const text = '---\neach: { language: site }\n---\nA {{language}}'
    expect(selectionsOf(parse(text, SITE))).toEqual(SITE.list.map((one) => `?each=${one}`))
    expect(declared(text, '?each=fr', SITE)).toMatchObject({ spec: { language: 'fr' } })
  })

  test('is wrong of one picture with one text', () => {
    expect(() => membersOf('---\nalt: Boats\n---\nA harbour')).toThrow(/NOT_IN_SET/)
  })

  test('is what says so, and nothing else', () => {
    expect(splitSelection('?by=language&w=4')).toEqual({ selection: '?by=language', query: '?w=4' })
    expect(splitSelection('?by=hand')).toEqual({ selection: '', query: '?by=hand' })
  })
})
