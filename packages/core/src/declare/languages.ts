import { matchLanguage } from '../kernel/language.ts'
import { GeminiImageError } from '../kernel/errors/error.ts'
import { settingPlace, type Declaration, type DeclarationId, type Setting } from './declaration.ts'
import { LANGUAGE, parseSelection, toSelection } from './selection.ts'
import { OF_SITE, readEach, type OwnSettings, type Settings } from './settings.ts'

/** The languages of a site, as its configuration has them. */
export interface SiteLanguages {
  /** Never empty. */
  readonly list: readonly string[]
  /** The one that readers of all others get. */
  readonly default: string
  /** Language → the one whose pages stand in for those that it lacks. */
  readonly fallback: Readonly<Record<string, string>>
  /** Absolute path of the file that says so; `undefined` where options do. */
  readonly file: string | undefined
}

/** What a page of one language shows. */
export interface Member {
  readonly language: string
  /** The declaration of its picture. */
  readonly id: DeclarationId
  /** Its alternative text, where it is not that of the picture. */
  readonly alt?: string | undefined
}

/** A language of the site that has to do with the picture, or the text, of another one. */
interface Fallback {
  readonly language: string
  readonly shown: string
}

/** The pictures of a declaration by language. */
export interface ByLanguage {
  /** The first is for all other languages. Never empty. */
  readonly members: readonly Member[]
  readonly fallbacks: readonly Fallback[]
}

/**
 * A declaration with the languages of the site in the place of `site`.
 * @param languages Asked for only where that is written.
 * @throws {GeminiImageError} `INVALID_VALUE` where nobody knows them.
 */
export function withSiteLanguages(
  declaration: Declaration,
  languages: () => SiteLanguages | undefined,
): Declaration {
  const each = declaration.settings.get('each')
  const lists = Object.entries(Object(each?.value) as Record<string, unknown>)
  if (!each || !lists.some(([, list]) => list === OF_SITE)) return declaration
  const site = languages()
  const value = lists.map(([key, list]) => {
    if (list !== OF_SITE) return [key, list] as const
    if (!site) throw unknownLanguages(declaration, key)
    return [key, site.list] as const
  })
  const at = (path: readonly PropertyKey[] = []): readonly PropertyKey[] =>
    lists.some(([key, list]) => key === path[0] && list === OF_SITE) ? path.slice(0, 1) : path
  const setting: Setting = {
    value: Object.fromEntries(value),
    keyPlace: (path) => each.keyPlace(at(path)),
    valuePlace: (path) => each.valuePlace(at(path)),
  }
  const settings = new Map([...declaration.settings, ['each', setting] as const])
  return { ...declaration, settings, ...(site?.file !== undefined && { sources: [site.file] }) }
}

/**
 * The alternative text of one picture.
 * @param language That of the picture, where it has one.
 * @returns `undefined` where there is none in its language.
 */
export function altOf(
  alt: Settings['alt'],
  language: string | undefined,
  site: () => SiteLanguages | undefined = () => undefined,
): string | undefined {
  if (typeof alt !== 'object') return alt
  const names = Object.keys(alt)
  const name = language === undefined ? firstOf(names, site()) : matchLanguage(language, names)
  return name === undefined ? undefined : alt[name]
}

/**
 * The settings of one picture, in which the variables that have a text for each language have that of its own.
 * @param language That of the picture, where it has one.
 * @throws {GeminiImageError} `INVALID_VALUE` for a variable that has no text in it.
 */
export function inOwnLanguage(
  declaration: Declaration,
  settings: Settings,
  language: string | undefined,
): OwnSettings {
  if (isOwn(settings)) return settings
  const own = Object.entries(settings.vars ?? {}).map(([name, text]) => {
    if (typeof text === 'string') return [name, text] as const
    const found = language === undefined ? undefined : matchLanguage(language, Object.keys(text))
    if (found === undefined) throw noText(declaration, name, language)
    return [name, text[found] ?? ''] as const
  })
  return { ...settings, vars: Object.fromEntries(own) }
}

function isOwn(settings: Settings): settings is OwnSettings {
  return Object.values(settings.vars ?? {}).every((text) => typeof text === 'string')
}

/** Whether a variable has a text for each language. */
export function hasTexts({ settings }: Declaration, name: string): boolean {
  const vars = Object(settings.get('vars')?.value) as Record<string, unknown>
  return Object.hasOwn(vars, name) && typeof vars[name] === 'object'
}

/** The one of these that readers of all other languages get. */
function firstOf(names: readonly string[], site: SiteLanguages | undefined): string | undefined {
  return (site && matchLanguage(site.default, names)) ?? names[0]
}

/** The values of `language` in a set. */
function languagesOf(declaration: Declaration): readonly string[] {
  return readEach(declaration)?.[LANGUAGE] ?? []
}

/** The selection of the picture for readers of all other languages. */
export function mainSelection(
  declaration: Declaration,
  selection: string,
  site: SiteLanguages | undefined,
): string {
  const main = firstOf(languagesOf(declaration), site)
  return selectionIn(selection, main)
}

function selectionIn(selection: string, language: string | undefined): string {
  const { each, scene, turn } = parseSelection(selection)
  return toSelection({ each: language === undefined ? each : [...each, language], scene, turn })
}

/**
 * What pages show of a declaration, by language: a picture of its own where it is one of the set, and an alternative text
 * of its own where that is declared. Languages of the site that have neither get those of another.
 * @param alts The alternative texts, by language.
 * @throws {GeminiImageError} `NOT_IN_SET` where it knows one language only.
 */
export function byLanguage(
  declaration: Declaration,
  selection: string,
  alts: Readonly<Record<string, string>> = {},
  site: SiteLanguages | undefined,
): ByLanguage {
  const drawn = languagesOf(declaration)
  const texts = Object.keys(alts)
  if (drawn.length === 0 && texts.length === 0) throw oneLanguage(declaration)
  const main = firstOf(drawn.length > 0 ? drawn : texts, site)
  const members = new Map<string, Member>()
  const add = (language: string, picture: string | undefined, alt: string | undefined): void => {
    const id = declaration.id + selectionIn(selection, picture)
    members.set(language, { language, id, ...(alt !== undefined && { alt }) })
  }
  // The first is for readers of all other languages.
  for (const one of drawn.toSorted((one, other) => rank(one, main) - rank(other, main)))
    add(one, one, undefined)
  for (const one of texts.toSorted((one, other) => rank(one, main) - rank(other, main))) {
    if (members.has(one)) continue
    add(one, drawn.length > 0 ? (matchLanguage(one, drawn) ?? main) : undefined, alts[one])
  }
  const without = lacking(members, site)
  return {
    members: [
      ...members.values(),
      ...without.map((one) => ({ ...one.member, language: one.language })),
    ],
    fallbacks: [
      ...without.map(({ language, shown }) => ({ language, shown })),
      ...(drawn.length > 0 ? textsAlone(drawn, without, site) : []),
    ],
  }
}

function rank(one: string, main: string | undefined): number {
  return one === main ? 0 : 1
}

/** Languages of the site that have no member, each with the one that is shown. */
function lacking(
  members: ReadonlyMap<string, Member>,
  site: SiteLanguages | undefined,
): readonly (Fallback & { readonly member: Member })[] {
  const names = [...members.keys()]
  const find = (language: string, seen: ReadonlySet<string>): string | undefined => {
    const found = matchLanguage(language, names)
    const next = site?.fallback[language]
    if (found !== undefined || next === undefined || seen.has(next)) return found
    return find(next, new Set([...seen, next]))
  }
  return (site?.list ?? []).flatMap((language) => {
    if (matchLanguage(language, names) !== undefined) return []
    const shown = find(language, new Set([language])) ?? names[0]
    const member = shown === undefined ? undefined : members.get(shown)
    return shown !== undefined && member ? { language, shown, member } : []
  })
}

/** Languages of the site that have a text of their own, and no picture. */
function textsAlone(
  drawn: readonly string[],
  without: readonly Fallback[],
  site: SiteLanguages | undefined,
): readonly Fallback[] {
  const shown = firstOf(drawn, site) ?? ''
  return (site?.list ?? []).flatMap((language) => {
    const isKnown = without.some((one) => one.language === language)
    return isKnown || matchLanguage(language, drawn) !== undefined ? [] : { language, shown }
  })
}

function oneLanguage(declaration: Declaration): GeminiImageError {
  return new GeminiImageError({
    code: 'NOT_IN_SET',
    what: `${declaration.place.path} declares no picture by language.`,
    fix: 'leave "by=language" out; or list languages, for pictures ("each: { language: [en, de] }") or for texts alone ("alt: { en: …, de: … }").',
    place: settingPlace(declaration, 'each'),
  })
}

function noText(
  declaration: Declaration,
  name: string,
  language: string | undefined,
): GeminiImageError {
  const isSet = language !== undefined
  return new GeminiImageError({
    code: 'INVALID_VALUE',
    what: isSet
      ? `{{${name}}} has no text in ${language}.`
      : `{{${name}}} has a text for each language, and the picture is of none.`,
    fix: isSet
      ? `write "${language}: …" under "${name}".`
      : 'list the languages of the pictures: "each: { language: [en, de] }".',
    place: settingPlace(declaration, 'vars', [name]),
  })
}

function unknownLanguages(declaration: Declaration, key: string): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_VALUE',
    what: `"each.${key}" is ${OF_SITE}, and nothing says which languages the site has.`,
    why: 'Neither the option "languages" does, nor, as constants, the configuration of Astro, Next.js, next-intl, VitePress or Paraglide.',
    fix: "write languages: ['en', 'de'] into gemini-image.config.ts, or list them here.",
    place: settingPlace(declaration, 'each', [key]),
  })
}
